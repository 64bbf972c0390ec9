"""The rules POL-01 to POL-12: how clients ask for their tasks, and when they stop."""

import json
from dataclasses import replace
from typing import Any

import pytest

from contract_tests.finding import Finding, Verdict
from contract_tests.outcome import Outcome
from contract_tests.rules import rule_named
from contract_tests.rules.base import samples
from contract_tests.trace import Ability, Exchange, Timing, Trace
from mock_server.core.lifecycle import Phase

PASSED, FAILED, ADVICE = Verdict.PASSED, Verdict.FAILED, Verdict.ADVICE
IDLE, OPEN, NOT_MEANT = Verdict.NOT_EXERCISED, Verdict.INCONCLUSIVE, Verdict.NOT_APPLICABLE
SUBMIT = samples.submit(1, 0)
BLACK_BOX = frozenset({Ability.SIGNALLED})


def verdict(rule: str, trace: Trace) -> Verdict:
    return found(rule, trace).verdict


def found(rule: str, trace: Trace) -> Finding:
    return rule_named(rule).check(trace)


def polled(*times: float, **facts: Any) -> Trace:
    """A task that is made at once and polled at these times."""
    polls = [samples.poll(number, at) for number, at in enumerate(times, 2)]
    return samples.trace(SUBMIT, *polls, **facts)


def running(number: int, at: float, **members: Any) -> Exchange:
    """A poll whose reply has these members beside, or in place of, the usual ones."""
    value = json.loads(samples.task_text(Phase.RUNNING)) | members
    kept = {name: one for name, one in value.items() if one is not ...}
    return samples.poll(number, at, content=json.dumps(kept).encode())


# POL-01


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ((5, 10, 15), PASSED),
        ((5,), PASSED),
        ((7, 17), PASSED),
        ((5, 7), ADVICE),
        ((4.9, 10), ADVICE),
        ((5, 5.9), FAILED),
        ((0.5, 6), FAILED),
    ],
)
def test_polls_keep_the_distance_that_the_profile_names(
    times: tuple[float, ...], expected: Verdict
) -> None:
    assert verdict("poll-floor", polled(*times)) is expected


def test_real_timers_may_poll_a_little_early() -> None:
    assert verdict("poll-floor", polled(4.99, 9.98, timing=Timing(virtual=False))) is PASSED


@pytest.mark.parametrize(
    "trouble",
    [
        {"status": 429},
        {"status": 503, "fault": "503"},
        {"status": None, "fault": "reset", "told": False},
        {"fault": "content_type(text/html)"},
        {"content": b"", "told": False},
        {"status": 404},
    ],
)
def test_after_a_poll_that_went_wrong_other_waits_are_in_order(trouble: dict[str, Any]) -> None:
    calls = SUBMIT, samples.poll(2, 5, **trouble), samples.poll(3, 5.2)
    assert verdict("poll-floor", samples.trace(*calls)) is PASSED


def test_the_end_of_a_task_is_no_matter_of_distance() -> None:
    calls = SUBMIT, samples.poll(2, 5, Phase.SUCCEEDED), samples.poll(3, 5.1, Phase.SUCCEEDED)
    assert verdict("poll-floor", samples.trace(*calls)) is PASSED


def test_polls_of_two_tasks_do_not_disturb_each_other() -> None:
    made = SUBMIT, samples.submit(2, 0, task="t2")
    calls = (samples.poll(3, 5), samples.poll(4, 5.1, task="t2"), samples.poll(5, 10))
    assert verdict("poll-floor", samples.trace(*made, *calls)) is PASSED


def test_a_task_without_polls_shows_no_distance() -> None:
    assert verdict("poll-floor", samples.trace(SUBMIT)) is IDLE
    assert verdict("poll-floor", samples.trace(samples.poll(1, 5))) is IDLE


# POL-02


def test_a_client_in_a_crowd_is_not_blamed_for_being_late() -> None:
    crowd = Timing(virtual=False, unloaded=False)
    assert verdict("poll-promptly", polled(5, 35, timing=crowd)) is OPEN


def test_noise_is_taken_off_a_long_wait() -> None:
    alone = Timing(virtual=False, noise=0.2)
    assert verdict("poll-promptly", polled(5, 15.1, timing=alone)) is PASSED
    assert verdict("poll-promptly", polled(5, 15.1)) is ADVICE
    assert verdict("poll-promptly", polled(5)) is IDLE


# POL-03

END = samples.poll(2, 5, Phase.SUCCEEDED)
AGAIN = samples.poll(4, 10, Phase.SUCCEEDED)


