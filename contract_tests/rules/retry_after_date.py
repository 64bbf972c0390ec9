"""BOF-08: nobody comes back before the date that the server named."""

from dataclasses import replace

from contract_tests.finding import Finding
from contract_tests.rules.base import samples
from contract_tests.rules.base.named_waits import named_waits
from contract_tests.rules.base.refused import is_date
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.rules.base.waits import judge_waits
from contract_tests.trace import Trace

# Dates in HTTP count whole seconds, and so may those who read them.
_WHOLE = 1.0


class RetryAfterDate(Rule):
    """A Retry-After that is a date is kept, to within a second."""

    id = "retry-after-date"
    number = "BOF-08"
    title = "A refused call is not made again before the date of its Retry-After"
    grade = Grade.SHOULD
    origin = Origin.RFC
    why = (
        "A date is as good as a number, and proxies prefer it. A client that only reads numbers"
        " crashes on it, or comes back at once."
    )
    source = "RFC 9110, 10.2.3 and 5.6.7: Retry-After is a number of seconds or an HTTP-date"
    mend = (
        "Read Retry-After as a number first, then as an HTTP-date in any of its three forms.",
        "Count from the reply's own Date, for clocks differ.",
    )

    def judge(self, trace: Trace) -> Finding:
        """Every return after a Retry-After with a date."""
        dated = (one for one in named_waits(trace) if is_date(one.before))
        waits = [replace(one, least=one.least - _WHOLE) for one in dated if one.least > _WHOLE]
        return judge_waits(self, trace, waits, "nobody came back after a Retry-After with a date")

    @property
    def innocent(self) -> Trace:
        """Back at the named second; samples begin on 15 January 2027 at 8:00 UTC."""
        return samples.trace(samples.refused(1, 0, **_UNTIL), samples.submit(2, 7))

    @property
    def guilty(self) -> Trace:
        """Back after the usual second."""
        return samples.trace(samples.refused(1, 0, **_UNTIL), samples.submit(2, 1))


_UNTIL = samples.after("Fri, 15 Jan 2027 08:00:07 GMT")
