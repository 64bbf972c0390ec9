"""What must come to an end: polls, retries, repeated submits, too many calls at once."""

from typing import Any

import pytest

from mock_server.core.exchange import Exchange
from mock_server.core.finding import Finding, Verdict
from mock_server.core.lifecycle import Phase
from tests.core.verification_samples import OTHER_KEY, START, judged, poll, refused, submit

PASSED, FAILED = Verdict.PASSED, Verdict.FAILED
NOT_EXERCISED, INCONCLUSIVE = Verdict.NOT_EXERCISED, Verdict.INCONCLUSIVE
DONE = Phase.SUCCEEDED


def check(
    name: str, *calls: Exchange, dropped: int = 0, taken: float | None = None, **parameters: Any
) -> Finding:
    return judged({"check": name, **parameters}, *calls, dropped=dropped, taken=taken)


# quiet-after-end


@pytest.mark.parametrize("end", [Phase.SUCCEEDED, Phase.FAILED])
def test_either_end_is_an_end(end: Phase) -> None:
    assert check("quiet-after-end", poll(1, 0, end), poll(2, 5, end)).verdict is FAILED


def test_an_end_that_nobody_could_read_is_none() -> None:
    spoiled = poll(1, 0, DONE, fault="cut", moment="after", told=False)
    assert check("quiet-after-end", spoiled, poll(2, 5)).verdict is NOT_EXERCISED
    assert check("quiet-after-end", spoiled, poll(2, 5, DONE)).verdict is PASSED


def test_other_tasks_and_other_calls_may_go_on() -> None:
    calls = (poll(1, 0, DONE), poll(2, 1, task="t2"), submit(3, 2, "a dog", task="t3"))
    finding = check("quiet-after-end", *calls)
    assert finding.verdict is PASSED
    assert str(finding.seen) == "kept, 1 of 1 times"


def test_a_poll_begun_before_the_end_was_known_may_end() -> None:
    held = poll(1, 0, DONE, head_wait=1, total_wait=4)
    assert check("quiet-after-end", held, poll(2, 3, DONE)).verdict is PASSED
    assert check("quiet-after-end", held, poll(2, 3)).verdict is INCONCLUSIVE
    assert check("quiet-after-end", held, poll(2, 3), taken=4).verdict is PASSED
    assert check("quiet-after-end", held, poll(2, 4)).verdict is FAILED


def test_a_pass_can_wait_for_silence() -> None:
    calls = (poll(1, 0, DONE),)
    early = check("quiet-after-end", *calls, quiet_for=15, taken=10)
    assert early.verdict is INCONCLUSIVE
    assert str(early.seen) == "5 s of silence are still due"
    assert check("quiet-after-end", *calls, quiet_for=15, taken=15).verdict is PASSED
    again = (*calls, poll(2, 3, DONE))
    assert check("quiet-after-end", *again, quiet_for=15, taken=10).verdict is FAILED


def test_who_asks_again_is_told_when() -> None:
    finding = check("quiet-after-end", poll(1, 0, DONE), poll(2, 2.5, DONE), poll(3, 5, DONE))
    assert str(finding.seen) == "polled again in call 2, 2.500 s after the reply to call 1"


# stop-after


def test_only_the_refused_key_has_to_stop() -> None:
    calls = (refused(1, 0, 401), submit(2, 1, key=OTHER_KEY))
    assert check("stop-after", *calls).verdict is PASSED
    finding = check("stop-after", *calls, scope="any")
    assert finding.verdict is FAILED
    assert str(finding.expected) == "no call at all after 401"
    assert str(finding.seen) == "call 2 came 1.000 s after the reply to call 1"


def test_a_refused_body_is_not_sent_again() -> None:
    mended = (refused(1, 0, 400), submit(2, 1, "a dog"))
    assert check("stop-after", *mended, statuses=[400], scope="call").verdict is PASSED
    same = (refused(1, 0, 400), submit(2, 1))
    finding = check("stop-after", *same, statuses=[400], scope="call")
    assert finding.verdict is FAILED
    assert str(finding.expected) == "the same call is not made again after 400"
    assert check("stop-after", *mended, statuses=[400], scope="operation").verdict is FAILED


def test_a_lost_reply_can_be_final() -> None:
    lost = refused(1, 0, None)
    finding = check(
        "stop-after", lost, submit(2, 1), statuses=[None], scope="call", operation="submit"
    )
    assert finding.verdict is FAILED
    assert check("stop-after", lost, statuses=[None], operation="status").verdict is NOT_EXERCISED


def test_a_caller_that_gave_up_is_followed_from_then_on() -> None:
    hanging = refused(1, 0, None, total_wait=1e9, ended=START + 10, aborted=True)
    again = check("stop-after", hanging, submit(2, 11), statuses=[None], scope="call")
    assert again.verdict is FAILED
    still = refused(1, 0, None, total_wait=1e9)
    other = check("stop-after", still, submit(2, 11), statuses=[None], scope="call")
    assert other.verdict is INCONCLUSIVE


def test_the_refusal_that_is_known_first_counts() -> None:
    calls = (refused(1, 0, 401, total_wait=9), refused(2, 1, 401, prompt="a dog"), submit(3, 2))
    finding = check("stop-after", *calls, taken=20)
    assert finding.verdict is FAILED
    assert finding.evidence == (2, 3)


# submit-once


def test_attempts_that_made_nothing_do_not_count() -> None:
    finding = check("submit-once", refused(1, 0), refused(2, 1, None), submit(3, 3))
    assert finding.verdict is PASSED


