"""REQ-10: a client says who it is."""

from contract_tests.finding import Finding, Violation, Words
from contract_tests.rules.base import samples
from contract_tests.rules.base.payload import values_of
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Trace


class NamesItself(Rule):
    """Each call to the API has a User-Agent that is not empty."""

    id = "names-itself"
    number = "REQ-10"
    title = "Each call says in User-Agent who is calling"
    grade = Grade.MAY
    origin = Origin.RFC
    why = "Whoever runs the API cannot tell one client from another, nor warn the one that errs."
    source = "RFC 9110, 10.1.5: a user agent should send User-Agent in each request"
    mend = (
        "Leave the User-Agent of the HTTP library in place, or set one of your own.",
        "Name and version of the program are enough: my-client/1.2.",
    )

    def judge(self, trace: Trace) -> Finding:
        """Every call to the API."""
        nameless = [
            one for one in trace.exchanges if not any(values_of(one.headers, b"user-agent"))
        ]
        return self.judged(
            trace,
            chances=len(trace.exchanges),
            idle="no call was made",
            violations=[
                Violation(
                    (one.number,), Words("call {call} has no User-Agent", {"call": one.number})
                )
                for one in nameless
            ],
        )

    @property
    def innocent(self) -> Trace:
        """A call with the name of its library."""
        name = (b"user-agent", b"my-client/1.2")
        return samples.trace(samples.submit(1, 0, headers=(*samples.authorized(), name)))

    @property
    def guilty(self) -> Trace:
        """A call without a name."""
        return samples.trace(samples.submit(1, 0, headers=samples.authorized()))
