"""Tolerance: whether a client goes on after a reply that is odd, but says all that it needs."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from contract_tests.finding import Finding, Violation, Words
from contract_tests.rules.base.jobs import JobCalls, calls_by_job, is_late
from contract_tests.rules.base.remembering import remembered
from contract_tests.rules.base.replies import results_in, wrong_types
from contract_tests.rules.base.rule import Rule
from contract_tests.trace import Exchange, Trace, is_shorter
from mock_server.core.lifecycle import Phase


@dataclass(frozen=True, slots=True)
class Odd:
    """A reply about a task that is odd, and ``what`` is odd about it, in a few words."""

    exchange: Exchange
    what: str


def is_sound(trace: Trace, exchange: Exchange, *but: str, told: bool = True) -> bool:
    """Whether a reply about a task has all its members as documented, except for these.

    With ``told``, it must also say what is meant in the words of the profile.
    """
    body = exchange.reply_json
    if exchange.heard_status != 200 or exchange.aborted or (told and not exchange.told):
        return False
    labels = (value for name, value in exchange.reply_headers if name == b"content-type")
    return (
        isinstance(body, dict)
        and any(b"json" in label.lower() for label in labels)
        and trace.terms.replies.required <= body.keys() | set(but)
        and set(wrong_types(trace.terms, exchange)) <= set(but)
    )


def status_word(exchange: Exchange) -> object:
    """The status in a reply, None where there is none."""
    body = exchange.reply_json
    return body.get("status") if isinstance(body, dict) else None


Told: TypeAlias = tuple[Exchange, object, float | None]


@remembered
def told_progress(trace: Trace) -> tuple[Told, ...]:
    """The polls with sound replies, the progress in each, and the number told before, if any."""
    return tuple(_told_progress(trace))


def _told_progress(trace: Trace) -> Iterator[Told]:
    latest: dict[str | None, float] = {}
    for exchange in trace.calls.polls():
        body = exchange.reply_json
        if isinstance(body, dict) and is_sound(trace, exchange, "progress"):
            progress = body.get("progress")
            yield exchange, progress, latest.get(exchange.task)
            if isinstance(progress, int | float):
                latest[exchange.task] = progress


def judge_tolerance(rule: Rule, trace: Trace, odd: Iterable[Odd], idle: str) -> Finding:
    """The finding for these replies: each is to be taken as if nothing were odd about it."""
    taken = [reaction for one in odd for reaction in reactions(trace, one)]
    violations = [one for one in taken if one is not None]
    return rule.judged(trace, chances=len(taken), idle=idle, violations=violations)


def reactions(trace: Trace, odd: Odd) -> Iterator[Violation | None]:
    """How the client took a reply: well (None) or not; nothing where that cannot be told."""
    exchange = odd.exchange
    if not exchange.says_end and _is_asked_again(trace, exchange):
        yield None
        return
    job = next((one for one in calls_by_job(trace) if exchange in one.calls), None)
    if job is None or job.done.stopped is not None:
        return
    if exchange.says_end:
        yield from _at_the_end(trace, job, odd)
    elif job.done.outcome is not None or job.done.raised is not None:
        if not is_late(trace, job.done):
            yield _violation(odd, "the client gave the task up")
    elif job.done.ended - exchange.completed > trace.calls.polling.max_wait:
        yield _violation(odd, "the client never asked again")


def _at_the_end(trace: Trace, job: JobCalls, odd: Odd) -> Iterator[Violation | None]:
    """What a job makes of the end of its task, where no result was missing or in trouble."""
    if job.done.raised is not None and not job.done.typed:
        yield _violation(odd, f"the client crashed with {job.done.raised}")
    elif odd.exchange.phase is Phase.FAILED or job.claims_success:
        yield None
    elif job.outcome is not None and not (
        _has_trouble(job.calls) or _lacks_results(trace, job, odd)
    ):
        yield _violation(odd, "the client reported no success")


def _lacks_results(trace: Trace, job: JobCalls, odd: Odd) -> bool:
    return len(results_in(trace.terms, odd.exchange)) < job.done.job.n


def _violation(odd: Odd, then: str) -> Violation:
    facts = {"call": odd.exchange.number, "what": odd.what, "then": then}
    words = Words("the reply to call {call} had {what}: {then}", facts)
    return Violation((odd.exchange.number,), words)


def _is_asked_again(trace: Trace, exchange: Exchange) -> bool:
    later = (one for one in trace.calls.polls() if one.number > exchange.number)
    return any(
        one.task == exchange.task and not is_shorter(one.started, exchange.completed)
        for one in later
    )


def _has_trouble(calls: Sequence[Exchange]) -> bool:
    """Whether a fetch of a result, or the last reply itself, can have been the reason."""
    fetches = (one for one in calls if one.operation == "result")
    return any(one.heard_status != 200 or one.fault is not None for one in fetches)
