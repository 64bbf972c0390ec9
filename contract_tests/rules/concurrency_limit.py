"""CON-01: a client keeps to the number of jobs at once that it declares."""

from contract_tests.finding import Finding, Verdict, Violation, Words
from contract_tests.rules.base import samples
from contract_tests.rules.base.orders import Order, orders
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Ability, Exchange, Trace, is_shorter
from mock_server.core.lifecycle import Phase


class ConcurrencyLimit(Rule):
    """Never are more jobs under way than the client said."""

    id = "concurrency-limit"
    number = "CON-01"
    title = "Never are more jobs under way at once than the client declares"
    grade = Grade.SHOULD
    origin = Origin.SAFETY
    why = (
        "The vendor counts requests, concurrency and quota together: who sends all at once is"
        " refused, and each refusal costs more than the wait for a free place."
    )
    source = "GUIDE Common Errors: 429 when concurrency hits upstream limits; reduce the pressure"
    mend = (
        "Hold a semaphore from before the submit until the task has ended, not for the POST alone.",
        "One limit for the whole client, not one for each call of it.",
    )
    needs = frozenset({Ability.PARALLEL})

    def judge(self, trace: Trace) -> Finding:
        """Every job that began while others were under way."""
        most = trace.most_at_once
        if most is None:
            words = Words("the client declares no limit")
            return self.verdict(Verdict.NOT_APPLICABLE, words)
        spans = sorted(_spans(trace), key=lambda span: span[0].number)
        crowds = [_crowd(spans, first) for first, _ in spans]
        return self.judged(
            trace,
            chances=len(spans) if len(spans) > most else 0,
            idle="there were never more jobs than the client takes at once",
            violations=[_violation(crowd) for crowd in crowds if len(crowd) > most],
            expected=Words("at most {most} jobs under way at once", {"most": most}),
        )

    @property
    def innocent(self) -> Trace:
        """Two jobs, one after the other."""
        return _trace(second_at=11)

    @property
    def guilty(self) -> Trace:
        """Two jobs at the same time."""
        return _trace(second_at=1)


def _trace(second_at: float) -> Trace:
    first, second = (samples.job(id=name, prompt=f"cat {name}") for name in "12")
    calls = [
        samples.submit(1, 0, {"prompt": "cat 1"}),
        samples.submit(2, second_at, {"prompt": "cat 2"}, task="t2"),
        samples.poll(3, 10, Phase.SUCCEEDED),
        samples.poll(4, second_at + 5, Phase.SUCCEEDED, task="t2"),
    ]
    calls.sort(key=lambda call: call.started)
    jobs = tuple(samples.done(samples.succeeded(), job=job) for job in (first, second))
    return samples.trace(*calls, jobs=jobs, most_at_once=1)


# The first call of a job, and when the client could know that its last task had ended.
_Span = tuple[Exchange, float]


def _spans(trace: Trace) -> list[_Span]:
    """The jobs, or where they cannot be told apart their tasks, from beginning to end."""
    spans: list[_Span] = []
    for order in orders(trace):
        parts = [order.submits] if order.job is not None else [(one,) for one in _made(order)]
        spans.extend((part[0], _end(trace, part)) for part in parts)
    return spans


def _made(order: Order) -> list[Exchange]:
    return [one for one in order.submits if one.created]


def _end(trace: Trace, submits: tuple[Exchange, ...]) -> float:
    tasks = {one.task for one in submits if one.created}
    polls = [one for one in trace.calls.polls() if one.task in tasks]
    ends = [one.completed for one in polls if one.says_end]
    return max(ends or [one.started for one in (*submits, *polls)])


def _crowd(spans: list[_Span], first: Exchange) -> tuple[Exchange, ...]:
    """The first calls of the jobs that were under way when this one began."""
    return tuple(
        begun
        for begun, end in spans
        if begun is first or (begun.number < first.number and is_shorter(first.started, end))
    )


def _violation(crowd: tuple[Exchange, ...]) -> Violation:
    facts = {"count": len(crowd), "call": crowd[-1].number}
    words = "{count} jobs were under way when call {call} began"
    return Violation(tuple(one.number for one in crowd), Words(words, facts))
