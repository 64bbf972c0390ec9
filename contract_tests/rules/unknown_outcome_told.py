"""DUP-06: a caller is told when nobody knows whether there is a task."""

from collections.abc import Iterator

from contract_tests.finding import Finding, Violation, Words
from contract_tests.outcome import OutcomeStatus
from contract_tests.rules.base import samples
from contract_tests.rules.base.lost_calls import unanswered
from contract_tests.rules.base.orders import orders
from contract_tests.rules.base.resubmits import may_have_made
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Ability, Done, Exchange, Trace


class UnknownOutcomeTold(Rule):
    """A job whose last submit may have made a task, and told no id, ends in an unknown outcome.

    An exception speaks for itself and is not judged, nor is a success that was found otherwise.
    """

    id = "unknown-outcome-told"
    number = "DUP-06"
    title = "Where nobody knows whether a task was made, the caller is told so, not 'failed'"
    grade = Grade.SHOULD
    origin = Origin.SAFETY
    why = (
        "Who reads 'failed' tries again, and pays twice. Who reads 'unknown' looks into the account"
        " first."
    )
    source = "the kit: rules for clients, DUP-06"
    mend = (
        "Give the caller a third outcome beside success and failure: unknown.",
        "Use it after a timeout, a broken reply or an unclear 5xx to a submit.",
    )
    needs = frozenset({Ability.REPORTS})

    def judge(self, trace: Trace) -> Finding:
        """Every job whose last submit left its outcome open."""
        found = list(_open_ends(trace))
        return self.judged(
            trace,
            chances=len(found),
            idle="no job ended with a submit of unknown outcome and a report on it",
            violations=[
                Violation(
                    (last.number,),
                    Words(
                        "reported as failed, though call {call} may have made a task",
                        {"call": last.number},
                    ),
                )
                for last, done in found
                if done.outcome is not None and done.outcome.status is OutcomeStatus.FAILED
            ],
        )

    @property
    def innocent(self) -> Trace:
        """A reply that never comes, and the caller is told so."""
        return samples.trace(unanswered(1, 0), outcome=samples.unknown())

    @property
    def guilty(self) -> Trace:
        """A reply that never comes, and the caller is told of a failure."""
        return samples.trace(unanswered(1, 0), outcome=samples.failed("timeout"))


def _open_ends(trace: Trace) -> Iterator[tuple[Exchange, Done]]:
    """The last submits that left open whether there is a task, and the jobs that they were for."""
    polled = {one.task for one in trace.calls.polls()}
    for order in orders(trace):
        last, done = order.submits[-1], order.job
        if done is None or done.raised is not None or done.outcome is None:
            continue
        if done.outcome.status not in (OutcomeStatus.FAILED, OutcomeStatus.UNKNOWN):
            continue
        if _is_open(trace, last) and (last.task is None or last.task not in polled):
            yield last, done


def _is_open(trace: Trace, last: Exchange) -> bool:
    """Whether a caller knows of no task and cannot exclude one, as after a page of a proxy."""
    is_success = last.heard_status is not None and last.heard_status < 300
    if is_success and not last.created:
        return True
    return may_have_made(trace, last) and not (is_success and last.told)
