"""DUP-03: no order is placed twice because of an error of the server's."""

from contract_tests.finding import Finding
from contract_tests.rules.base import samples
from contract_tests.rules.base.resubmits import Lead, resubmits, temptations
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Trace


class SubmitOnceAfter5xx(Rule):
    """After a 5xx to a submit, no other, unless the error promises that nothing was made."""

    id = "submit-once-after-5xx"
    number = "DUP-03"
    title = "An order is not submitted again after a 5xx that leaves open whether it was taken"
    grade = Grade.SHOULD
    origin = Origin.SAFETY
    why = (
        "The gateway lost patience, the API behind it did not: an error page is no word about the"
        " order, which may be in and paid for."
    )
    source = "the kit: rules for clients, DUP-03; REF rate-limits/async-tasks: the one exception"
    mend = (
        "Take a 5xx to a submit as an unknown outcome and report it as such.",
        "Repeat only after errors that are documented to have made nothing.",
    )

    def judge(self, trace: Trace) -> Finding:
        """Every submit that was answered so, and those that followed."""
        return self.judged(
            trace,
            chances=len(temptations(trace, Lead.ERROR)),
            idle="no submit was answered with a 5xx that leaves its outcome open",
            violations=resubmits(trace, Lead.ERROR),
        )

    @property
    def innocent(self) -> Trace:
        """An error page, and a client that says so."""
        return samples.trace(samples.refused(1, 0, 502), outcome=samples.unknown())

    @property
    def guilty(self) -> Trace:
        """An error page, and the order once more."""
        return samples.trace(samples.refused(1, 0, 502), samples.submit(2, 1))
