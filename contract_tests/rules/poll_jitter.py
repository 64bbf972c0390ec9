"""POL-10: clients do not poll in step."""

from collections.abc import Iterator
from dataclasses import replace

from contract_tests.finding import Finding
from contract_tests.rules.base import samples
from contract_tests.rules.base.chance import spread
from contract_tests.rules.base.polls import steady_waits
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.rules.base.sameness import judge_sameness
from contract_tests.trace import Trace


class PollJitter(Rule):
    """The waits between polls differ from task to task."""

    id = "poll-jitter"
    number = "POL-10"
    title = "Polls have jitter: the waits between them differ from task to task"
    grade = Grade.MAY
    origin = Origin.SAFETY
    why = "Jobs that are started together and poll in step hit the limiter as one, every time."
    source = "REF tasks/image-status: every 5 to 10 seconds with jitter"
    mend = (
        "Draw each interval between the shortest and the longest that the documents name.",
        "Draw it anew for each poll.",
    )

    def judge(self, trace: Trace) -> Finding:
        """The first waits of all tasks, the second ones, and so on, over all runs."""
        idle = "no two tasks were polled twice each"
        apart = spread(_places(trace), trace.timing)
        return judge_sameness(self, trace, apart, "between polls of several tasks", idle)

    @property
    def innocent(self) -> Trace:
        """Two runs, and waits of their own in each."""
        return _trace((5.2, 6.7, 5.9), (6.1, 5.5, 8.4))

    @property
    def guilty(self) -> Trace:
        """Two runs, and five seconds each time."""
        return _trace((5, 5, 5), (5, 5, 5))


def _places(trace: Trace) -> Iterator[tuple[int, float]]:
    for run in trace.all_runs:
        count: dict[str | None, int] = {}
        for wait in steady_waits(run):
            task = wait.after.task
            count[task] = count.get(task, 0) + 1
            yield count[task], wait.seconds


def _trace(*rows: tuple[float, ...]) -> Trace:
    runs = []
    for waits in rows:
        times = [5.0 + sum(waits[:count]) for count in range(len(waits) + 1)]
        polls = (samples.poll(number, at) for number, at in enumerate(times, 2))
        runs.append(samples.trace(samples.submit(1, 0), *polls))
    return replace(runs[0], repeats=tuple(runs[1:]))
