"""The examination as JSON, as ``schemas/report.schema.json`` describes it."""

import json
from collections.abc import Sequence
from typing import Any

from contract_tests.examination import Counterexample, Examination, Ruling, Story
from contract_tests.finding import Finding, Words


def render(examinations: Sequence[Examination]) -> str:
    """One document; of several examinations, a list of them."""
    values = [document(one) for one in examinations]
    whole = values[0] if len(values) == 1 else values
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def document(examination: Examination) -> dict[str, Any]:
    """The examination as a JSON value."""
    return {
        "subject": examination.subject,
        "kind": examination.kind,
        "profile": examination.profile,
        "overall": examination.overall.value,
        "exit_status": examination.overall.exit_status,
        "began": examination.began,
        "lasted": examination.lasted,
        "seed": examination.seed,
        "version": examination.version,
        "notes": list(examination.notes),
        "stale": list(examination.stale),
        "rulings": [_ruling(one) for one in examination.rulings],
        "stories": [_story(one) for one in examination.stories],
    }


def _ruling(ruling: Ruling) -> dict[str, Any]:
    statement = ruling.statement
    value: dict[str, Any] = {
        "id": statement.id,
        "number": statement.number,
        "title": statement.title,
        "grade": statement.grade,
        "group": statement.group,
        "why": statement.why,
        "source": statement.source,
        "mend": list(statement.mend),
        "verdict": ruling.verdict.value,
        "broken_in": list(ruling.broken_in),
        "kept_in": list(ruling.kept_in),
    }
    if ruling.finding is not None:
        value["finding"] = _finding(ruling.finding)
    if ruling.deciding is not None:
        value["deciding"] = ruling.deciding
    if ruling.counterexample is not None:
        value["counterexample"] = _counterexample(ruling.counterexample)
    if ruling.waived is not None:
        value["waived"] = ruling.waived
    return value


def _finding(finding: Finding) -> dict[str, Any]:
    place = finding.place
    value: dict[str, Any] = {
        "verdict": finding.verdict.value,
        "expected": _words(finding.expected),
        "seen": _words(finding.seen),
        "evidence": list(finding.evidence),
    }
    if place is not None:
        told = {"call": place.call, "path": place.path}
        value["place"] = {name: one for name, one in told.items() if one is not None}
    if finding.near is not None:
        value["near"] = {"call": finding.near.call, "words": _words(finding.near.words)}
    return value


def _words(words: Words) -> dict[str, Any]:
    """The sentence, and what it is made of."""
    facts = {name: _plain(fact) for name, fact in words.facts.items()}
    return {"text": str(words), "template": words.template, "facts": facts}


def _plain(fact: object) -> object:
    return fact if isinstance(fact, (str, int, float, bool, type(None))) else str(fact)


def _counterexample(example: Counterexample) -> dict[str, Any]:
    return {
        "story": example.story,
        "faults": example.faults,
        "files": dict(example.files),
        "replay": example.replay,
    }


def _story(story: Story) -> dict[str, Any]:
    value: dict[str, Any] = {
        "name": story.name,
        "title": story.title,
        "why": story.why,
        "text": story.text,
        "replay": story.replay,
        "timing": story.timing,
        "moments": [_moment(one) for one in story.moments],
        "found": {rule: _finding(finding) for rule, finding in story.found.items()},
        "output": story.output,
    }
    return value if story.har is None else {**value, "har": story.har}


def _moment(moment: Any) -> dict[str, Any]:
    names = ("what", "answered", "number", "lasted", "fault", "task", "phase")
    told = {name: getattr(moment, name) for name in names}
    kept = {name: one for name, one in told.items() if one not in (None, "", 0.0)}
    return {"seconds": moment.seconds, "kind": moment.kind, **kept}
