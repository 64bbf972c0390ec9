"""POL-06: any progress is put up with."""

from collections.abc import Iterator

from contract_tests.finding import Finding
from contract_tests.rules.base import samples
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.rules.base.tolerance import Odd, judge_tolerance, told_progress
from contract_tests.trace import Ability, Trace
from mock_server.core.lifecycle import Phase

_MOST = 100


class OddProgress(Rule):
    """Progress that stands still, falls, is out of range or missing ends no job.

    Of each kind the first reply is judged, task by task: who got past that one knows the kind.
    """

    id = "odd-progress"
    number = "POL-06"
    title = "Progress that stands still, falls, leaves its range or is missing is put up with"
    grade = Grade.MUST
    origin = Origin.SAFETY
    why = (
        "Progress is an ornament. Workers start over, values overshoot, fields are left out; a"
        " client that trips over it loses an image that is as good as there."
    )
    source = "the kit: rules for clients, POL-06; nothing documents when progress moves, or how"
    mend = (
        "Decide by the status alone; show progress if it is a number, clipped to 0 to 100.",
        "Let nothing but the overall deadline end the wait.",
    )
    needs = frozenset({Ability.REPORTS})

    def judge(self, trace: Trace) -> Finding:
        """The first reply of each kind, and how the client took it."""
        return judge_tolerance(self, trace, _first_odd(trace), "no progress was odd")

    @property
    def innocent(self) -> Trace:
        """From 50 to 10 percent, and on."""
        calls = samples.poll(2, 5), samples.poll(3, 10, content=_running(progress=10))
        last = samples.poll(4, 15, Phase.SUCCEEDED)
        return samples.trace(samples.submit(1, 0), *calls, last, outcome=samples.succeeded())

    @property
    def guilty(self) -> Trace:
        """From 50 to 10 percent, and no further."""
        calls = samples.poll(2, 5), samples.poll(3, 10, content=_running(progress=10))
        return samples.trace(samples.submit(1, 0), *calls, outcome=samples.failed())


def _running(progress: int) -> bytes:
    return samples.task_text(Phase.RUNNING, progress=progress)


def _first_odd(trace: Trace) -> Iterator[Odd]:
    known: set[tuple[str | None, str]] = set()
    for exchange, progress, before in told_progress(trace):
        kind = _kind(progress, before)
        # A task that failed has no progress worth the name.
        is_over = exchange.phase is Phase.FAILED
        if kind is not None and not is_over and (exchange.task, kind) not in known:
            known.add((exchange.task, kind))
            yield Odd(exchange, kind)


def _kind(progress: object, before: float | None) -> str | None:
    """What is odd about a progress; a text or a fraction is a matter of types, not of values."""
    if progress is None:
        return "no progress"
    if isinstance(progress, bool) or not isinstance(progress, int):
        return None
    if not 0 <= progress <= _MOST:
        return f"a progress {'above 100' if progress > _MOST else 'below 0'}"
    if before is None or progress > before:
        return None
    return "a progress that stood still" if progress == before else "a progress that fell"
