"""REQ-09: who asks for compressed replies unpacks them."""

from collections.abc import Iterator

from contract_tests.finding import Finding, Violation, Words
from contract_tests.outcome import OutcomeStatus
from contract_tests.rules.base import samples
from contract_tests.rules.base.jobs import JobCalls, calls_by_job
from contract_tests.rules.base.patience import has_given_up
from contract_tests.rules.base.payload import values_of
from contract_tests.rules.base.replies import results_in
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Ability, Exchange, Trace
from mock_server.core.lifecycle import Phase

_CODINGS = {"gzip": ("gzip", "x-gzip"), "x-gzip": ("gzip", "x-gzip"), "deflate": ("deflate",)}
# The frame of zlib is a part of the coding (RFC 9110, 8.4.1.2); without it, clients may refuse.
_BARE = "bare_deflate"
_FAILURES = frozenset({OutcomeStatus.FAILED, OutcomeStatus.UNKNOWN})


class GzipDecoded(Rule):
    """A reply in a coding that the client asked for is read like any other."""

    id = "gzip-decoded"
    number = "REQ-09"
    title = "A reply that is compressed as the client allowed it is unpacked and understood"
    grade = Grade.MUST
    origin = Origin.RFC
    why = "A header that was copied from a browser turns each reply into noise, some day."
    source = "RFC 9110, 12.5.3: Accept-Encoding names the content codings that are acceptable"
    mend = (
        "Let the HTTP library send Accept-Encoding, and unpack by itself.",
        "Whoever sends the header by hand unpacks by hand, error replies as well.",
    )
    needs = frozenset({Ability.REPORTS})

    def judge(self, trace: Trace) -> Finding:
        """Every compressed reply about a task, and what its job did with it."""
        found = [(job, one) for job in calls_by_job(trace) for one in job.calls if _is_packed(one)]
        judged = [(one, state) for job, one in found for state in _understood(trace, job, one)]
        return self.judged(
            trace,
            chances=len(judged),
            idle="no reply was compressed as the client had allowed it",
            violations=[
                Violation(
                    (one.number,),
                    Words("the compressed reply to call {call} was lost", {"call": one.number}),
                )
                for one, is_understood in judged
                if not is_understood
            ],
        )

    @property
    def innocent(self) -> Trace:
        """The id in a compressed reply is polled for."""
        calls = samples.submit(1, 0, **_packed()), samples.poll(2, 5, Phase.SUCCEEDED)
        return samples.trace(*calls, outcome=samples.succeeded())

    @property
    def guilty(self) -> Trace:
        """Nobody polls for it."""
        return samples.trace(samples.submit(1, 0, **_packed()), outcome=samples.failed())


def _packed() -> dict[str, object]:
    accept = (b"accept-encoding", b"gzip, deflate")
    return {
        "headers": (*samples.authorized(), accept),
        "reply_headers": ((b"content-encoding", b"gzip"),),
    }


def _is_packed(call: Exchange) -> bool:
    """Whether a reply about a task came whole, in a coding that its caller had allowed."""
    coding = ", ".join(values_of(call.reply_headers, b"content-encoding")).lower()
    is_sound = coding in _CODINGS and _BARE not in (call.fault or "")
    is_heard = call.heard_status == 200 and call.told and not call.aborted
    return is_sound and is_heard and call.task is not None and _allows(call, coding)


def _allows(call: Exchange, coding: str) -> bool:
    sent = ",".join(values_of(call.headers, b"accept-encoding")).lower().split(",")
    items = [item.replace(" ", "").partition(";") for item in sent]
    allowed = {name for name, _, weight in items if weight not in ("q=0", "q=0.0", "q=0.00")}
    return not allowed.isdisjoint((*_CODINGS[coding], "*"))


def _understood(trace: Trace, job: JobCalls, call: Exchange) -> Iterator[bool]:
    """Whether a reply was understood, as far as what followed can tell."""
    later = {
        one.operation for one in job.calls if one.task == call.task and one.number > call.number
    }
    has_failed = job.outcome is not None and job.outcome.status in _FAILURES
    if job.done.raised is not None and not job.done.typed and job.last is call:
        yield False
    elif job.claims_success or "result" in later:
        yield True
    elif call.phase is Phase.FAILED or job.done.stopped is not None:
        return
    elif call.operation == "status" and call.phase is Phase.SUCCEEDED:
        # A success with too little to show is rightly called a failure.
        has_all = len(results_in(trace.terms, call)) >= job.done.job.n
        if has_all and (later or has_failed):
            yield False
    elif later:
        yield True
    elif has_failed and has_given_up(trace, call):
        yield False
