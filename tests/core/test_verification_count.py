"""How many calls there were, in which order, and what came closest."""

from typing import Any

import pytest

from mock_server.core.exchange import Exchange
from mock_server.core.finding import Finding, Near, Place, Verdict, Words
from mock_server.core.verification import read_check
from tests.core.verification_samples import judged, poll, refused, submit, trace


def count(*calls: Exchange, dropped: int = 0, **parameters: Any) -> Finding:
    return judged({"check": "count", **parameters}, *calls, dropped=dropped)


@pytest.mark.parametrize(
    ("bounds", "verdict", "words"),
    [
        ({}, Verdict.PASSED, "calls: at least 1"),
        ({"equals": 3}, Verdict.PASSED, "calls: exactly 3"),
        ({"equals": 2}, Verdict.FAILED, "calls: exactly 2"),
        ({"equals": 4}, Verdict.FAILED, "calls: exactly 4"),
        ({"at_most": 3}, Verdict.PASSED, "calls: at most 3"),
        ({"at_most": 0}, Verdict.FAILED, "calls: exactly 0"),
        ({"at_least": 4}, Verdict.FAILED, "calls: at least 4"),
        ({"at_least": 2, "at_most": 3}, Verdict.PASSED, "calls: from 2 to 3"),
        ({"equals": 3, "at_least": 1, "at_most": 9}, Verdict.PASSED, "calls: exactly 3"),
    ],
)
def test_calls_are_counted(bounds: dict[str, Any], verdict: Verdict, words: str) -> None:
    finding = count(submit(1, 0), poll(2, 5), poll(3, 10), **bounds)
    assert finding.verdict is verdict
    assert str(finding.expected) == words
    assert str(finding.seen) == "3"


def test_too_many_calls_are_evidence_and_the_first_surplus_one_is_the_place() -> None:
    finding = count(submit(4, 0), submit(6, 1), submit(9, 2), at_most=1)
    assert finding.place == Place(6)
    assert finding.evidence == (4, 6, 9)


def test_too_few_calls_name_the_latest_of_those_that_lack_least() -> None:
    where = {"status": 429, "body": {"prompt": "a dog"}}
    finding = count(
        submit(1, 0), refused(2, 1), refused(3, 2), submit(4, 3), operation="submit", where=where
    )
    assert finding.verdict is Verdict.FAILED
    facts = {"place": "body $.prompt", "expected": '"a dog"', "seen": '"a cat"', "more": 0}
    assert finding.near == Near(3, Words("{place}: expected {expected}, seen {seen}", facts))
    expected = 'submit calls with status 429, body {"prompt": "a dog"}: at least 1'
    assert str(finding.expected) == expected


@pytest.mark.parametrize(("bounds", "is_lost"), [({"at_most": 0}, True), ({"equals": 2}, False)])
def test_too_many_calls_are_lost_for_good_and_too_few_are_not(
    bounds: dict[str, Any], is_lost: bool
) -> None:
    check = read_check({"check": "count", **bounds})
    finding = check.judge(trace(submit(1, 0)))
    assert finding.verdict is Verdict.FAILED
    assert check.is_settled(finding) is is_lost


def test_nothing_comes_close_where_nothing_was_called() -> None:
    assert count(operation="submit").near is None
    assert count(poll(1, 0), operation="submit").near is None


@pytest.mark.parametrize(
    ("bounds", "verdict"),
    [
        ({"at_least": 1}, Verdict.PASSED),
        ({"at_least": 2}, Verdict.INCONCLUSIVE),
        ({"at_most": 1}, Verdict.INCONCLUSIVE),
        ({"at_most": 0}, Verdict.FAILED),
        ({"equals": 1}, Verdict.INCONCLUSIVE),
    ],
)
def test_a_count_is_only_open_where_dropped_calls_decide(
    bounds: dict[str, Any], verdict: Verdict
) -> None:
    assert count(submit(9, 0), dropped=5, **bounds).verdict is verdict


@pytest.mark.parametrize(
    ("bounds", "verdict"),
    [
        ({"at_least": 1}, Verdict.PASSED),
        ({"at_least": 2}, Verdict.INCONCLUSIVE),
        ({"at_least": 3}, Verdict.FAILED),
        ({"at_most": 1}, Verdict.INCONCLUSIVE),
        ({"at_most": 2}, Verdict.PASSED),
    ],
)
def test_a_count_is_only_open_where_a_cut_body_decides(
    bounds: dict[str, Any], verdict: Verdict
) -> None:
    cut = submit(2, 1, body=b'{"prompt": "a cat", "style', body_cut=True)
    where = {"body": {"prompt": "a cat"}}
    finding = count(submit(1, 0), cut, submit(3, 2, "a dog"), where=where, **bounds)
    assert finding.verdict is verdict
    if verdict is Verdict.INCONCLUSIVE:
        assert str(finding.seen) == "1 calls are too long for the journal to tell"


