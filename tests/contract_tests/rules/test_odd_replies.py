"""The rules POL-06 to POL-09: what clients make of replies that are odd."""

import json
from dataclasses import replace
from typing import Any

import pytest

from contract_tests.outcome import Outcome
from contract_tests.rules import rule_named
from contract_tests.rules.base import samples
from contract_tests.trace import Ability, Exchange, Trace
from mock_server.core.lifecycle import Phase
from tests.contract_tests.rules.judged import (
    ADVICE,
    FAILED,
    IDLE,
    NOT_MEANT,
    PASSED,
    found,
    verdict,
)

SUBMIT = samples.submit(1, 0)
BLACK_BOX = frozenset({Ability.SIGNALLED})


def running(number: int, at: float, **members: Any) -> Exchange:
    """A poll whose reply has these members beside, or in place of, the usual ones."""
    value = json.loads(samples.task_text(Phase.RUNNING)) | members
    kept = {name: one for name, one in value.items() if one is not ...}
    return samples.poll(number, at, content=json.dumps(kept).encode())


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
