"""Reading JSON reports back, so that several can be shown side by side."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from contract_tests.examination import (
    Counterexample,
    Examination,
    Moment,
    Ruling,
    Statement,
    Story,
)
from contract_tests.finding import Finding, Near, Place, Verdict, Words


class UnreadableReportError(ValueError):
    """A text that is no JSON report; the message says what was expected and seen."""


def read_report(text: str) -> Examination:
    """The one examination in a JSON report; raises :class:`UnreadableReportError`."""
    found = read_reports(text)
    if len(found) != 1:
        raise UnreadableReportError(f"expected one examination, seen {len(found)}")
    return found[0]


def read_reports(text: str) -> tuple[Examination, ...]:
    """All examinations in a JSON report; raises :class:`UnreadableReportError`."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableReportError(f"expected a JSON report, seen: {error}") from None
    try:
        return tuple(map(_examination, value if isinstance(value, list) else [value]))
    except KeyError as error:
        raise UnreadableReportError(f"{_EXPECTED}; it has no {error.args[0]!r}") from None
    except (AttributeError, IndexError, TypeError, ValueError) as error:
        raise UnreadableReportError(f"{_EXPECTED}; seen: {error}") from None


_EXPECTED = "expected a report that `safelight check-client --report json=FILE` wrote"


def _examination(value: Mapping[str, Any]) -> Examination:
    findings = [_finding(one) for one in value["findings"]]
    return Examination(
        subject=value["subject"],
        kind=value["kind"],
        profile=value["profile"],
        began=value["began"],
        lasted=value["lasted"],
        seed=value["seed"],
        rulings=tuple(map(_ruling, value["rulings"])),
        stories=tuple(_story(one, findings) for one in value["stories"]),
        notes=tuple(value["notes"]),
        version=value["version"],
        stale=tuple(value["stale"]),
    )


def _ruling(value: Mapping[str, Any]) -> Ruling:
    statement = _statement(value)
    example = value.get("counterexample")
    return Ruling(
        statement=statement,
        verdict=Verdict(value["verdict"]),
        finding=_finding(value["finding"]) if "finding" in value else None,
        deciding=value.get("deciding"),
        broken_in=tuple(value["broken_in"]),
        kept_in=tuple(value["kept_in"]),
        counterexample=None if example is None else Counterexample(statement.id, **example),
        waived=value.get("waived"),
    )


def _statement(value: Mapping[str, Any]) -> Statement:
    return Statement(
        id=value["id"],
        number=value["number"],
        title=value["title"],
        grade=value["grade"],
        group=value["group"],
        why=value["why"],
        source=value["source"],
        mend=tuple(value["mend"]),
    )


def _finding(value: Mapping[str, Any]) -> Finding:
    near, place = value.get("near"), value.get("place")
    return Finding(
        rule=value["rule"],
        verdict=Verdict(value["verdict"]),
        expected=_words(value["expected"]),
        seen=_words(value["seen"]),
        place=None if place is None else Place(place.get("call"), place.get("path")),
        evidence=tuple(value["evidence"]),
        near=None if near is None else Near(near["call"], _words(near["words"])),
    )


def _words(value: Mapping[str, Any]) -> Words:
    if "template" in value:
        return Words(value["template"], value["facts"])
    return Words(value["text"].replace("{", "{{").replace("}", "}}"))


def _story(value: Mapping[str, Any], findings: Sequence[Finding]) -> Story:
    facts = {name: one for name, one in value.items() if name not in ("moments", "found")}
    found = {rule: findings[index] for rule, index in value["found"].items()}
    return Story(moments=tuple(Moment(**one) for one in value["moments"]), found=found, **facts)