def test_a_failure_is_an_end_as_well() -> None:
    calls = SUBMIT, samples.poll(2, 5, Phase.FAILED), samples.poll(3, 10, Phase.FAILED)
    assert verdict("quiet-after-end", samples.trace(*calls)) is FAILED


def test_silence_has_to_last_where_nobody_knows_that_the_client_has_ended() -> None:
    trace = samples.trace(SUBMIT, END, taken=19)
    assert verdict("quiet-after-end", trace) is OPEN
    running_on = replace(trace, jobs=(samples.done(None, 19),))
    assert verdict("quiet-after-end", running_on) is OPEN
    over = replace(trace, jobs=(samples.done(samples.succeeded(), 5),))
    assert verdict("quiet-after-end", over) is PASSED
    assert verdict("quiet-after-end", samples.trace(SUBMIT, END, taken=20)) is PASSED


@pytest.mark.parametrize("spoiled", [{"told": False}, {"fault": "content_type(text/html)"}])
def test_an_end_that_was_not_told_cleanly_may_be_asked_for_again(spoiled: dict[str, Any]) -> None:
    calls = SUBMIT, samples.poll(2, 5, Phase.SUCCEEDED, **spoiled), AGAIN
    trace = samples.trace(*calls, outcome=samples.succeeded())
    assert verdict("quiet-after-end", trace) is PASSED
    assert verdict("quiet-after-end", samples.trace(*calls[:2])) is IDLE


@pytest.mark.parametrize("status", [403, 404, None])
def test_a_result_that_is_not_given_out_may_be_asked_for_once_more(status: int | None) -> None:
    fetch = samples.download(3, 6, status=status)
    calls = SUBMIT, END, fetch, AGAIN
    trace = samples.trace(*calls, outcome=samples.succeeded())
    assert verdict("quiet-after-end", trace) is PASSED
    third = samples.poll(5, 15, Phase.SUCCEEDED)
    trace = samples.trace(*calls, third, outcome=samples.succeeded())
    assert found("quiet-after-end", trace).evidence == (2, 5)


def test_a_result_that_was_fetched_is_no_reason_to_ask_again() -> None:
    calls = SUBMIT, END, samples.download(3, 6), AGAIN
    assert verdict("quiet-after-end", samples.trace(*calls)) is FAILED
    other = samples.download(3, 6, status=403, task="t2")
    assert verdict("quiet-after-end", samples.trace(SUBMIT, END, other, AGAIN)) is FAILED


# POL-04


def test_polls_of_a_task_whose_submit_was_dropped_remain_open() -> None:
    assert verdict("own-tasks-only", samples.trace(samples.poll(9, 5), dropped=8)) is OPEN
    assert verdict("own-tasks-only", samples.trace(SUBMIT)) is IDLE


# POL-05


def held(number: int, at: float, seconds: float, **facts: Any) -> Exchange:
    return samples.poll(number, at, head_wait=seconds, total_wait=seconds, **facts)


def test_polls_that_are_answered_at_once_cannot_overtake_each_other() -> None:
    assert verdict("one-poll-at-a-time", polled(5, 10)) is IDLE


def test_a_poll_that_was_left_is_not_under_way_any_more() -> None:
    left = held(2, 5, 1e9, aborted=True, ended=samples.START + 15.01)
    calls = SUBMIT, left, samples.poll(3, 15)
    assert verdict("one-poll-at-a-time", samples.trace(*calls)) is ADVICE
    real = Timing(virtual=False, noise=0.01)
    assert verdict("one-poll-at-a-time", samples.trace(*calls, timing=real)) is PASSED


def test_a_poll_that_is_left_hanging_is_still_under_way() -> None:
    calls = SUBMIT, held(2, 5, 1e9, aborted=True, ended=None), samples.poll(3, 15)
    assert verdict("one-poll-at-a-time", samples.trace(*calls)) is ADVICE


def test_polls_of_two_tasks_may_be_under_way_at_once() -> None:
    calls = SUBMIT, held(2, 5, 8), held(3, 6, 8, task="t2")
    assert verdict("one-poll-at-a-time", samples.trace(*calls)) is PASSED


# POL-06


def reported(*calls: Exchange, outcome: Outcome | None = None, **facts: Any) -> Trace:
    """These calls after a submit, and a job that ended after the last one."""
    until = calls[-1].started - samples.START + facts.pop("later", 0)
    done = samples.done(outcome, until, **facts)
    return samples.trace(SUBMIT, *calls, jobs=(done,), taken=until)


