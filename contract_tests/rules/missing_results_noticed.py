"""OUT-04: a success with too few results is no success without a word."""

from contract_tests.finding import Finding, Violation, Words
from contract_tests.outcome import Outcome, OutcomeStatus
from contract_tests.rules.base import samples
from contract_tests.rules.base.jobs import JobCalls, calls_by_job
from contract_tests.rules.base.replies import results_in
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Ability, Exchange, Trace
from mock_server.core.lifecycle import Phase


class MissingResultsNoticed(Rule):
    """A caller who gets fewer images than ordered hears of it."""

    id = "missing-results-noticed"
    number = "OUT-04"
    title = "A finished task without results, or with fewer than ordered, is no silent success"
    grade = Grade.SHOULD
    origin = Origin.SAFETY
    why = (
        "The vendor's own samples fail here with a KeyError or print nothing. A caller who counts"
        " on n images works on with fewer and does not know it."
    )
    source = "kit: the status says one thing and the list another, so neither can be trusted alone"
    mend = (
        "Compare the number of URLs with the number ordered before you report a success.",
        "Where some are missing, hand on what is there with a message, or fail with a code.",
    )
    needs = frozenset({Ability.REPORTS})

    def judge(self, trace: Trace) -> Finding:
        """Every job whose tasks succeeded with fewer results than it ordered."""
        jobs = ((job, job.ends(Phase.SUCCEEDED)) for job in calls_by_job(trace))
        counted = [(job, ends, _count(trace, ends)) for job, ends in jobs if ends]
        short = [
            (job, ends, count)
            for job, ends, count in counted
            if count < job.done.job.n and job.outcome is not None
        ]
        return self.judged(
            trace,
            chances=len(short),
            idle="no result was missing",
            violations=[
                _violation(job, ends, count) for job, ends, count in short if job.is_silent_success
            ],
        )

    @property
    def innocent(self) -> Trace:
        """A failure that says what is missing."""
        outcome = samples.failed(message="no images in the reply")
        return samples.trace(samples.submit(1, 0), _empty(), outcome=outcome)

    @property
    def guilty(self) -> Trace:
        """A success with nothing in it."""
        outcome = Outcome(OutcomeStatus.SUCCEEDED, "t1")
        return samples.trace(samples.submit(1, 0), _empty(), outcome=outcome)


def _empty() -> Exchange:
    content = samples.task_text(Phase.SUCCEEDED, result={"type": "image", "data": []})
    return samples.poll(2, 5, Phase.SUCCEEDED, content=content)


def _count(trace: Trace, ends: tuple[Exchange, ...]) -> int:
    return sum(len(results_in(trace.terms, one)) for one in ends)


def _violation(job: JobCalls, ends: tuple[Exchange, ...], count: int) -> Violation:
    numbers = tuple(one.number for one in ends)
    facts = {"count": count, "ordered": job.done.job.n, "call": numbers[-1]}
    words = "{count} of {ordered} results came with call {call}, a plain success was reported"
    return Violation(numbers, Words(words, facts))
