"""Times between calls: polls, backoff and Retry-After, and what floats must not break."""

from itertools import pairwise
from typing import Any

import pytest

from mock_server.core.exchange import Exchange
from mock_server.core.finding import Finding, Verdict
from mock_server.core.lifecycle import Phase
from tests.core.verification_samples import (
    START,
    after,
    judged,
    poll,
    refused,
    submit,
)

PASSED, FAILED, ADVICE = Verdict.PASSED, Verdict.FAILED, Verdict.ADVICE
NOT_EXERCISED, INCONCLUSIVE = Verdict.NOT_EXERCISED, Verdict.INCONCLUSIVE


def check(name: str, *calls: Exchange, dropped: int = 0, **parameters: Any) -> Finding:
    return judged({"check": name, **parameters}, *calls, dropped=dropped)


# poll-gaps


@pytest.mark.parametrize(
    ("gap", "verdict"), [(5, PASSED), (4.9, ADVICE), (1, ADVICE), (0.9, FAILED)]
)
def test_without_a_number_the_profile_tells_failure_from_advice(
    gap: float, verdict: Verdict
) -> None:
    finding = check("poll-gaps", poll(1, 0), poll(2, gap))
    assert finding.verdict is verdict
    assert str(finding.expected) == "at least 5 s between polls"


def test_a_pass_tells_the_gap_that_came_closest_to_the_bound() -> None:
    finding = check("poll-gaps", poll(1, 0), poll(2, 9), poll(3, 15), poll(4, 25))
    assert finding.near is not None
    assert str(finding.near.words) == "6.000 s from call 2 to call 3, 5 s were due"
    assert str(finding.seen) == "kept, 3 of 3 times"


def test_a_failure_outweighs_advice_and_counts_the_others() -> None:
    finding = check("poll-gaps", poll(1, 0), poll(2, 4), poll(3, 4.5), poll(4, 5))
    assert finding.verdict is FAILED
    assert str(finding.seen) == "0.500 s from call 2 to call 3, 5 s were due, and 1 more"
    assert finding.evidence == (2, 3, 4)


def test_gaps_are_those_of_one_task() -> None:
    polls = [poll(n, n * 2.5, task=f"t{n % 2}") for n in range(6)]
    assert check("poll-gaps", *polls).verdict is PASSED
    assert check("poll-gaps", *polls, at_least=5.1).verdict is FAILED


def test_a_poll_that_a_fault_struck_is_a_poll() -> None:
    struck = poll(2, 0.5, status=429, fault="429", moment="before")
    assert check("poll-gaps", poll(1, 0), struck).verdict is FAILED


def test_rounding_of_epoch_seconds_fails_nobody() -> None:
    # What the session's clock shows to a client that sleeps exactly so long.
    times = [START]
    for _ in range(50):
        times.append(times[-1] + 2.1)
    assert min(later - sooner for sooner, later in pairwise(times)) < 2.1
    polls = [poll(n, at - START) for n, at in enumerate(times)]
    assert check("poll-gaps", *polls, at_least=2.1).verdict is PASSED
    assert check("poll-gaps", *polls, at_least=2.101).verdict is FAILED


# first-poll


@pytest.mark.parametrize(("at", "verdict"), [(5, PASSED), (2, ADVICE), (0.5, FAILED)])
def test_the_first_poll_waits_as_the_profile_advises(at: float, verdict: Verdict) -> None:
    finding = check("first-poll", submit(1, 0), poll(2, at), poll(3, at + 0.1))
    assert finding.verdict is verdict


def test_the_wait_for_the_first_poll_begins_with_the_reply() -> None:
    late = submit(1, 0, head_wait=3, total_wait=3)
    assert check("first-poll", late, poll(2, 4), at_least=2).verdict is FAILED
    assert check("first-poll", late, poll(2, 5), at_least=2).verdict is PASSED


def test_a_task_that_was_made_before_has_no_first_poll() -> None:
    assert check("first-poll", poll(1, 0)).verdict is NOT_EXERCISED
    assert check("first-poll", submit(1, 0), poll(2, 0, task="t2")).verdict is NOT_EXERCISED


# poll-promptly


def test_a_wait_after_trouble_is_not_measured() -> None:
    slow = [
        poll(2, 100, status=429),
        poll(3, 200, fault="delay(1)"),
        poll(4, 300, told=False),
        poll(5, 400, Phase.SUCCEEDED),
        poll(6, 500, status=None),
    ]
    for one in slow:
        assert check("poll-promptly", one, poll(9, 1000)).verdict is NOT_EXERCISED


def test_a_long_wait_is_told_with_both_calls() -> None:
    finding = check("poll-promptly", poll(1, 0, total_wait=4), poll(2, 15), at_most=10)
    assert str(finding.seen) == "11.000 s from call 1 to call 2"
    finding = check("poll-promptly", poll(1, 0, total_wait=4), poll(2, 14), at_most=10)
    assert finding.verdict is PASSED
    assert finding.near is not None
    assert finding.near.call == 2