def test_a_refused_second_submit_is_one_too_many_as_well() -> None:
    finding = check("submit-once", submit(1, 0), refused(2, 1), refused(3, 2))
    assert finding.verdict is FAILED
    words = "submitted again in call 2, although call 1 had made task t1"
    assert str(finding.seen) == words
    assert finding.evidence == (1, 2, 3)


def test_bodies_that_differ_are_different_orders() -> None:
    assert check("submit-once", submit(1, 0), submit(2, 1, "a dog")).verdict is PASSED


def test_more_tasks_of_one_body_can_be_allowed() -> None:
    calls = (submit(1, 0), submit(2, 1), submit(3, 2))
    assert check("submit-once", *calls[:1], at_most=2).verdict is PASSED
    assert check("submit-once", *calls[:2], at_most=2).verdict is PASSED
    finding = check("submit-once", *calls, at_most=2)
    assert finding.verdict is FAILED
    assert finding.evidence == (1, 2, 3)


# retries


def test_endless_retries_are_too_many_for_the_profile() -> None:
    calls = [refused(n, 2.0**n) for n in range(6)]
    assert check("retries-bounded", *calls[:5]).verdict is PASSED
    finding = check("retries-bounded", *calls)
    assert finding.verdict is FAILED
    assert str(finding.seen) == "5 retries after call 0"


def test_a_success_ends_the_count_of_retries() -> None:
    calls = [refused(n, n) if n % 4 else submit(n, n) for n in range(12)]
    assert check("retries-bounded", *calls, at_most=3).verdict is PASSED
    assert check("retries-bounded", *calls, at_most=2).verdict is FAILED
    assert check("retries-bounded", submit(1, 0)).verdict is NOT_EXERCISED


def test_giving_up_too_soon_is_told_with_the_number_of_retries() -> None:
    calls = (refused(1, 0), refused(2, 1), refused(3, 3))
    finding = check("retries-enough", *calls)
    assert str(finding.seen) == "given up after 2 retries of call 1"
    assert check("retries-enough", *calls, refused(4, 7)).verdict is PASSED
    assert check("retries-enough", *calls, submit(4, 7)).verdict is PASSED


def test_a_success_needs_no_more_retries() -> None:
    finding = check("retries-enough", refused(1, 0), submit(2, 1))
    assert finding.verdict is PASSED
    assert finding.near is None


@pytest.mark.parametrize("name", ["retries-bounded", "retries-enough"])
def test_retries_of_one_operation_can_be_meant(name: str) -> None:
    polls = [poll(n, n, status=429) for n in range(3)]
    number = {"at_most": 1} if name == "retries-bounded" else {"at_least": 9}
    assert check(name, *polls, **number).verdict is FAILED
    assert check(name, *polls, **number, operation="submit").verdict is NOT_EXERCISED
    assert check(name, *polls, **number, statuses=[503]).verdict is NOT_EXERCISED


# in-flight


def test_calls_of_several_tasks_are_counted_apart_or_together() -> None:
    calls = [poll(n, 0.1 * n, task=f"t{n}", total_wait=2) for n in range(3)]
    assert check("in-flight", *calls).verdict is PASSED
    finding = check("in-flight", *calls, per="session", at_most=2)
    assert finding.verdict is FAILED
    assert str(finding.seen) == "3 under way when call 2 began"
    assert check("in-flight", *calls, per="session", at_most=3).verdict is PASSED


def test_other_operations_can_be_left_out() -> None:
    calls = (submit(1, 0, total_wait=5), poll(2, 1, total_wait=5))
    assert check("in-flight", *calls).verdict is FAILED
    assert check("in-flight", *calls, operation="status").verdict is PASSED


def test_instant_replies_show_nothing() -> None:
    assert check("in-flight", poll(1, 0), poll(2, 0)).verdict is NOT_EXERCISED


def test_a_call_that_its_caller_left_is_no_longer_under_way() -> None:
    left = poll(1, 0, total_wait=1e9, ended=START + 3, aborted=True)
    assert check("in-flight", left, poll(2, 3, total_wait=1)).verdict is PASSED
    assert check("in-flight", left, poll(2, 2, total_wait=1)).verdict is FAILED


def test_the_largest_crowd_is_the_evidence() -> None:
    crowd = [poll(n, 1 + n / 10, total_wait=3) for n in range(1, 4)]
    calls = (poll(0, 0, total_wait=1), *crowd, poll(9, 9, total_wait=1), poll(10, 9.5))
    finding = check("in-flight", *calls)
    assert finding.evidence == (1, 2, 3)


# own-tasks


def test_an_id_that_was_no_utf_8_is_asked_for_as_it_can_be_read() -> None:
    spoilt = submit(1, 0, content=b'{"id":"t\x80\xc0"}')
    assert check("own-tasks", spoilt, poll(2, 5, task="t\ufffd\ufffd")).verdict is PASSED
    assert check("own-tasks", spoilt, poll(2, 5, task="t\ufffd")).verdict is FAILED
    written = submit(1, 0, content='{"id": "t1", "note": "\ufffd"}'.encode())
    assert check("own-tasks", written, poll(2, 5, task="\ufffd")).verdict is FAILED


def test_a_task_that_is_made_later_was_guessed() -> None:
    finding = check("own-tasks", poll(1, 0), submit(2, 1), poll(3, 6))
    assert finding.verdict is FAILED
    assert finding.evidence == (1,)
    assert str(finding.seen) == "call 1 asked for /v1/images/generations/t1"
