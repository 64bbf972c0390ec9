"""OUT-06: members of another type than documented do not crash a client."""

from contract_tests.finding import Finding
from contract_tests.rules.base import samples
from contract_tests.rules.base.mishaps import mishaps, strange_replies
from contract_tests.rules.base.replies import wrong_types
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Ability, Done, Trace
from mock_server.core.lifecycle import Phase


class WrongTypesHandled(Rule):
    """A text where a number is documented is coped with or complained about."""

    id = "wrong-types-handled"
    number = "OUT-06"
    title = "Members of another type than documented do not end in a crash or a hang"
    grade = Grade.SHOULD
    origin = Origin.SAFETY
    why = (
        "This vendor's webhooks write progress as a text with a percent sign. A TypeError in the"
        " middle of a job loses a task that is nearly done."
    )
    source = 'kit: REF webhooks/task-webhooks has progress "100%" where the status has a number'
    mend = (
        "Check the type of what you need (id, status, URLs) and raise an error of your own.",
        "Ignore what you do not need: progress of a strange type is no reason to stop.",
    )
    needs = frozenset({Ability.REPORTS})

    def judge(self, trace: Trace) -> Finding:
        """Every job that met a member of another type."""
        met = strange_replies(trace, lambda call: bool(wrong_types(trace.terms, call)))
        return self.judged(
            trace,
            chances=sum(len(strange) for _, strange in met),
            idle="every member was of its documented type",
            violations=[one for job, strange in met for one in mishaps(job, strange)],
        )

    @property
    def innocent(self) -> Trace:
        """A status that is a number, and a typed error."""
        outcome = samples.failed(message="the status is no text")
        return _trace(samples.done(outcome, raised="client.OrderError"))

    @property
    def guilty(self) -> Trace:
        """The same status, and a crash."""
        outcome = samples.failed(message="'int' object has no attribute 'lower'")
        return _trace(samples.done(outcome, raised="AttributeError", typed=False))


def _trace(job: Done) -> Trace:
    content = samples.task_text(Phase.RUNNING, status=3)
    poll = samples.poll(2, 5, content=content, fault="fields(set={status: 3})")
    return samples.trace(samples.submit(1, 0), poll, jobs=(job,))
