"""CON-05: connections do not pile up."""

from dataclasses import replace
from itertools import pairwise

from contract_tests.finding import Finding, Violation, Words
from contract_tests.rules.base import samples
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Done, Trace

# A pool grows with the first jobs and then no more; a leak grows with each.
_FEWEST_RUNS = 3
# Some connections may be closed by the other side meanwhile.
_SHARE = 0.5


class NoLeaks(Rule):
    """After many jobs no more connections are open than after a few."""

    id = "no-leaks"
    number = "CON-05"
    title = "Connections do not grow in number from job to job"
    grade = Grade.MAY
    origin = Origin.SAFETY
    why = (
        "A client that opens a pool for each job and never closes it works for a day and then"
        " finds no file descriptor left."
    )
    source = "kit: the usual limit is 1,024 descriptors for each process"
    mend = (
        "Open one session or client for all jobs, or close each where it was opened (with).",
        "Read or close the body of every reply, also of those that you refuse to read.",
    )

    def judge(self, trace: Trace) -> Finding:
        """What was left open after each run of the story, all by the same client."""
        runs = [run.jobs for run in trace.all_runs if run.jobs]
        left = [max(jobs, key=_ended).leftovers for jobs in runs]
        added = [after - before for before, after in pairwise(left)]
        is_growing = bool(added) and min(added) >= max(1, _SHARE * len(runs[0]))
        facts = {"first": left[0], "last": left[-1], "runs": len(left)} if left else {}
        words = "{first} connections were open after the first run, {last} after {runs} runs"
        enough = len(left) >= _FEWEST_RUNS
        return self.judged(
            trace,
            chances=len(left) if enough else 0,
            idle="the story was not played often enough to show any growth",
            violations=[Violation((), Words(words, facts))] if is_growing and enough else [],
        )

    @property
    def innocent(self) -> Trace:
        """The same two connections, from the first run to the last."""
        return _trace(2, 2, 2, 2)

    @property
    def guilty(self) -> Trace:
        """One more after each run."""
        return _trace(1, 2, 3, 4)


def _trace(*leftovers: int) -> Trace:
    jobs = [
        samples.done(samples.succeeded(), 10.0 * number, leftovers=left)
        for number, left in enumerate(leftovers, 1)
    ]
    first, *others = (samples.trace(samples.submit(1, 0), jobs=(job,)) for job in jobs)
    return replace(first, repeats=tuple(others))


def _ended(done: Done) -> float:
    return done.ended
