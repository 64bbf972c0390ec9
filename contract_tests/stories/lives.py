"""The lives of tasks that stories are told about."""

from dataclasses import replace

from mock_server.core.lifecycle import Phase, Stage, TaskError
from mock_server.core.scenario import TimelinePlan, fixed

QUEUED = Stage(Phase.QUEUED)


def done_after(seconds: float, **facts: object) -> TimelinePlan:
    """A task that runs for most of the time and succeeds then; the facts are of its last stage."""
    last = replace(Stage(Phase.SUCCEEDED, 100, seconds), **facts)  # type: ignore[arg-type]
    return fixed(QUEUED, running(1.0, 50), last) if seconds > 1 else fixed(QUEUED, last)


def failed_after(seconds: float, code: str, message: str) -> TimelinePlan:
    """A task that fails for that reason."""
    error = TaskError(code, message)
    return fixed(QUEUED, running(1.0, 50), Stage(Phase.FAILED, 50, seconds, error=error))


def running(seconds: float, progress: int | None = None, **facts: object) -> Stage:
    """A stage of a running task."""
    return replace(Stage(Phase.RUNNING, progress, seconds), **facts)  # type: ignore[arg-type]


# The first poll of a patient client sees each of them run; then they are done at its next one,
# or at the one after that.
ONE_POLL = done_after(7.0)
TWO_POLLS = done_after(12.0)
STUCK = fixed(QUEUED, running(2.0, 40))