# backoff


def attempts(*times: float, **facts: Any) -> tuple[Exchange, ...]:
    """Submits at these times, all refused but the last."""
    calls = [refused(n, at, **facts) for n, at in enumerate(times[:-1], 1)]
    return (*calls, submit(len(times), times[-1]))


@pytest.mark.parametrize(
    ("times", "verdict"),
    [
        ((0, 1, 3, 7), PASSED),
        ((0, 1.2, 3.9, 8.8), PASSED),
        # urllib3.Retry makes its first retry at once.
        ((0, 0, 2, 6), FAILED),
        ((0, 1, 2, 3), FAILED),
        ((0, 1, 3, 6.9), FAILED),
        ((0, 1, 3, 7, 11), PASSED),
        ((0, 1, 3, 7, 10), FAILED),
        ((0,), NOT_EXERCISED),
    ],
)
def test_the_waits_grow_as_the_profile_says(times: tuple[float, ...], verdict: Verdict) -> None:
    assert check("backoff", *attempts(*times)).verdict is verdict


def test_a_success_in_between_begins_the_steps_anew() -> None:
    polls = [
        poll(1, 0, status=429),
        poll(2, 1),
        poll(3, 6, status=429),
        poll(4, 7),
    ]
    assert check("backoff", *polls).verdict is PASSED


def test_calls_that_differ_are_no_retries_of_each_other() -> None:
    calls = (refused(1, 0, prompt="a cat"), refused(2, 0.1, prompt="a dog"))
    assert check("backoff", *calls).verdict is NOT_EXERCISED
    again = (*calls, submit(3, 1, "a cat"), submit(4, 1.1, "a dog"))
    assert check("backoff", *again).verdict is PASSED


def test_equal_json_is_the_same_call_however_it_is_written() -> None:
    spaced = submit(2, 0.5, body=b'{ "prompt": "a cat",\n "model": "gpt-4o-image" }', digest=b"2")
    assert check("backoff", refused(1, 0), spaced).verdict is FAILED
    odd = submit(2, 0.5, body=b"no json", digest=b"3")
    assert check("backoff", refused(1, 0), odd).verdict is NOT_EXERCISED
    assert check("backoff", refused(1, 0, body=b"no json", digest=b"3"), odd).verdict is FAILED


def test_the_operation_the_statuses_and_the_steps_can_be_chosen() -> None:
    calls = (refused(1, 0, status=503), refused(2, 0.5, status=503), submit(3, 1))
    assert check("backoff", *calls).verdict is NOT_EXERCISED
    assert check("backoff", *calls, statuses=["5xx"]).verdict is FAILED
    assert check("backoff", *calls, statuses=[503], at_least=[0.5]).verdict is PASSED
    polls = (poll(4, 10, status=503), poll(5, 10.1))
    assert check("backoff", *calls, *polls, statuses=[503], at_least=[0.5]).verdict is FAILED
    only = check("backoff", *calls, *polls, statuses=[503], at_least=[0.5], operation="submit")
    assert only.verdict is PASSED
    assert str(only.expected) == "at least 0.5 s after 503"


def test_no_reply_can_be_a_refusal() -> None:
    calls = (refused(1, 0, status=None), submit(2, 0.5))
    assert check("backoff", *calls).verdict is NOT_EXERCISED
    assert check("backoff", *calls, statuses=[None]).verdict is FAILED


def test_a_shorter_retry_after_permits_to_come_back() -> None:
    calls = (refused(1, 0), refused(2, 1, **after(1)), submit(3, 2))
    assert check("backoff", *calls).verdict is PASSED
    too_soon = (refused(1, 0), refused(2, 1, **after(1)), submit(3, 1.9))
    assert check("backoff", *too_soon).verdict is FAILED
    longer = (refused(1, 0, **after(60)), submit(2, 1))
    assert check("backoff", *longer).verdict is PASSED


def test_the_wait_begins_when_the_refusal_is_known() -> None:
    held = refused(1, 0, head_wait=5, total_wait=5)
    assert check("backoff", held, submit(2, 5.5)).verdict is FAILED
    assert check("backoff", held, submit(2, 6)).verdict is PASSED


def test_a_call_begun_before_the_refusal_was_known_is_no_retry() -> None:
    held = refused(1, 0, head_wait=5, total_wait=5)
    assert check("backoff", held, refused(2, 2), submit(3, 6)).verdict is PASSED


def test_where_refusals_were_dropped_any_later_step_may_be_due() -> None:
    steps: dict[str, Any] = {"at_least": [4, 1]}
    calls = (refused(8, 0), submit(9, 2))
    assert check("backoff", *calls, **steps).verdict is FAILED
    assert check("backoff", *calls, **steps, dropped=7).verdict is INCONCLUSIVE
    assert check("backoff", refused(8, 0), submit(9, 0.5), **steps, dropped=7).verdict is FAILED
    whole = (submit(7, -9), *calls)
    assert check("backoff", *whole, **steps, dropped=6).verdict is FAILED
