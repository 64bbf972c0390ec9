"""The rules DUP-01 to DUP-05: when an order may be placed again."""

import json
from dataclasses import replace
from typing import Any

import pytest

from contract_tests.finding import Verdict
from contract_tests.rules.base import samples
from contract_tests.rules.base.lost_calls import (
    dropped_poll,
    reset_after,
    reset_before,
    unanswered,
)
from contract_tests.trace import Exchange, Trace
from mock_server.core.lifecycle import Phase
from tests.contract_tests.rules.judged import (
    ADVICE,
    FAILED,
    IDLE,
    PASSED,
    found,
    verdict,
)

WAIT, RESET, ERROR = "submit-once", "submit-once-after-reset", "submit-once-after-5xx"
POLL = "poll-trouble-no-submit"
LIMITER = {"content": samples.error("limiter_unavailable")}


def verdicts(*calls: Exchange, **facts: Any) -> dict[str, Verdict]:
    """The verdicts that are no shrug, of the four rules about new submits."""
    trace = samples.trace(*calls, **facts)
    judged = {rule: verdict(rule, trace) for rule in (WAIT, RESET, ERROR, POLL)}
    return {rule: one for rule, one in judged.items() if one is not IDLE}


def made(number: int = 1, at: float = 0, **facts: Any) -> Exchange:
    """A submit that made a task of its own, whatever was replied."""
    return samples.submit(number, at, **{"task": f"t{number}", "created": True, **facts})


# What a submit that made a task was answered with, and the rule about what follows.
REPLIES = {
    "a timeout": (unanswered(1, 0), WAIT),
    "a late reply": (made(head_wait=5, total_wait=5), WAIT),
    "no id": (made(content=b'{"status": "queued"}', told=False), WAIT),
    "a body that was left": (made(content=b'{"id', told=False, aborted=True), WAIT),
    "a silence and the end of the connection": (
        made(status=None, content=b"", told=False, head_wait=5, total_wait=5),
        WAIT,
    ),
    "a reset": (reset_after(1, 0), RESET),
    "half of a body": (made(content=b'{"id', told=False), RESET),
    "an error page": (made(status=502, content=b"<html>", told=False), ERROR),
}


@pytest.mark.parametrize("reply", REPLIES)
def test_each_reply_that_tempts_has_its_rule(reply: str) -> None:
    call, rule = REPLIES[reply]
    broken = ADVICE if rule == ERROR else FAILED
    assert verdicts(call) == {rule: PASSED}
    assert verdicts(call, made(2, 40)) == {rule: broken}
    assert verdicts(call, samples.refused(2, 40)) == {rule: broken}


def test_a_second_order_without_any_reason_is_one_too_many() -> None:
    finding = found(WAIT, samples.trace(made(), made(2, 1)))
    assert finding.verdict is FAILED
    assert str(finding.seen) == (
        "submitted again in call 2, 1.000 s after call 1, which had made task t1"
    )
    assert verdicts(made()) == {}


@pytest.mark.parametrize(
    "first",
    [
        samples.refused(1, 0),
        samples.refused(1, 0, 503, **LIMITER),
        samples.refused(1, 0, 400),
        reset_before(1, 0),
        made(status=429),
        made(status=307, content=b"", told=False),
    ],
)
def test_what_was_refused_or_never_read_may_be_sent_again(first: Exchange) -> None:
    assert verdicts(first, made(2, 5)) == {}


def test_an_error_that_leaves_it_open_need_not_have_made_anything() -> None:
    finding = found(ERROR, samples.trace(samples.refused(1, 0, 500), made(2, 1)))
    assert finding.verdict is ADVICE
    assert "of which nobody knows whether it made a task" in str(finding.seen)
    other = samples.refused(1, 0, 503, content=samples.error("overloaded"))
    assert verdicts(other, made(2, 1)) == {ERROR: ADVICE}


def test_a_body_that_is_written_anew_is_the_same_order() -> None:
    bodies = ({"prompt": samples.PROMPT, "nonce": number} for number in (1, 2))
    first, second = (json.dumps(body).encode() for body in bodies)
    lost = replace(reset_after(1, 0), body=first, digest=first)
    again = replace(made(2, 1), body=second, digest=second)
    assert verdicts(lost, again) == {RESET: FAILED}


def test_another_order_is_no_repetition() -> None:
    assert verdicts(reset_after(1, 0), made(2, 1, body={"prompt": "a dog"})) == {RESET: PASSED}


# The same idempotency key


def with_key(call: Exchange, key: str) -> Exchange:
    return replace(call, headers=(*call.headers, (b"idempotency-key", key.encode())))


@pytest.mark.parametrize(
    ("field", "keys", "expected"),
    [
        ("Idempotency-Key", ("a", "a"), PASSED),
        ("Idempotency-Key", ("a", "b"), FAILED),
        (None, ("a", "a"), FAILED),
    ],
)
def test_a_key_that_the_vendor_knows_makes_a_second_submit_harmless(
    field: str | None, keys: tuple[str, str], expected: Verdict
) -> None:
    calls = with_key(reset_after(1, 0), keys[0]), with_key(made(2, 1), keys[1])
    terms = replace(samples.TERMS, idempotency_field=field)
    assert verdicts(*calls, terms=terms) == {RESET: expected}
    bare = reset_after(1, 0), made(2, 1)
    assert verdicts(*bare, terms=terms) == {RESET: FAILED}


