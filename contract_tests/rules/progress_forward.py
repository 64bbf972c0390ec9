"""POL-07: progress that callers are shown does not run backwards."""

from collections.abc import Iterator
from itertools import pairwise

from contract_tests.finding import Finding, Violation, Words
from contract_tests.rules.base import samples
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.rules.base.tolerance import told_progress
from contract_tests.trace import Ability, Done, Exchange, Trace
from mock_server.core.lifecycle import Phase


class ProgressForward(Rule):
    """Where the server's progress falls, that which the caller is told does not."""

    id = "progress-forward"
    number = "POL-07"
    title = "The progress that a caller is told never falls, even where the server's does"
    grade = Grade.MAY
    origin = Origin.SAFETY
    why = (
        "Bars that run backwards worry users, and whoever computes a speed from them divides by"
        " less than nothing."
    )
    source = "the kit: rules for clients, POL-07"
    mend = (
        "Hand on the highest progress so far: max(shown, told).",
        "Or say in your documents that the values are the server's own.",
    )
    needs = frozenset({Ability.REPORTS, Ability.PROGRESS})

    def judge(self, trace: Trace) -> Finding:
        """What each caller was told, where the progress of a task fell."""
        fallen = list(_fallen(trace))
        shown = [done for done in trace.jobs if done.progress]
        return self.judged(
            trace,
            chances=min(len(fallen), len(shown)),
            idle="no progress fell, or no caller was told of any",
            violations=[one for done in shown for one in _violations(done)],
        )

    @property
    def innocent(self) -> Trace:
        """60 percent, and no word of the 10 that followed."""
        return _trace((60.0, 60.0, 100.0))

    @property
    def guilty(self) -> Trace:
        """60 percent, then 10."""
        return _trace((60.0, 10.0, 100.0))


def _fallen(trace: Trace) -> Iterator[Exchange]:
    """The polls that told of less progress than the ones before."""
    for exchange, progress, before in told_progress(trace):
        if isinstance(progress, int | float) and before is not None and progress < before:
            yield exchange


def _violations(done: Done) -> Iterator[Violation]:
    """The first fall of what one caller was told."""
    falls = ((one, two) for one, two in pairwise(done.progress) if two < one)
    for before, after in list(falls)[:1]:
        facts = {"before": before, "after": after}
        yield Violation((), Words("told its caller {before:g}, then {after:g}", facts))


def _trace(told: tuple[float, ...]) -> Trace:
    polls = [
        samples.poll(number, number * 5 - 5, content=samples.task_text(Phase.RUNNING, progress=one))
        for number, one in ((2, 60), (3, 10))
    ]
    last = samples.poll(4, 15, Phase.SUCCEEDED)
    job = samples.done(samples.succeeded(), 15, progress=told)
    return samples.trace(samples.submit(1, 0), *polls, last, jobs=(job,))
