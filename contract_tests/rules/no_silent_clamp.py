"""REQ-07: an order that the API refuses is not quietly made into another one."""

from collections.abc import Iterator, Sequence

from contract_tests.finding import Finding, Violation, Words
from contract_tests.outcome import OutcomeStatus
from contract_tests.rules.base import samples
from contract_tests.rules.base.domain import out_of_range
from contract_tests.rules.base.payload import image_count, is_form, payload, problems, unreadable
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Ability, Done, Exchange, Trace


class NoSilentClamp(Rule):
    """What is out of range is refused by the client or by the server, and the caller hears it."""

    id = "no-silent-clamp"
    number = "REQ-07"
    title = "An order out of range is refused or passed on as it is, never quietly made to fit"
    grade = Grade.MUST
    origin = Origin.SAFETY
    why = "The caller pays for four images of a cut prompt and believes to have ordered otherwise."
    source = "GUIDE Common Errors: 400 for out-of-range values, retry after fixing payload"
    mend = (
        "Check the documented ranges and raise an error that names the field and what it may be.",
        "Or send the order as it is, once, and hand the server's 400 to the caller.",
    )

    def judge(self, trace: Trace) -> Finding:
        """Every job that is out of range: what was sent for it, and what its caller was told."""
        beyond = [done for done in trace.jobs if out_of_range(done.job, trace.terms)]
        is_all = bool(beyond) and len(beyond) == len(trace.jobs)
        violations = list(_violations(trace, beyond)) if is_all else []
        return self.judged(
            trace,
            chances=len(beyond) if is_all else 0,
            idle="no caller asked for what the API refuses",
            violations=violations,
            needs_all=True,
        )

    @property
    def innocent(self) -> Trace:
        """Five images are asked for and refused."""
        order = {"model": "sample-image", "prompt": samples.PROMPT, "n": 5}
        done = samples.done(samples.failed("e400"), job=samples.job(n=5))
        return samples.trace(samples.refused(1, 0, 400, body=order), jobs=(done,))

    @property
    def guilty(self) -> Trace:
        """Five images are asked for, four are ordered."""
        order = {"model": "sample-image", "prompt": samples.PROMPT, "n": 4}
        done = samples.done(samples.succeeded(), job=samples.job(n=5))
        return samples.trace(samples.submit(1, 0, order), jobs=(done,))


def _violations(trace: Trace, beyond: Sequence[Done]) -> Iterator[Violation]:
    submits = [one for one in trace.exchanges if one.operation == "submit"]
    problem = out_of_range(beyond[0].job, trace.terms)[0].message
    if not _is_split(trace, beyond, submits):
        for one in submits:
            if _fits(one, trace):
                facts = {"call": one.number, "problem": problem}
                seen = Words("call {call} orders what is allowed, though: {problem}", facts)
                yield Violation((one.number,), seen)
    for done in beyond:
        if _claims(trace, done):
            yield Violation(
                (), Words("a success was reported, though: {problem}", {"problem": problem})
            )


def _fits(submit: Exchange, trace: Trace) -> bool:
    """Whether an order is within the range; of a form, only the server's answer tells."""
    if is_form(submit):
        return submit.created
    said = payload(submit, trace.terms)
    return said is not None and unreadable(submit.body) is None and not problems(said, trace.terms)


def _is_split(trace: Trace, beyond: Sequence[Done], submits: Sequence[Exchange]) -> bool:
    """Whether only the number of images is out of range, and several orders make it up."""
    made = [payload(one, trace.terms) or {} for one in submits if one.created]
    ordered = sum(image_count(one, trace.terms) for one in made)
    is_complete = ordered == sum(done.job.n for done in beyond)
    return is_complete and all(_is_about_count(trace, done) for done in beyond)


def _is_about_count(trace: Trace, done: Done) -> bool:
    found = out_of_range(done.job, trace.terms)
    return {one.field for one in found} <= set(trace.terms.fields.count)


def _claims(trace: Trace, done: Done) -> bool:
    """Whether a caller was told of a success with other images than those that it asked for."""
    if Ability.REPORTS not in trace.abilities or done.outcome is None:
        return False
    is_as_asked = _is_about_count(trace, done) and len(done.outcome.urls) == done.job.n
    return done.outcome.status is OutcomeStatus.SUCCEEDED and not is_as_asked
