"""DUP-04: a submit that was never read may be repeated, but not for ever."""

from dataclasses import replace

from contract_tests.finding import Finding
from contract_tests.rules.base import samples
from contract_tests.rules.base.lost_calls import reset_before
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Exchange, Trace
from mock_server.core.verification.checks.retries_bounded import RetriesBounded


class RetryUnreadSubmit(Rule):
    """Submits whose connection broke before anything was done are not repeated for ever.

    Not to repeat them at all is fine, for a client cannot always know.
    """

    id = "retry-unread-submit"
    number = "DUP-04"
    title = "A submit whose connection breaks before it is read is repeated only so many times"
    grade = Grade.MAY
    origin = Origin.SAFETY
    why = (
        "Nothing was made, so that one more try is worth it; a host that is down for good does not"
        " get better by a loop."
    )
    source = "the kit: rules for clients, DUP-04"
    mend = (
        "Retry connections that could not be made, or broke before the request was sent.",
        "Count these attempts, too, and give up as after refusals.",
    )

    def judge(self, trace: Trace) -> Finding:
        """Every row of such attempts."""
        unread = any(_is_unread(one) for one in trace.calls.submits())
        submits = tuple(one for one in trace.calls.submits() if not one.created) if unread else ()
        calls = replace(trace.calls, exchanges=submits)
        return self.adopted(RetriesBounded(operation="submit", statuses=(None,)).judge(calls))

    @property
    def innocent(self) -> Trace:
        """One more try."""
        return samples.trace(reset_before(1, 0), samples.submit(2, 1))

    @property
    def guilty(self) -> Trace:
        """Twelve, and no end."""
        return samples.trace(*(reset_before(number, number) for number in range(1, 13)))


def _is_unread(submit: Exchange) -> bool:
    is_lost = submit.heard_status is None and not submit.aborted
    return is_lost and not submit.created and submit.moment == "before"