def test_a_cut_body_of_a_call_that_is_not_meant_leaves_nothing_open() -> None:
    cut = submit(2, 1, body=b'{"prompt": "a cat", "style', body_cut=True, status=429)
    where = {"body": {"prompt": "a cat"}, "status": 200}
    assert count(submit(1, 0), cut, where=where, equals=1).verdict is Verdict.PASSED


def test_a_cut_reply_and_a_cut_text_leave_it_open() -> None:
    cut = submit(1, 0, content=b'{"id', content_cut=True, body=b'"x', body_cut=True)
    assert count(cut, where={"reply": {"id": "t1"}}).verdict is Verdict.INCONCLUSIVE
    assert count(cut, where={"body_contains": "y"}).verdict is Verdict.INCONCLUSIVE
    assert count(cut, where={"body_contains": "x"}).verdict is Verdict.PASSED


# order


def order(*calls: Exchange, **parameters: Any) -> Finding:
    return judged({"check": "order", **parameters}, *calls)


SUBMIT_WAIT_SUBMIT = [
    {"operation": "submit", "where": {"status": 429}},
    {"operation": "submit", "where": {"status": 200}},
    {"operation": "status"},
]


def test_steps_are_found_with_other_calls_in_between() -> None:
    calls = (refused(1, 0), poll(2, 1, task="t0"), submit(3, 2), poll(4, 7), poll(5, 12))
    finding = order(*calls, steps=SUBMIT_WAIT_SUBMIT)
    assert finding.verdict is Verdict.PASSED
    assert finding.evidence == (1, 3, 4)
    assert str(finding.seen) == "in calls 1, 3, 4"


def test_a_step_that_is_missing_is_named_with_what_came_closest() -> None:
    finding = order(refused(1, 0), refused(2, 2), poll(3, 3), steps=SUBMIT_WAIT_SUBMIT)
    assert finding.verdict is Verdict.FAILED
    assert str(finding.seen) == "nothing for step 2 (submit calls with status 200) after calls 1"
    assert finding.near is not None
    assert (finding.near.call, str(finding.near.words)) == (2, "status: expected 200, seen 429")


def test_a_step_that_came_too_early_is_the_nearest_miss() -> None:
    finding = order(submit(1, 0), refused(2, 1), steps=SUBMIT_WAIT_SUBMIT)
    assert finding.near is not None
    words = "it came at another place in the order"
    assert (finding.near.call, str(finding.near.words)) == (1, words)


def test_nothing_at_all_is_no_order() -> None:
    finding = order(steps=SUBMIT_WAIT_SUBMIT)
    assert finding.verdict is Verdict.FAILED
    assert finding.place is None
    assert finding.near is None
    assert str(finding.seen) == "nothing for step 1 (submit calls with status 429)"


def test_adjacent_steps_bear_nothing_in_between() -> None:
    calls = (refused(1, 0), poll(2, 1), submit(3, 2), poll(4, 7))
    finding = order(*calls, steps=SUBMIT_WAIT_SUBMIT, adjacent=True)
    assert finding.verdict is Verdict.FAILED
    assert str(finding.expected).endswith("then status calls with nothing in between")
    again = (refused(5, 8), submit(6, 9), poll(7, 14))
    finding = order(*calls, *again, steps=SUBMIT_WAIT_SUBMIT, adjacent=True)
    assert finding.verdict is Verdict.PASSED
    assert finding.evidence == (5, 6, 7)


def test_an_order_is_open_where_a_cut_body_decides() -> None:
    cut = submit(1, 0, body=b'{"prompt": "a cat', body_cut=True)
    steps = [{"where": {"body": {"prompt": "a cat"}}}, {"operation": "status"}]
    assert order(cut, poll(2, 5), steps=steps).verdict is Verdict.INCONCLUSIVE


def test_a_step_without_conditions_is_any_call() -> None:
    assert order(refused(1, 0), submit(2, 1), steps=[{}, {}]).verdict is Verdict.PASSED
    assert order(refused(1, 0), steps=[{}, {}]).verdict is Verdict.FAILED
