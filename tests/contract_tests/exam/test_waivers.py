"""Waivers: exact, dated, and failing when they are stale."""

from datetime import date
from pathlib import Path

import pytest

from contract_tests.exam.waivers import Waiver, apply, read_waivers
from contract_tests.examination import Ruling, Statement
from contract_tests.finding import Verdict
from mock_server.loading.data_error import DataError

TODAY = date(2026, 11, 25)
NEXT_YEAR = date(2027, 1, 31)


def waiver(rule: str = "submit-once", story: str = "a", until: date = NEXT_YEAR) -> Waiver:
    return Waiver(rule, story, "the vendor refunds", until)


def ruling(broken_in: tuple[str, ...] = ("a",), kept_in: tuple[str, ...] = ()) -> Ruling:
    statement = Statement("submit-once", "DUP-01", "once", "MUST", "Duplicates", "why", "source")
    verdict = Verdict.FAILED if broken_in else Verdict.PASSED
    return Ruling(statement, verdict, broken_in=broken_in, kept_in=kept_in)


def applied(given: Waiver, one: Ruling) -> tuple[str | None, tuple[str, ...]]:
    (found,), stale = apply([given], [one], TODAY)
    return found.waived, stale


def test_a_rule_is_waived_in_the_story_that_is_named() -> None:
    assert applied(waiver(), ruling()) == ("the vendor refunds", ())


def test_a_star_waives_a_rule_in_every_story() -> None:
    assert applied(waiver(story="*"), ruling(("a", "b"))) == ("the vendor refunds", ())


def test_a_rule_that_is_broken_in_another_story_too_is_not_waived() -> None:
    assert applied(waiver(), ruling(("a", "b"))) == (None, ())


def test_a_waiver_is_stale_after_its_last_day_and_hides_nothing() -> None:
    waived, stale = applied(waiver(until=date(2026, 11, 24)), ruling())
    assert waived is None
    assert stale == ("the waiver of submit-once in a ended on 2026-11-24",)


def test_a_waiver_holds_on_its_last_day() -> None:
    assert applied(waiver(until=TODAY), ruling()) == ("the vendor refunds", ())


@pytest.mark.parametrize("story", ["a", "*"])
def test_a_waiver_of_what_is_kept_is_stale(story: str) -> None:
    waived, stale = applied(waiver(story=story), ruling((), ("a",)))
    assert waived is None
    assert stale == (f"the waiver of submit-once in {story} is not needed: it is not broken",)


def test_a_waiver_for_a_story_that_was_not_played_is_neither_needed_nor_stale() -> None:
    assert applied(waiver(story="other"), ruling((), ("a",))) == (None, ())


def test_a_file_of_waivers_is_read(tmp_path: Path) -> None:
    file = tmp_path / "waivers.yaml"
    file.write_text("- {rule: submit-once, story: a, why: it is, until: '2027-01-31'}\n", "utf-8")
    assert read_waivers(file) == (Waiver("submit-once", "a", "it is", NEXT_YEAR),)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("{rule: submit-onc, story: a, why: b, until: '2027-01-31'}", "submit-once"),
        ("{rule: submit-once, story: a, why: b, until: soon}", "2027-01-31"),
        ("{rule: submit-once, story: a, why: '', until: '2027-01-31'}", "$[0].why"),
        ("{rule: submit-once, stroy: a, why: b, until: '2027-01-31'}", "story"),
        ("submit-once", "an object"),
    ],
)
def test_what_is_wrong_in_a_file_is_told_with_its_place(
    tmp_path: Path, row: str, told: str
) -> None:
    file = tmp_path / "waivers.yaml"
    file.write_text(f"- {row}\n", "utf-8")
    with pytest.raises(DataError) as error:
        read_waivers(file)
    assert told in str(error.value)
    assert str(file) in str(error.value)


def test_a_file_without_a_list_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "waivers.yaml"
    file.write_text("rule: submit-once\n", "utf-8")
    with pytest.raises(DataError, match="a list of waivers"):
        read_waivers(file)
