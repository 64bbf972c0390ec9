"""Lives of tasks drawn by Hypothesis."""

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import strategies as st

from contract_tests.stories.lives import QUEUED
from mock_server.core.lifecycle import Phase, Stage, TaskError
from mock_server.core.scenario import TimelinePlan, fixed

_MOST_STAGES = 4
_MOST_SECONDS = 8
WORDS = (None, None, None, "moderating", "retrying")
ENDS = (
    Stage(Phase.SUCCEEDED, 100),
    Stage(Phase.FAILED, error=TaskError("generation_failed", "The word is marzipan-4711.")),
    # Without an image, and with images that cannot be fetched any more.
    Stage(Phase.SUCCEEDED, 100, results=0),
    Stage(Phase.SUCCEEDED, 100, lifetime=0.0),
)


def lives() -> st.SearchStrategy[TimelinePlan]:
    """A task of up to four stages that then succeeds, fails, or has nothing to show."""
    step = st.tuples(
        st.integers(0, _MOST_SECONDS), st.none() | st.integers(0, 100), st.sampled_from(WORDS)
    )
    return st.builds(
        _life,
        st.lists(step, max_size=_MOST_STAGES),
        st.integers(0, _MOST_SECONDS),
        st.sampled_from(ENDS),
    )


def _life(
    steps: Sequence[tuple[int, int | None, str | None]], last: int, end: Stage
) -> TimelinePlan:
    stages, now = [QUEUED], 0.0
    for seconds, progress, word in steps:
        now += seconds
        stages.append(Stage(Phase.RUNNING, progress, now, word=word))
    return fixed(*stages, replace(end, seconds=now + last))