ODD = {
    "still": running(3, 10),
    "fallen": running(3, 10, progress=10),
    "missing": running(3, 10, progress=...),
    "null": running(3, 10, progress=None),
    "low": running(3, 10, progress=-1),
    "high": running(3, 10, progress=150),
}


@pytest.mark.parametrize("kind", ODD)
def test_every_odd_progress_is_put_up_with(kind: str) -> None:
    first, last = samples.poll(2, 5), samples.poll(4, 15, Phase.SUCCEEDED)
    kept = reported(first, ODD[kind], last, outcome=samples.succeeded())
    assert verdict("odd-progress", kept) is PASSED
    gave_up = reported(first, ODD[kind], outcome=samples.failed())
    assert verdict("odd-progress", gave_up) is FAILED
    crashed = reported(first, ODD[kind], raised="builtins.KeyError", typed=False)
    assert verdict("odd-progress", crashed) is FAILED


@pytest.mark.parametrize(
    "poll",
    [
        running(3, 10, progress=60),
        running(3, 10, progress="50%"),
        running(3, 10, progress=33.3),
        running(3, 10, progress=True),
        running(3, 10, progress=10, id=7),
        running(3, 10, progress=10, status=...),
        replace(running(3, 10, progress=10), reply_headers=()),
        replace(running(3, 10, progress=10), told=False),
        replace(running(3, 10, progress=10), status=503),
        replace(running(3, 10, progress=10), aborted=True),
        samples.poll(3, 10, content=b"[]"),
        samples.poll(3, 10, Phase.FAILED),
    ],
)
def test_progress_that_is_fine_or_beside_other_trouble_is_not_judged(poll: Exchange) -> None:
    trace = reported(samples.poll(2, 5), poll, outcome=samples.failed())
    assert verdict("odd-progress", trace) is IDLE


def test_who_got_past_one_odd_progress_knows_the_kind() -> None:
    polls = samples.poll(2, 5), samples.poll(3, 10), samples.poll(4, 15)
    assert verdict("odd-progress", reported(*polls, outcome=samples.failed())) is PASSED


@pytest.mark.parametrize(
    "facts",
    [
        {"outcome": samples.failed(), "later": 120},
        {"outcome": None},
        {"outcome": samples.failed(), "stopped": samples.START + 10},
    ],
)
def test_a_job_that_ended_for_another_reason_shows_nothing(facts: dict[str, Any]) -> None:
    trace = reported(samples.poll(2, 5), ODD["fallen"], **facts)
    assert verdict("odd-progress", trace) is IDLE


def test_a_client_that_never_asks_again_has_stumbled() -> None:
    finding = found("odd-progress", reported(samples.poll(2, 5), ODD["fallen"], later=300))
    assert finding.verdict is FAILED
    assert "a progress that fell: the client never asked again" in str(finding.seen)


def test_a_job_of_nobody_knows_shows_nothing() -> None:
    trace = samples.trace(SUBMIT, samples.poll(2, 5), ODD["fallen"])
    assert verdict("odd-progress", trace) is IDLE


def succeeded_oddly(**facts: Any) -> Exchange:
    return samples.poll(
        3, 10, Phase.SUCCEEDED, content=samples.task_text(Phase.SUCCEEDED, progress=None), **facts
    )


def test_an_odd_progress_at_the_end_is_no_reason_to_lose_the_success() -> None:
    end = samples.poll(2, 5), succeeded_oddly()
    assert verdict("odd-progress", reported(*end, outcome=samples.succeeded())) is PASSED
    assert verdict("odd-progress", reported(*end, outcome=samples.failed())) is FAILED
    crash = reported(*end, outcome=samples.failed(), raised="TypeError", typed=False)
    assert "crashed with TypeError" in str(found("odd-progress", crash).seen)
    assert verdict("odd-progress", reported(*end)) is IDLE


@pytest.mark.parametrize("trouble", [{"status": 403}, {"fault": "cut"}])
def test_a_download_that_failed_may_be_the_reason(trouble: dict[str, Any]) -> None:
    calls = samples.poll(2, 5), succeeded_oddly(), samples.download(4, 11, **trouble)
    assert verdict("odd-progress", reported(*calls, outcome=samples.failed())) is IDLE
    fine = samples.poll(2, 5), succeeded_oddly(), samples.download(4, 11)
    assert verdict("odd-progress", reported(*fine, outcome=samples.failed())) is FAILED


