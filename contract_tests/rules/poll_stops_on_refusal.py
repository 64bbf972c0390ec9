"""RET-03: a poll that was refused for good is the last one."""

from collections.abc import Iterator

from contract_tests.finding import Finding, Violation, Words
from contract_tests.rules.base import samples
from contract_tests.rules.base.patience import has_false_success
from contract_tests.rules.base.repeats import Repeats, followed
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Exchange, Trace, by_call
from mock_server.core.verification.quiet import broken_quiet
from mock_server.core.verification.scopes import Followed


class PollStopsOnRefusal(Rule):
    """After a 400 or 401 on a poll, the task is not polled again, and no success is reported."""

    id = "poll-stops-on-refusal"
    number = "RET-03"
    title = "After a 400 or 401 on a poll, polling stops and the caller hears of it"
    grade = Grade.MUST
    origin = Origin.DOCUMENTED
    why = "A key that was revoked meanwhile stays revoked; the caller waits for nothing."
    source = "GUIDE Common Errors: 400 and 401, retry after the payload or the key is fixed"
    mend = (
        "Look at the status of each poll: 400 and 401 end the job with an error.",
        "Name the task in that error, so that it can be asked for with another key.",
    )

    def judge(self, trace: Trace) -> Finding:
        """Every task whose poll was refused, and what followed."""
        polls = [one for one in trace.exchanges if one.operation == "status"]
        groups = (Repeats(one, 1) for one in by_call(polls).values())
        ends = [end for one in groups if (end := followed(one, _ends))]
        quiet = broken_quiet(ends, "polled again in call {call}, {seconds:.3f} s after")
        return self.judged(
            trace,
            chances=len(ends),
            idle="no poll was answered 400 or 401",
            violations=[*quiet, *_false_successes(trace, ends)],
            needs_all=not quiet,
        )

    @property
    def innocent(self) -> Trace:
        """One refusal, and an error for the caller."""
        calls = samples.submit(1, 0), samples.poll(2, 5, status=401)
        return samples.trace(*calls, outcome=samples.failed("e401"))

    @property
    def guilty(self) -> Trace:
        """Another poll."""
        calls = samples.submit(1, 0), samples.poll(2, 5, status=401)
        return samples.trace(*calls, samples.poll(3, 10, status=401))


def _ends(call: Exchange) -> bool:
    return call.heard_status in (400, 401)


def _false_successes(trace: Trace, ends: list[Followed]) -> Iterator[Violation]:
    if ends and has_false_success(trace):
        call = ends[0].exchange.number
        words = "a success was reported, though the poll of call {call} was refused"
        yield Violation((call,), Words(words, {"call": call}))
