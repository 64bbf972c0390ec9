"""DUP-02: no order is placed twice because its reply broke off."""

from contract_tests.finding import Finding
from contract_tests.rules.base import samples
from contract_tests.rules.base.lost_calls import reset_after
from contract_tests.rules.base.resubmits import Lead, resubmits, temptations
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Trace


class SubmitOnceAfterReset(Rule):
    """After a submit that made a task and whose reply was lost or cut, no other for the order."""

    id = "submit-once-after-reset"
    number = "DUP-02"
    title = "An order is not submitted again because the connection broke after it was read"
    grade = Grade.MUST
    origin = Origin.SAFETY
    why = (
        "A reset looks the same before and after the server took the order. Libraries that repeat"
        " it on their own pay for two images and show one."
    )
    source = "the kit: rules for clients, DUP-02; RFC 9110, 9.2.2: POST is not idempotent"
    mend = (
        "Switch your library's retries off for POST where the request may have been sent.",
        "After a broken reply, report that the outcome is unknown and let the user decide.",
    )

    def judge(self, trace: Trace) -> Finding:
        """Every submit whose reply broke, and those that were one too many."""
        return self.judged(
            trace,
            chances=len(temptations(trace, Lead.BROKEN)),
            idle="no submit that made a task had its reply broken off",
            violations=resubmits(trace, Lead.BROKEN),
        )

    @property
    def innocent(self) -> Trace:
        """A reset, and a client that says so."""
        return samples.trace(reset_after(1, 0), outcome=samples.unknown())

    @property
    def guilty(self) -> Trace:
        """A reset, and the order once more."""
        return samples.trace(reset_after(1, 0), samples.submit(2, 1, task="t2"))
