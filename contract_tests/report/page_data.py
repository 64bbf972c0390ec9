"""What the HTML page is made of: the examinations as compact JSON, with every text made visible."""

from collections.abc import Sequence
from typing import Any

from contract_tests.examination import Examination, Moment, Ruling, Story
from contract_tests.finding import Finding, Verdict
from contract_tests.report.plain import visible
from contract_tests.report.words import counted, expected, facts, ruling_word, verdict_word

# One letter for each verdict in the matrix; a point where a story was not judged by a rule.
LETTERS = {
    Verdict.FAILED: "F",
    Verdict.ADVICE: "A",
    Verdict.INCONCLUSIVE: "I",
    Verdict.NOT_EXERCISED: "N",
    Verdict.PASSED: "P",
    Verdict.NOT_APPLICABLE: "X",
}
_NONE, _NO_FINDING = ".", -1


def page_data(examinations: Sequence[Examination]) -> Any:
    """A JSON value; see ``page/data.js`` for how it is read."""
    return _visible([_examination(one) for one in examinations])


def _visible(value: Any) -> Any:
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, dict):
        return {visible(name): _visible(one) for name, one in value.items()}
    return [_visible(one) for one in value] if isinstance(value, list) else value


def _examination(examination: Examination) -> dict[str, Any]:
    findings: dict[tuple[Any, ...], int] = {}
    stories = [_story(one, examination, findings) for one in examination.stories]
    kind = examination.kind
    return {
        "subject": examination.subject,
        "kind": kind,
        "overall": examination.overall.value,
        "facts": facts(examination),
        "began": examination.began,
        "version": examination.version,
        "notes": list(examination.notes),
        "stale": list(examination.stale),
        "counts": counted(examination),
        "words": {letter: verdict_word(verdict, kind) for verdict, letter in LETTERS.items()},
        "rulings": [_ruling(one, kind) for one in examination.rulings],
        "stories": stories,
        "findings": [list(one) for one in findings],
    }


def _ruling(ruling: Ruling, kind: str) -> dict[str, Any]:
    statement, example, finding = ruling.statement, ruling.counterexample, ruling.finding
    value: dict[str, Any] = {
        "id": statement.id,
        "number": statement.number,
        "title": statement.title,
        "grade": statement.grade,
        "group": statement.group,
        "why": statement.why,
        "source": statement.source,
        "mend": list(statement.mend),
        "word": ruling_word(ruling, kind),
        "letter": "W" if ruling.waived is not None else LETTERS[ruling.verdict],
        "broken": list(ruling.broken_in),
        "kept": len(ruling.kept_in),
        "deciding": ruling.deciding,
        "waived": ruling.waived,
    }
    if finding is not None:
        value["seen"] = str(finding.seen)
        value["expected"] = expected(ruling, finding)
    if example is not None:
        value["example"] = {"replay": example.replay, "files": dict(example.files)}
    return value


def _story(
    story: Story, examination: Examination, findings: dict[tuple[Any, ...], int]
) -> dict[str, Any]:
    found = [story.found.get(one.statement.id) for one in examination.rulings]
    return {
        "name": story.name,
        "title": story.title,
        "why": story.why,
        "text": story.text,
        "replay": story.replay,
        "timing": story.timing,
        "output": story.output,
        "moments": [_moment(one) for one in story.moments],
        "cells": "".join(_NONE if one is None else LETTERS[one.verdict] for one in found),
        "found": [
            _NO_FINDING if one is None else findings.setdefault(_finding(one), len(findings))
            for one in found
        ],
    }


def _finding(finding: Finding) -> tuple[Any, ...]:
    return str(finding.seen), str(finding.expected), finding.evidence


def _moment(moment: Moment) -> list[Any]:
    """The moment without names, and without the nothings at its end."""
    told = [
        round(moment.seconds, 3),
        moment.kind,
        moment.what,
        moment.answered,
        moment.number,
        round(moment.lasted, 3),
        moment.fault,
        moment.task,
        moment.phase,
    ]
    while told[-1] in (None, "", 0):
        told.pop()
    return told
