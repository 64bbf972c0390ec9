"""RET-02: a key that was refused is not tried again."""

from contract_tests.finding import Finding
from contract_tests.rules.base import samples
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Trace
from mock_server.core.verification.checks.stop_after import StopAfter


class NoRetryAfter401(Rule):
    """After a 401 on a submit, no further call with the same key."""

    id = "no-retry-after-401"
    number = "RET-02"
    title = "After a 401 on a submit, nothing more is sent with that key"
    grade = Grade.MUST
    origin = Origin.DOCUMENTED
    why = "The key will not get better. Every repetition looks like an attack, and keys get locked."
    source = "GUIDE Common Errors: 401 authentication_error, retry after authentication is fixed"
    mend = (
        "Treat a 401 as final: raise its code and message to the caller at once.",
        "Try again only after the caller has put another key in place.",
    )

    def judge(self, trace: Trace) -> Finding:
        """Every submit that was answered 401, and what followed."""
        check = StopAfter(statuses=(401,), operation="submit", scope="key")
        return self.adopted(check.judge(trace.calls))

    @property
    def innocent(self) -> Trace:
        """One submit, one 401."""
        return samples.trace(samples.refused(1, 0, 401), outcome=samples.failed("e401"))

    @property
    def guilty(self) -> Trace:
        """The same submit again, a second later."""
        return samples.trace(samples.refused(1, 0, 401), samples.refused(2, 1, 401))