def test_without_reports_nothing_of_this_can_be_judged() -> None:
    trace = replace(rule_named("odd-progress").guilty, abilities=BLACK_BOX)
    for rule in ("odd-progress", "progress-forward", "unknown-fields", "unknown-status"):
        assert verdict(rule, trace) is NOT_MEANT


# POL-07


def test_progress_that_never_fell_shows_nothing() -> None:
    calls = samples.poll(2, 5), running(3, 10, progress=60)
    steady = reported(*calls, outcome=samples.succeeded(), progress=(50.0, 60.0))
    assert verdict("progress-forward", steady) is IDLE
    own = reported(*calls, outcome=samples.succeeded(), progress=(60.0, 50.0))
    assert verdict("progress-forward", own) is ADVICE


def test_a_caller_who_is_told_nothing_sees_nothing_fall() -> None:
    calls = samples.poll(2, 5), running(3, 10, progress=10), running(4, 15, progress="5")
    assert verdict("progress-forward", reported(*calls, outcome=samples.succeeded())) is IDLE


# POL-08


def test_unknown_members_in_the_reply_to_a_submit_are_overlooked_as_well() -> None:
    value = {"id": "t1", "status": "queued", "progress": 0, "eta": 12, "queue": {"position": 3}}
    odd = samples.submit(1, 0, content=json.dumps(value).encode())
    calls = odd, samples.poll(2, 5, Phase.SUCCEEDED)
    assert verdict("unknown-fields", samples.trace(*calls, outcome=samples.succeeded())) is PASSED
    finding = found("unknown-fields", samples.trace(odd, outcome=samples.failed()))
    assert finding.verdict is FAILED
    assert "the unknown eta, queue: the client gave the task up" in str(finding.seen)


def test_replies_that_are_no_tasks_have_no_unknown_members() -> None:
    calls = SUBMIT, samples.poll(2, 5, content=b"[]"), samples.refused(3, 6)
    assert verdict("unknown-fields", samples.trace(*calls, samples.download(4, 7))) is IDLE


def test_unknown_members_of_a_failed_task_leave_it_failed() -> None:
    end = samples.poll(2, 5, Phase.FAILED, content=samples.task_text(Phase.FAILED, logs=["a"]))
    assert verdict("unknown-fields", reported(end, outcome=samples.failed())) is PASSED


# POL-09


def strange(number: int, at: float, phase: Phase = Phase.RUNNING) -> Exchange:
    text = samples.task_text(phase, status="cancelled")
    return samples.poll(number, at, phase, content=text, told=not phase.is_terminal)


def test_who_asks_on_after_an_unknown_status_may_give_up_at_the_deadline() -> None:
    calls = (strange(2, 5), strange(3, 10))
    late = reported(*calls, outcome=samples.failed(), later=115)
    assert verdict("unknown-status", late) is PASSED
    early = reported(*calls, outcome=samples.failed())
    assert verdict("unknown-status", early) is FAILED


def test_behind_an_unknown_word_a_failure_may_be_reported_and_no_success() -> None:
    end = strange(2, 5, Phase.FAILED)
    assert verdict("unknown-status", reported(end, outcome=samples.failed())) is PASSED
    finding = found("unknown-status", reported(end, outcome=samples.succeeded()))
    assert finding.verdict is FAILED
    assert "after 'cancelled' in call 2" in str(finding.seen)


def test_a_success_behind_an_unknown_word_is_the_clients_to_take_or_leave() -> None:
    end = strange(2, 5, Phase.SUCCEEDED)
    assert verdict("unknown-status", reported(end, outcome=samples.succeeded())) is IDLE


@pytest.mark.parametrize("status", [..., 3, "", "running"])
def test_no_word_and_known_words_are_not_unknown(status: object) -> None:
    trace = reported(running(2, 5, status=status), outcome=samples.failed())
    assert verdict("unknown-status", trace) is IDLE


def test_a_reply_that_is_no_object_has_no_status() -> None:
    trace = reported(samples.poll(2, 5, content=b"[]"), outcome=samples.failed())
    assert verdict("unknown-status", trace) is IDLE


# POL-10


def two_tasks(first: tuple[float, ...], second: tuple[float, ...]) -> Trace:
    """Two tasks in one run, polled at these times."""
    calls = [SUBMIT, samples.submit(2, 0, {"prompt": "a dog"}, task="t2")]
    for task, times in (("t1", first), ("t2", second)):
        calls += [samples.poll(len(calls) + 1, at, task=task) for at in times]
    return samples.trace(*calls)


