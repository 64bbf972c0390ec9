"""REQ-01: what is ordered obeys the request schema."""

from contract_tests.finding import Finding, Violation, Words
from contract_tests.rules.base import samples
from contract_tests.rules.base.domain import all_in_range
from contract_tests.rules.base.payload import is_cut, is_form, payload, problems, unreadable
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Exchange, Trace


class ValidRequest(Rule):
    """The body of a submit obeys the schema of its model, for every order that the API takes."""

    id = "valid-request"
    number = "REQ-01"
    title = "The body of each submit obeys the request schema of its model"
    grade = Grade.MUST
    origin = Origin.DOCUMENTED
    why = "The order is refused, and the caller, who asked for nothing odd, cannot mend it."
    source = "GUIDE Key Parameters; GUIDE Common Errors: 400 for missing fields and invalid types"
    mend = (
        "Build the body from the documented parameters: model, prompt, size, n and the images.",
        "Send numbers as numbers and lists as lists, and validate before you send.",
    )

    def judge(self, trace: Trace) -> Finding:
        """Every submit, where all that the callers asked for is within what the API takes."""
        if not all_in_range(trace):
            return self.judged(trace, chances=0, idle="the caller asked for what the API refuses")
        submits = (one for one in trace.exchanges if one.operation == "submit")
        known = [one for one in submits if _is_known(one)]
        wrong = [(one, reason) for one in known if (reason := _problem(one, trace)) is not None]
        return self.judged(
            trace,
            chances=len(known),
            idle="no submit could be read",
            violations=[
                Violation(
                    (one.number,),
                    Words("call {call}: {problem}", {"call": one.number, "problem": reason}),
                )
                for one, reason in wrong
            ],
        )

    @property
    def innocent(self) -> Trace:
        """An order as documented."""
        return samples.trace(samples.submit(1, 0), outcome=samples.succeeded())

    @property
    def guilty(self) -> Trace:
        """An order without a prompt."""
        order = {"model": "sample-image", "n": 1}
        return samples.trace(samples.refused(1, 0, 400, body=order, fault=None))


def _is_known(submit: Exchange) -> bool:
    """Whether the trace tells if the body was right: of a form, only the server's answer does."""
    if is_form(submit):
        return submit.created or (submit.status == 400 and submit.fault is None)
    return not is_cut(submit)


def _problem(submit: Exchange, trace: Trace) -> str | None:
    if is_form(submit):
        return None if submit.created else "the form was refused"
    reason = unreadable(submit.body)
    if reason is not None:
        return reason
    found = problems(payload(submit, trace.terms) or {}, trace.terms)
    return found[0].message if found else None
