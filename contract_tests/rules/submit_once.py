"""DUP-01: no order is placed twice because its reply kept the client waiting."""

from contract_tests.finding import Finding
from contract_tests.rules.base import samples
from contract_tests.rules.base.lost_calls import unanswered
from contract_tests.rules.base.resubmits import Lead, resubmits, temptations
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Trace


class SubmitOnce(Rule):
    """After a submit that made a task and whose reply came late, never, or without an id: no other.

    A long wait for the task's end is such a temptation, too. The same idempotency key makes a
    second submit harmless, where the vendor documents one.
    """

    id = "submit-once"
    number = "DUP-01"
    title = "An order is not submitted again because its reply did not come, or its task takes long"
    grade = Grade.MUST
    origin = Origin.SAFETY
    why = (
        "A timeout says nothing about what the server did. The task is there and is paid for; the"
        " second submit pays again, and the first images are thrown away."
    )
    source = "the kit: rules for clients, DUP-01; RFC 9110, 9.2.2: POST is not idempotent"
    mend = (
        "Keep submits out of automatic retries for timeouts; give them a generous timeout.",
        "After one, report that the outcome is unknown and let the user decide.",
    )

    def judge(self, trace: Trace) -> Finding:
        """Every submit that was kept waiting, and those that were one too many."""
        return self.judged(
            trace,
            chances=len(temptations(trace, Lead.WAIT)),
            idle="no submit that made a task was kept waiting",
            violations=resubmits(trace, Lead.WAIT),
        )

    @property
    def innocent(self) -> Trace:
        """A reply that never comes, and a client that says so."""
        return samples.trace(unanswered(1, 0), outcome=samples.unknown())

    @property
    def guilty(self) -> Trace:
        """A reply that never comes, and the order once more."""
        return samples.trace(unanswered(1, 0), samples.submit(2, 31, task="t2"))
