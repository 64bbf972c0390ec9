"""CON-05: connections do not pile up."""

from contract_tests.finding import Finding, Violation, Words
from contract_tests.rules.base import samples
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Done, Trace

# A pool grows with the first jobs and then no more; a leak grows with each.
_FEWEST_JOBS = 5


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
        """What was left open after each job, in the order in which they ended."""
        jobs = sorted((done for run in trace.all_runs for done in run.jobs), key=_ended)
        left = [done.leftovers for done in jobs]
        enough = len(left) >= _FEWEST_JOBS
        half = len(left) // 2
        is_growing = enough and min(left[half:]) > max(left[:1]) and _slope(left) >= 0.5
        facts = {"first": left[0], "last": left[-1], "jobs": len(left)} if left else {}
        words = "{first} connections were open after the first job, {last} after {jobs}"
        return self.judged(
            trace,
            chances=len(left) if enough else 0,
            idle="too few jobs were done to show any growth",
            violations=[Violation((), Words(words, facts))] if is_growing else [],
        )

    @property
    def innocent(self) -> Trace:
        """The same two connections, from the first job to the last."""
        return _trace(2, 2, 2, 2, 2, 2)

    @property
    def guilty(self) -> Trace:
        """One more after each job."""
        return _trace(1, 2, 3, 4, 5, 6)


def _trace(*leftovers: int) -> Trace:
    jobs = [
        samples.done(samples.succeeded(), 10.0 * number, leftovers=left)
        for number, left in enumerate(leftovers, 1)
    ]
    return samples.trace(samples.submit(1, 0), jobs=tuple(jobs))


def _ended(done: Done) -> float:
    return done.ended


def _slope(left: list[int]) -> float:
    """Connections that were added by each job, on the whole."""
    return (left[-1] - left[0]) / (len(left) - 1)