def test_clients_that_poll_in_step_have_no_jitter() -> None:
    times = (5, 10, 15, 20)
    assert verdict("poll-jitter", two_tasks(times, times)) is ADVICE
    assert verdict("poll-jitter", two_tasks(times, (5, 11, 16, 21))) is PASSED
    assert verdict("poll-jitter", two_tasks((5, 10), (5, 10))) is OPEN
    assert verdict("poll-jitter", polled(5, 10, 15)) is IDLE


# POL-11


def waited(until: float, outcome: Outcome | None = None, **facts: Any) -> Trace:
    """A task that goes on and on, and a job that ends then."""
    polls = [samples.poll(number, number * 5 - 5) for number in range(2, 20)]
    calls = facts.pop("calls", (SUBMIT, *polls))
    known = {name: facts.pop(name) for name in ("gives_up_after", "timing") if name in facts}
    done = samples.done(outcome, until, **facts)
    return samples.trace(*calls, jobs=(done,), **known)


def test_one_interval_more_than_the_deadline_is_allowed() -> None:
    assert verdict("deadline", waited(130, samples.failed())) is PASSED
    assert verdict("deadline", waited(131, samples.failed())) is FAILED
    assert verdict("deadline", waited(131, samples.failed(), gives_up_after=300.0)) is PASSED
    assert verdict("deadline", waited(60, samples.failed(), gives_up_after=30.0)) is FAILED
    late = Timing(virtual=False, noise=2.0)
    assert verdict("deadline", waited(131, samples.failed(), timing=late)) is PASSED


def test_a_wait_that_was_ended_by_force_in_time_shows_nothing() -> None:
    assert verdict("deadline", waited(100)) is IDLE
    assert verdict("deadline", waited(300, stopped=samples.START + 10)) is IDLE


def test_a_wait_that_ends_in_a_crash_or_a_success_has_no_deadline() -> None:
    crash = waited(90, raised="builtins.RecursionError", typed=False)
    assert "a raw builtins.RecursionError" in str(found("deadline", crash).seen)
    assert verdict("deadline", waited(90, raised="requests.Timeout")) is PASSED
    claim = found("deadline", waited(90, samples.succeeded()))
    assert claim.verdict is FAILED
    assert "ended in a success" in str(claim.seen)


def test_a_task_that_ended_or_was_never_known_needs_no_deadline() -> None:
    over = SUBMIT, samples.poll(2, 300, Phase.SUCCEEDED)
    assert verdict("deadline", waited(300, samples.succeeded(), calls=over)) is IDLE
    untold = replace(SUBMIT, told=False), samples.poll(2, 5)
    assert verdict("deadline", waited(300, calls=untold)) is IDLE
    assert verdict("deadline", waited(300, calls=(samples.refused(1, 0),))) is IDLE
    assert verdict("deadline", samples.trace(SUBMIT)) is IDLE


def test_a_poll_that_is_never_answered_has_its_timeout_and_one_pause() -> None:
    stalled = held(2, 5, 1e9, aborted=True, ended=samples.START + 65)
    calls = SUBMIT, stalled
    assert verdict("deadline", waited(65, samples.failed(), calls=calls)) is PASSED
    assert verdict("deadline", waited(175, samples.failed(), calls=calls)) is PASSED
    assert verdict("deadline", waited(181, calls=calls)) is FAILED


def test_who_gives_up_after_an_error_did_not_wait_for_the_end() -> None:
    calls = SUBMIT, samples.poll(2, 5, status=401)
    assert verdict("deadline", waited(5, samples.failed(), calls=calls)) is IDLE


# POL-12


@pytest.mark.parametrize(
    ("calls", "expected"),
    [
        ((SUBMIT, samples.poll(2, 5), samples.poll(3, 10, status=404)), IDLE),
        ((samples.poll(1, 5, status=404),), IDLE),
        ((SUBMIT, samples.poll(2, 5, status=404)), ADVICE),
        ((SUBMIT, samples.poll(2, 5, status=404), samples.poll(3, 6, status=404)), PASSED),
    ],
)
def test_only_the_first_poll_of_a_new_task_may_find_nothing(
    calls: tuple[Exchange, ...], expected: Verdict
) -> None:
    trace = samples.trace(*calls, outcome=samples.failed("not_found"))
    assert verdict("early-404", trace) is expected


def test_who_was_told_to_stop_did_not_give_up() -> None:
    done = samples.done(samples.failed(), 5, stopped=samples.START + 5)
    trace = samples.trace(SUBMIT, samples.poll(2, 5, status=404), jobs=(done,))
    assert verdict("early-404", trace) is IDLE
