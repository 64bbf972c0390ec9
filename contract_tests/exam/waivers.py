"""Waivers: violations that somebody decided to put up with, for a while and for a reason."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from contract_tests.examination import Ruling
from contract_tests.finding import Verdict
from mock_server.loading.data_error import DataError, Fault, nearest
from mock_server.loading.scenarios import rule_ids
from mock_server.loading.yaml_document import Document
from mock_server.loading.yaml_reading import read_yaml

_FIELDS = ("rule", "story", "why", "until")
_BROKEN = (Verdict.FAILED, Verdict.ADVICE)


@dataclass(frozen=True, slots=True)
class Waiver:
    """One rule in one story (``*``: in all) that may be broken; ``until`` is its last day."""

    rule: str
    story: str
    why: str
    until: date


def read_waivers(file: Path) -> tuple[Waiver, ...]:
    """The waivers in a YAML file: a list of objects with rule, story, why and until (a date).

    Raises :class:`DataError` with the line of whatever is wrong, OSError for a file that cannot be
    read.
    """
    document = read_yaml(file.read_text("utf-8"), file)
    wrong: list[Fault] = []
    rows = document.value if isinstance(document.value, list) else None
    if rows is None:
        wrong.append(Fault("$", "a list of waivers", "something else"))
    found = [_waiver(index, row, wrong) for index, row in enumerate(rows or ())]
    if wrong:
        raise DataError(file, [_placed(one, document) for one in wrong])
    return tuple(one for one in found if one is not None)


def _placed(fault: Fault, document: Document) -> Fault:
    return replace(fault, line=document.line_of(fault.path))


def _waiver(index: int, row: object, wrong: list[Fault]) -> Waiver | None:
    place = f"$[{index}]"
    if not isinstance(row, dict):
        wrong.append(Fault(place, "an object with rule, story, why and until", repr(row)))
        return None
    before = len(wrong)
    for name in row:
        if name not in _FIELDS:
            expected = f"one of {', '.join(_FIELDS)}"
            wrong.append(
                Fault(f"{place}.{name}", expected, repr(name), nearest(str(name), _FIELDS))
            )
    for name in _FIELDS:
        if not isinstance(row.get(name), str) or not row[name].strip():
            wrong.append(Fault(f"{place}.{name}", "a text", repr(row.get(name))))
    if len(wrong) > before:
        return None
    known = rule_ids()
    if row["rule"] not in known:
        like = nearest(row["rule"], known)
        wrong.append(Fault(f"{place}.rule", "the id of a rule", repr(row["rule"]), like))
    try:
        until = date.fromisoformat(row["until"])
    except ValueError:
        wrong.append(Fault(f"{place}.until", "a date such as 2027-01-31", repr(row["until"])))
        return None
    return Waiver(row["rule"], row["story"], row["why"], until)


def apply(
    waivers: Sequence[Waiver], rulings: Iterable[Ruling], today: date
) -> tuple[tuple[Ruling, ...], tuple[str, ...]]:
    """The rulings with what is waived, and why waivers are stale: each such one fails the exam.

    A rule is waived only where every story that breaks it is. A waiver is stale when its day is
    past, and when the rule was judged but not broken where it says so.
    """
    rulings = tuple(rulings)
    valid = [one for one in waivers if one.until >= today]
    stale = [
        f"the waiver of {one.rule} in {one.story} ended on {one.until}"
        for one in waivers
        if one.until < today
    ]
    by_rule = {one.statement.id: one for one in rulings}
    for one in valid:
        ruling = by_rule[one.rule]
        if not _is_broken_in(ruling, one.story) and _was_judged(ruling, one.story):
            stale.append(f"the waiver of {one.rule} in {one.story} is not needed: it is not broken")
    return tuple(_waived(one, valid) for one in rulings), tuple(stale)


def _is_broken_in(ruling: Ruling, story: str) -> bool:
    return bool(ruling.broken_in) if story == "*" else story in ruling.broken_in


def _was_judged(ruling: Ruling, story: str) -> bool:
    return bool(ruling.kept_in) if story == "*" else story in ruling.kept_in


def _waived(ruling: Ruling, waivers: Sequence[Waiver]) -> Ruling:
    mine = [one for one in waivers if one.rule == ruling.statement.id]
    stories = {one.story for one in mine}
    is_covered = "*" in stories or set(ruling.broken_in) <= stories
    if not mine or not ruling.broken_in or not is_covered or ruling.verdict not in _BROKEN:
        return ruling
    return replace(ruling, waived="; ".join(dict.fromkeys(one.why for one in mine)))
