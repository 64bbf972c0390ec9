"""SEC-01: the key goes to the API and to nobody else."""

from contract_tests.finding import Finding, Violation, Words
from contract_tests.rules.base import samples
from contract_tests.rules.base.key import key_place
from contract_tests.rules.base.redirect import redirects
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Trace


class KeyStaysHome(Rule):
    """No call to another host or port carries the key."""

    id = "key-stays-home"
    number = "SEC-01"
    title = "The API key is sent to the API's own host and port, never to another one"
    grade = Grade.MUST
    origin = Origin.SAFETY
    why = "Result files lie on other hosts, and redirects lead there: each could keep the key."
    source = "the kit; RFC 9110, 15.4: remove Authorization where a redirect leads elsewhere"
    mend = (
        "Download results with a client that has no Authorization header.",
        "On redirects to another host or port, drop the key, or do not follow.",
    )

    def judge(self, trace: Trace) -> Finding:
        """Every call to another host, and every redirect that led there."""
        leaks = [(one, place) for one in trace.elsewhere if (place := key_place(one, trace))]
        led = [one for one in redirects(trace) if one.goes_elsewhere]
        return self.judged(
            trace,
            chances=len(trace.elsewhere) + len(led),
            idle="nothing led to another host",
            violations=[
                Violation(
                    (one.number,),
                    Words(
                        "call {call} took the key to {host}, in its {place}",
                        {"call": one.number, "host": one.base, "place": place},
                    ),
                )
                for one, place in leaks
            ],
        )

    @property
    def innocent(self) -> Trace:
        """A file is fetched from another host, without the key."""
        fetched = samples.download(2, 10, base=samples.ELSEWHERE)
        return samples.trace(samples.submit(1, 0), fetched, outcome=samples.succeeded())

    @property
    def guilty(self) -> Trace:
        """The same with the key."""
        key = samples.poll(2, 0).key
        headers = samples.authorized()
        fetched = samples.download(2, 10, base=samples.ELSEWHERE, key=key, headers=headers)
        return samples.trace(samples.submit(1, 0), fetched, outcome=samples.succeeded())
