"""BOF-09: a Retry-After that makes no sense is overlooked."""

from collections.abc import Iterator, Sequence

from contract_tests.finding import Finding, Violation, Words
from contract_tests.rules.base import samples
from contract_tests.rules.base.backoff_floors import UNCLEAR, too_short_pauses
from contract_tests.rules.base.named_waits import every_caller, follower
from contract_tests.rules.base.orders import job_of
from contract_tests.rules.base.pauses import pauses
from contract_tests.rules.base.refused import has_bad_retry_after, retry_after_text
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.rules.base.waits import too_short
from contract_tests.trace import Done, Exchange, Trace

_LONGEST = 40


class BadRetryAfter(Rule):
    """After a Retry-After that nobody can keep: the usual backoff, no crash and no hang."""

    id = "bad-retry-after"
    number = "BOF-09"
    title = "A Retry-After that is 0, negative, past, endless or no time leads to the usual backoff"
    grade = Grade.MUST
    origin = Origin.RFC
    why = (
        "What stands in the field is whatever some proxy wrote. Taken at its word it is a crash, a"
        " tight loop, or a sleep of years."
    )
    source = "RFC 9110, 10.2.3: a number of seconds or an HTTP-date, and nothing else"
    mend = (
        "Take Retry-After only where it is a number above 0 and within your deadline, or a date"
        " to come; catch what its parser throws.",
        "In all other cases wait as if it were not there.",
    )

    def judge(self, trace: Trace) -> Finding:
        """Every reply with such a Retry-After, the pause after it, and how its job ended."""
        odd = list(_odd(trace))
        found = [
            pause
            for operation in ("submit", "status")
            for pause in pauses(trace, operation)
            if not pause.is_plain
        ]
        short, is_unclear = too_short_pauses(found, trace.timing)
        ends = (_violation(trace, one) for one, after in odd if after is None)
        return self.judged(
            trace,
            chances=len(odd),
            idle="no Retry-After was served that nobody can keep",
            violations=[
                *(one for one in ends if one is not None),
                *(too_short(pause.wait) for pause in short),
            ],
            pending=UNCLEAR if is_unclear else None,
        )

    @property
    def innocent(self) -> Trace:
        """A second's pause after a Retry-After of 0."""
        return samples.trace(samples.refused(1, 0, **samples.after(0)), samples.submit(2, 1.2))

    @property
    def guilty(self) -> Trace:
        """A crash over a word."""
        crashed = samples.done(samples.failed(), 0, raised="builtins.ValueError", typed=False)
        return samples.trace(samples.refused(1, 0, **samples.after("soon")), jobs=(crashed,))


def _odd(trace: Trace) -> Iterator[tuple[Exchange, Exchange | None]]:
    """The replies with such a Retry-After that were heard, and what their caller sent next."""
    for attempts in every_caller(trace):
        for one in attempts:
            if one.heard_status is not None and has_bad_retry_after(trace, one):
                yield one, follower(attempts, one) or _other(trace, attempts, one)


def _other(trace: Trace, attempts: Sequence[Exchange], one: Exchange) -> Exchange | None:
    """The first later call about the same task, such as the poll after a submit."""
    later = trace.calls.after(one)
    return next((two for two in later if two.task is not None and two.task == one.task), None)


def _violation(trace: Trace, last: Exchange) -> Violation | None:
    """What is wrong with the end of a job whose last call was answered with such a field."""
    done = job_of(trace, last)
    seen = None if done is None or done.stopped is not None else _end(trace, last, done)
    return None if seen is None else Violation((last.number,), seen)


def _end(trace: Trace, last: Exchange, done: Done) -> Words | None:
    value = retry_after_text(last) or ""
    facts = {"call": last.number, "value": value[:_LONGEST], "raised": done.raised}
    if done.raised is not None and not done.typed:
        return Words("{raised} after call {call}, with Retry-After {value!r}", facts)
    waited = done.ended - last.completed
    if done.outcome is None and waited > trace.calls.polling.max_wait:
        facts["seconds"] = waited
        template = "nothing for {seconds:g} s after call {call}, with Retry-After {value!r}"
        return Words(template, facts)
    return None
