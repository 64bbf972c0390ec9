"""REQ-08: what is not set is left out."""

from contract_tests.finding import Finding, Violation, Words
from contract_tests.rules.base import samples
from contract_tests.rules.base.payload import is_form, payload
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Exchange, Trace

# What null, None and undefined become when they are written into a form.
_WORDS = frozenset({"null", "None", "undefined"})


class NoNulls(Rule):
    """A field without a value is absent, not null."""

    id = "no-nulls"
    number = "REQ-08"
    title = "Optional fields that are not set are left out of the body, not sent as null"
    grade = Grade.SHOULD
    origin = Origin.DOCUMENTED
    why = "A null is a value of the wrong type: what works today is a 400 once the server looks."
    source = "GUIDE Key Parameters: each field has a type and a default; none may be null"
    mend = (
        "Leave fields without a value out when the body is built.",
        "In typed languages, mark optional fields as omitted when empty.",
    )

    def judge(self, trace: Trace) -> Finding:
        """Every body that can be read."""
        bodies = [
            (one, said)
            for one in trace.exchanges
            if one.operation == "submit" and (said := payload(one, trace.terms)) is not None
        ]
        found = [(one, names) for one, said in bodies if (names := _nulls(one, said, trace))]
        return self.judged(
            trace,
            chances=len(bodies),
            idle="no submit could be read",
            violations=[
                Violation(
                    (one.number,),
                    Words(
                        "call {call} says nothing with {fields}",
                        {"call": one.number, "fields": ", ".join(names)},
                    ),
                )
                for one, names in found
            ],
        )

    @property
    def innocent(self) -> Trace:
        """An order of what is needed."""
        return samples.trace(samples.submit(1, 0))

    @property
    def guilty(self) -> Trace:
        """The same with a size of null."""
        order = {"model": "sample-image", "prompt": samples.PROMPT, "size": None}
        return samples.trace(samples.submit(1, 0, order))


def _nulls(submit: Exchange, said: dict[str, object], trace: Trace) -> list[str]:
    """The names of the fields that stand for nothing."""
    if not is_form(submit):
        return [name for name, value in said.items() if value is None]
    free = trace.terms.fields.prompt
    return [name for name, value in said.items() if str(value) in _WORDS and name not in free]
