"""Retry-After: seconds, dates, what nobody can keep, and for whom it holds."""

from typing import Any

import pytest

from mock_server.core.exchange import Exchange
from mock_server.core.finding import Finding, Verdict
from tests.core.verification_samples import OTHER_KEY, START, after, judged, poll, refused, submit

PASSED, FAILED, NOT_EXERCISED = Verdict.PASSED, Verdict.FAILED, Verdict.NOT_EXERCISED


def check(name: str, *calls: Exchange, dropped: int = 0, **parameters: Any) -> Finding:
    return judged({"check": name, **parameters}, *calls, dropped=dropped)


IN_SEVEN_SECONDS = "Fri, 15 Jan 2027 08:00:07 GMT"


@pytest.mark.parametrize(("at", "verdict"), [(6.9, FAILED), (7, PASSED), (7.5, PASSED)])
@pytest.mark.parametrize("asked", [7, " 7 ", IN_SEVEN_SECONDS])
def test_a_call_waits_for_seconds_and_for_dates(asked: object, at: float, verdict: Verdict) -> None:
    assert check("retry-after", refused(1, 0, **after(asked)), submit(2, at)).verdict is verdict


@pytest.mark.parametrize(
    "asked",
    [
        "0",
        "-5",
        "soon",
        "",
        "1.5",
        "Fri, 15 Jan 2027 07:59:59 GMT",
        "Fri, 99 Foo 2027 08:00:00 GMT",
        "Fri, 15 Jan 99999 08:00:00 GMT",
        "9" * 36,
        "121",
    ],
)
def test_what_nobody_can_wait_for_asks_for_nothing(asked: str) -> None:
    finding = check("retry-after", refused(1, 0, **after(asked)), submit(2, 0.1))
    assert finding.verdict is NOT_EXERCISED


def test_the_longest_wait_that_is_asked_can_be_chosen() -> None:
    calls = (refused(1, 0, **after(200)), submit(2, 150))
    assert check("retry-after", *calls).verdict is NOT_EXERCISED
    assert check("retry-after", *calls, at_most=300).verdict is FAILED


def test_who_never_comes_back_has_waited() -> None:
    finding = check("retry-after", refused(1, 0, **after(7)))
    assert finding.verdict is PASSED
    assert str(finding.seen) == "kept, 1 of 1 times"


def test_every_early_call_is_evidence() -> None:
    calls = (refused(1, 0, **after(7)), refused(2, 2), refused(3, 4), refused(4, 7), submit(5, 8))
    finding = check("retry-after", *calls)
    assert finding.evidence == (1, 2, 3)


def test_the_longest_of_several_waits_counts() -> None:
    calls = (
        refused(1, 0, **after(9), head_wait=1, total_wait=1),
        refused(2, 0.5, **after(1)),
        submit(3, 9),
    )
    assert check("retry-after", *calls).verdict is FAILED
    assert check("retry-after", *calls[:2], submit(3, 10)).verdict is PASSED


def test_a_wait_is_over_before_the_next_begins() -> None:
    calls = (refused(1, 0, **after(2)), refused(2, 2, **after(2)), submit(3, 4))
    finding = check("retry-after", *calls)
    assert finding.verdict is PASSED
    assert str(finding.seen) == "kept, 2 of 2 times"


@pytest.mark.parametrize(
    ("scope", "verdicts"),
    [
        ("call", (FAILED, PASSED, PASSED, PASSED)),
        ("operation", (FAILED, FAILED, PASSED, FAILED)),
        ("key", (FAILED, FAILED, FAILED, PASSED)),
        ("any", (FAILED, FAILED, FAILED, FAILED)),
    ],
)
def test_the_scope_says_for_which_calls_it_holds(scope: str, verdicts: tuple[Verdict, ...]) -> None:
    others = (
        submit(2, 1),
        submit(2, 1, "a dog"),
        poll(2, 1),
        submit(2, 1, "a dog", key=OTHER_KEY),
    )
    first = refused(1, 0, **after(7))
    found = tuple(check("retry-after", first, other, scope=scope).verdict for other in others)
    assert found == verdicts


def test_a_reply_that_nobody_heard_asks_nobody() -> None:
    unheard = refused(1, 0, **after(7), head_wait=9, total_wait=9, ended=START + 1, aborted=True)
    assert check("retry-after", unheard, submit(2, 2)).verdict is NOT_EXERCISED