# Several callers, several images


def jobs(count: int, **facts: Any) -> dict[str, Any]:
    return {"jobs": tuple(samples.done(None, job=samples.job(**facts)) for _ in range(count))}


def test_each_of_several_equal_jobs_may_place_its_order() -> None:
    calls = [made(number) for number in (1, 2, 3)]
    assert verdicts(*calls, **jobs(3)) == {}
    assert verdicts(*calls, **jobs(2)) == {WAIT: FAILED}


def test_a_job_may_order_its_images_one_by_one() -> None:
    calls = [made(number) for number in (1, 2, 3, 4)]
    assert verdicts(*calls, **jobs(1, n=4)) == {}
    by_two = [made(number, body={"prompt": samples.PROMPT, "n": 2}) for number in (1, 2, 3)]
    assert verdicts(*by_two, **jobs(1, n=4)) == {WAIT: FAILED}


# DUP-01: a task that takes long


def test_a_task_that_takes_long_is_no_reason_for_another() -> None:
    polls = [samples.poll(number, number * 5) for number in (2, 3, 4)]
    assert verdicts(made(task="t1"), *polls) == {WAIT: PASSED}
    assert verdicts(made(task="t1"), *polls[:2]) == {}
    assert verdicts(made(task="t1"), *polls, made(5, 25)) == {WAIT: FAILED}


def test_after_a_failure_a_new_order_is_the_way_to_try_again() -> None:
    failure = samples.poll(2, 5, Phase.FAILED)
    assert verdicts(made(), failure, made(3, 6)) == {}
    assert verdicts(made(), samples.poll(2, 5, Phase.SUCCEEDED), made(3, 6)) == {WAIT: FAILED}
    early = samples.poll(3, 5, Phase.FAILED)
    assert verdicts(made(), made(2, 1), early) == {WAIT: FAILED}


def test_a_submit_that_is_left_hanging_counts_as_waited_for() -> None:
    hanging = replace(unanswered(1, 0), ended=None, aborted=False)
    assert verdicts(hanging, made(2, 31)) == {WAIT: FAILED}


# DUP-04


def row(count: int, *others: Exchange) -> Trace:
    resets = (reset_before(number, number) for number in range(1, count + 1))
    return samples.trace(*resets, *others)


def test_a_submit_that_was_not_read_may_be_repeated_or_not() -> None:
    assert verdict("retry-unread-submit", row(1)) is PASSED
    assert verdict("retry-unread-submit", row(1, made(2, 2))) is PASSED
    assert verdict("retry-unread-submit", row(11)) is PASSED
    assert verdict("retry-unread-submit", row(12)) is ADVICE


@pytest.mark.parametrize(
    "call", [unanswered(1, 0), reset_after(1, 0), samples.refused(1, 0), made()]
)
def test_a_submit_that_was_read_is_another_matter(call: Exchange) -> None:
    assert verdict("retry-unread-submit", samples.trace(call)) is IDLE


# DUP-05

TROUBLES = {
    "a reset": dropped_poll(2, 5),
    "a 404": samples.poll(2, 5, status=404),
    "half of a body": samples.poll(2, 5, content=b"{", told=False),
    "a label": samples.poll(2, 5, fault="content_type(text/html)"),
    "a file that is not there": samples.download(2, 5, status=404),
    "a stalled poll": samples.poll(2, 5, status=None, total_wait=1e9, told=False, fault="stall"),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_no_trouble_with_a_task_is_a_reason_for_another(trouble: str) -> None:
    call = TROUBLES[trouble]
    assert verdicts(made(task="t1"), call, samples.poll(3, 10)) == {POLL: PASSED}
    assert verdicts(made(task="t1"), call, made(3, 10)) == {POLL: FAILED}


def test_polls_that_go_well_are_no_trouble() -> None:
    assert verdicts(made(), samples.poll(2, 5), samples.poll(3, 10, Phase.SUCCEEDED)) == {}


def test_a_new_submit_is_put_down_to_what_went_wrong_last() -> None:
    late = made(task="t1", head_wait=2, total_wait=2)
    calls = late, dropped_poll(2, 7), made(3, 8)
    assert verdicts(*calls) == {WAIT: PASSED, POLL: FAILED}
    finding = found(POLL, samples.trace(*calls))
    assert str(finding.seen) == (
        "submitted again in call 3, 1.000 s after call 2, though call 1 had made task t1"
    )
    assert finding.evidence == (1, 2, 3)


def test_trouble_that_a_submit_did_not_wait_for_did_not_lead_to_it() -> None:
    slow = replace(dropped_poll(2, 5), ended=None)
    assert verdicts(made(task="t1"), slow, made(3, 4)) == {WAIT: FAILED, POLL: PASSED}
