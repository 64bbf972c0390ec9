"""The examination as JSON, as ``schemas/report.schema.json`` describes it."""

import json
import math
from collections.abc import Sequence
from typing import Any

from contract_tests.examination import Counterexample, Examination, Moment, Ruling, Story
from contract_tests.finding import Finding, Words
from contract_tests.report.plain import json_text


def render(examinations: Sequence[Examination]) -> str:
    """One document; of several examinations, a list of them."""
    values = [document(one) for one in examinations]
    whole = values[0] if len(values) == 1 else values
    return json_text(whole, indent=1) + "\n"


def document(examination: Examination) -> dict[str, Any]:
    """The examination as a JSON value; each finding stands in it once, stories name its number."""
    findings: dict[str, int] = {}
    stories = [_story(one, findings) for one in examination.stories]
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
        "stories": stories,
        "findings": [json.loads(text) for text in findings],
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
        "rule": finding.rule,
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
    """The sentence, and what it is made of, where JSON has a word for that."""
    value: dict[str, Any] = {"text": str(words)}
    if words.facts and all(map(_is_plain, words.facts.values())):
        value |= {"template": words.template, "facts": dict(words.facts)}
    return value


def _is_plain(fact: object) -> bool:
    if isinstance(fact, float):
        return math.isfinite(fact)
    return fact is None or isinstance(fact, str | int)


def _counterexample(example: Counterexample) -> dict[str, Any]:
    return {
        "story": example.story,
        "faults": example.faults,
        "files": dict(example.files),
        "replay": example.replay,
    }


def _story(story: Story, findings: dict[str, int]) -> dict[str, Any]:
    found = {
        rule: findings.setdefault(json.dumps(_finding(one)), len(findings))
        for rule, one in story.found.items()
    }
    value: dict[str, Any] = {
        "name": story.name,
        "title": story.title,
        "why": story.why,
        "text": story.text,
        "replay": story.replay,
        "timing": story.timing,
        "moments": [_moment(one) for one in story.moments],
        "found": found,
        "output": story.output,
    }
    return value if story.har is None else {**value, "har": story.har}


def _moment(moment: Moment) -> dict[str, Any]:
    """The moment, without what is not to be said of it."""
    told = {
        "answered": moment.answered,
        "number": moment.number,
        "lasted": moment.lasted if math.isfinite(moment.lasted) else None,
        "fault": moment.fault,
        "task": moment.task,
        "phase": moment.phase,
    }
    kept = {name: one for name, one in told.items() if one not in (None, "", 0.0)}
    if moment.number is not None:
        kept["number"] = moment.number
    return {"seconds": moment.seconds, "kind": moment.kind, "what": moment.what, **kept}
