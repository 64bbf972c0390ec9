"""RET-02: a key that was refused is not tried again."""

from contract_tests.finding import Finding
from contract_tests.rules.base import samples
from contract_tests.rules.base.orders import orders
from contract_tests.rules.base.repeats import Repeats, followed, same_uploads
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Exchange, Trace
from mock_server.core.verification.quiet import broken_quiet
from mock_server.core.verification.scopes import Scope, by_scope


class NoRetryAfter401(Rule):
    """After a 401 on a POST, no further call with the same key."""

    id = "no-retry-after-401"
    number = "RET-02"
    title = "After a 401 on a POST, nothing more is sent with that key"
    grade = Grade.MUST
    origin = Origin.DOCUMENTED
    why = "The key will not get better. Every repetition looks like an attack, and keys get locked."
    source = "GUIDE Common Errors: 401 authentication_error, retry after authentication is fixed"
    mend = (
        "Treat a 401 as final: raise its code and message to the caller at once.",
        "Try again only after the caller has put another key in place.",
    )

    def judge(self, trace: Trace) -> Finding:
        """Every key that was refused, and what followed."""
        free = {route.operation for route in trace.terms.routes.all if not route.auth}
        guarded = (one for one in trace.exchanges if one.operation not in free)
        calls = by_scope(guarded, Scope.KEY).values()
        times = _callers(trace)
        ends = [end for one in calls if (end := followed(Repeats(one, times), _ends))]
        return self.judged(
            trace,
            chances=len(ends),
            idle="no POST was answered 401",
            violations=broken_quiet(ends, "call {call} came {seconds:.3f} s after"),
        )

    @property
    def innocent(self) -> Trace:
        """One submit, one 401."""
        return samples.trace(samples.refused(1, 0, 401), outcome=samples.failed("e401"))

    @property
    def guilty(self) -> Trace:
        """The same submit again, a second later."""
        return samples.trace(samples.refused(1, 0, 401), samples.refused(2, 1, 401))


def _ends(call: Exchange) -> bool:
    return call.method == "POST" and call.heard_status == 401


def _callers(trace: Trace) -> int:
    """How many may each have to hear it for themselves: jobs and uploads run side by side."""
    refused = [one for one in same_uploads(trace) if any(map(_ends, one.attempts))]
    wanted = (one.wanted for one in orders(trace))
    return max(1, len(trace.jobs), *wanted, *(one.times for one in refused))
