"""RET-06: a client gives up in the end."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from contract_tests.finding import Finding, Violation, Words
from contract_tests.rules.base import samples
from contract_tests.rules.base.orders import orders
from contract_tests.rules.base.patience import has_ended, has_false_success, is_passing
from contract_tests.rules.base.repeats import same_uploads
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Exchange, Trace, by_call, is_shorter


@dataclass(frozen=True, slots=True)
class _Row:
    """Failures in passing of one call; ``most`` retries are allowed after the first of them."""

    failures: tuple[Exchange, ...]
    most: int
    is_last: bool

    @property
    def retries(self) -> int:
        return len(self.failures) - 1

    @property
    def is_endless(self) -> bool:
        return self.retries > self.most


class RetriesBounded(Rule):
    """A call that goes on failing is given up, and that is an error."""

    id = "retries-bounded"
    number = "RET-06"
    title = (
        "Trouble without end ends in an error, after as many retries as the profile allows at most"
    )
    grade = Grade.MUST
    origin = Origin.SAFETY
    why = (
        "A used-up quota answers like a busy minute: the caller waits for ever and never hears why."
    )
    source = "GUIDE Common Errors: 429, if it persists, reduce submission pressure; the kit's bound"
    mend = (
        "Count the attempts at one call, and raise the last error when the bound is reached.",
        "Let one deadline end the whole job, whatever the single steps are waiting for.",
    )

    def judge(self, trace: Trace) -> Finding:
        """Every row of failures that did not end well."""
        rows = [row for row in (*_posts(trace), *_polls(trace)) if row.is_last or row.is_endless]
        if any(done.stopped is not None for done in trace.jobs):
            rows = [row for row in rows if row.is_endless]
        last = [row for row in rows if row.is_last]
        waiting = [row for row in last if not has_ended(trace, row.failures[-1])]
        pending = Words("the client had not given up yet when the story ended")
        return self.judged(
            trace,
            chances=len(rows),
            idle="nothing failed until it was given up",
            violations=[
                *(_endless(row) for row in rows if row.is_endless),
                *_false_successes(trace, last),
            ],
            pending=pending if waiting else None,
            expected=Words(
                "at most {most} retries, then an error",
                {"most": trace.calls.backoff.retries_at_most},
            ),
        )

    @property
    def innocent(self) -> Trace:
        """Given up after two retries."""
        calls = samples.refused(1, 0), samples.refused(2, 1), samples.refused(3, 3)
        return samples.trace(*calls, outcome=samples.failed("rate_limit_exceeded"))

    @property
    def guilty(self) -> Trace:
        """Tried again more often than the profile allows."""
        most = samples.BACKOFF.retries_at_most
        return samples.trace(*(samples.refused(1 + n, 60 * n) for n in range(most + 2)))


def _posts(trace: Trace) -> Iterator[_Row]:
    most = trace.calls.backoff.retries_at_most
    groups = [(one.submits, one.wanted) for one in orders(trace)]
    groups += [(one.attempts, one.times) for one in same_uploads(trace)]
    for attempts, times in groups:
        failures = tuple(filter(is_passing, attempts))
        if failures:
            # Of several callers, each may try again as often; nothing tells them apart.
            is_last = is_passing(attempts[-1])
            yield _Row(failures, times * (most + 1) - 1, is_last)


def _polls(trace: Trace) -> Iterator[_Row]:
    """Rows of 429s: other trouble of polls, and 429 within the time for polling, may be sat out."""
    limit = trace.calls.polling.max_wait if trace.gives_up_after is None else trace.gives_up_after
    for polls in by_call(one for one in trace.exchanges if one.operation == "status").values():
        failures = _last_row(polls)
        if failures:
            lasted = failures[-1].started - failures[0].started
            most = trace.calls.backoff.retries_at_most
            is_sat_out = not is_shorter(limit, lasted)
            yield _Row(failures, len(failures) if is_sat_out else most, is_last=True)


def _last_row(polls: Sequence[Exchange]) -> tuple[Exchange, ...]:
    row: list[Exchange] = []
    for poll in polls:
        row = [*row, poll] if poll.heard_status == 429 else []
    return tuple(row)


def _endless(row: _Row) -> Violation:
    facts = {"retries": row.retries, "first": row.failures[0].number}
    numbers = tuple(one.number for one in row.failures)
    return Violation(numbers, Words("{retries} retries after call {first}", facts))


def _false_successes(trace: Trace, rows: Sequence[_Row]) -> Iterator[Violation]:
    if rows and has_false_success(trace):
        call = rows[0].failures[-1].number
        words = "a success was reported, though call {call} had failed and nothing came after it"
        yield Violation((call,), Words(words, {"call": call}))
