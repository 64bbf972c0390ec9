"""Reading a JSON report back, so that several can be shown side by side."""

import json
from collections.abc import Mapping
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
    """The examination in a JSON report; raises :class:`UnreadableReportError`."""
    try:
        return _examination(json.loads(text))
    except (ValueError, RecursionError) as error:
        raise UnreadableReportError(f"expected a JSON report, seen: {error}") from None
    except (KeyError, TypeError, AttributeError) as error:
        expected = "expected a report of safelight check-client or check-server"
        raise UnreadableReportError(f"{expected}; missing or odd: {error}") from None


def _examination(value: Mapping[str, Any]) -> Examination:
    return Examination(
        subject=value["subject"],
        kind=value["kind"],
        profile=value["profile"],
        began=value["began"],
        lasted=value["lasted"],
        seed=value["seed"],
        rulings=tuple(map(_ruling, value["rulings"])),
        stories=tuple(map(_story, value["stories"])),
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
        finding=_finding(statement.id, value["finding"]) if "finding" in value else None,
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


def _finding(rule: str, value: Mapping[str, Any]) -> Finding:
    near, place = value.get("near"), value.get("place")
    return Finding(
        rule=rule,
        verdict=Verdict(value["verdict"]),
        expected=_words(value["expected"]),
        seen=_words(value["seen"]),
        place=None if place is None else Place(place.get("call"), place.get("path")),
        evidence=tuple(value["evidence"]),
        near=None if near is None else Near(near["call"], _words(near["words"])),
    )


def _words(value: Mapping[str, Any]) -> Words:
    return Words(value["template"], value["facts"])


def _story(value: Mapping[str, Any]) -> Story:
    facts = {name: one for name, one in value.items() if name not in ("moments", "found")}
    found = {rule: _finding(rule, one) for rule, one in value["found"].items()}
    return Story(moments=tuple(Moment(**one) for one in value["moments"]), found=found, **facts)
