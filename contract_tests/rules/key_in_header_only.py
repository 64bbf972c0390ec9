"""SEC-02: the key is in the Authorization field and nowhere else."""

from contract_tests.finding import Finding, Violation, Words
from contract_tests.rules.base import samples
from contract_tests.rules.base.key import marks_of, place_in_url, shows_in
from contract_tests.rules.base.payload import is_cut
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Exchange, Trace

# Fields that are written down and passed on by others than the API.
_PASSED_ON = frozenset({b"cookie", b"referer"})


class KeyInHeaderOnly(Rule):
    """No URL, body or cookie has the key in it."""

    id = "key-in-header-only"
    number = "SEC-02"
    title = "The API key is in no URL, no query, no body and no cookie"
    grade = Grade.MUST
    origin = Origin.SAFETY
    why = "URLs and bodies end up in the logs of everyone on the way, where keys are then found."
    source = "the kit; RFC 6750, 2.3 and 5.3: bearer tokens do not belong in URLs"
    mend = (
        "Send the key in the Authorization header field only.",
        "Look at what is echoed into metadata or callback URLs: the key is not to be among it.",
    )

    def judge(self, trace: Trace) -> Finding:
        """Every call, wherever it went."""
        marks = marks_of(trace.secrets)
        calls = [one for one in trace.calls.exchanges if marks and not is_cut(one)]
        found = [(one, place) for one in calls if (place := _place(one, marks)) is not None]
        return self.judged(
            trace,
            chances=len(calls),
            idle="no call was made of which the whole is known",
            violations=[
                Violation(
                    (one.number,),
                    Words(
                        "call {call} has the key in its {place}",
                        {"call": one.number, "place": place},
                    ),
                )
                for one, place in found
            ],
        )

    @property
    def innocent(self) -> Trace:
        """A submit and a poll with the key where it belongs."""
        return samples.trace(
            samples.submit(1, 0), samples.poll(2, 5), outcome=samples.failed("timeout")
        )

    @property
    def guilty(self) -> Trace:
        """The key in the query of a poll, masked as the journal has it."""
        poll = samples.poll(2, 5, query=f"api_key=sk-...{samples.KEY[-4:]}")
        return samples.trace(samples.submit(1, 0), poll, outcome=samples.failed("timeout"))


def _place(call: Exchange, marks: tuple[bytes, ...]) -> str | None:
    fields = tuple(one for one in call.headers if one[0] in _PASSED_ON)
    name = shows_in(fields, marks)
    return place_in_url(call, marks) if name is None else name.decode("latin-1")
