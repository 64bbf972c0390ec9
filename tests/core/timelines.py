"""Hypothesis strategies for the timelines of tasks."""

from hypothesis import strategies as st

from mock_server.core.lifecycle import Phase, Stage, TaskError, Timeline

# Whole seconds and their quarters: sums of them are exact, so "not before" can be asked exactly.
moments = st.integers(0, 80).map(lambda quarters: quarters / 4)
polls = st.integers(0, 6)
releases = st.integers(0, 4)
ENDS = (Phase.SUCCEEDED, Phase.FAILED)


@st.composite
def timelines(draw: st.DrawFn, *, by_time: bool | None = None) -> Timeline:
    """Any legal timeline; ``by_time``: one that follows time alone (or one that need not)."""
    phases = sorted(
        draw(st.lists(st.sampled_from((Phase.QUEUED, Phase.RUNNING)), max_size=4)),
        key=lambda phase: phase.rank,
    )
    if draw(st.booleans()) or not phases:
        phases.append(draw(st.sampled_from(ENDS)))
    seconds = sorted(draw(st.lists(moments, min_size=len(phases), max_size=len(phases))))
    counts = sorted(draw(st.lists(polls, min_size=len(phases), max_size=len(phases))))
    stages = []
    for index, (phase, at, count) in enumerate(zip(phases, seconds, counts, strict=True)):
        if index == 0:
            stages.append(Stage(phase, polls=min(count, 1)))
        elif by_time:
            stages.append(Stage(phase, seconds=at, polls=min(count, 1)))
        else:
            stages.append(Stage(phase, seconds=at, polls=count, held=draw(st.booleans())))
    if draw(st.booleans()):
        stages.append(Stage(phases[-1], seconds=stages[-1].seconds + 1, polls=9, gone=True))
    return Timeline(tuple(stages))


def failed(seconds: float = 0.0, error: TaskError | None = None) -> Stage:
    """A failed stage."""
    return Stage(Phase.FAILED, seconds=seconds, error=error)
