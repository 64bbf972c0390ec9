"""A task remembers when it was created and what moved it, and everything else is computed."""

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from mock_server.core.lifecycle import Phase, Stage, Timeline
from mock_server.core.task import Order, Task
from tests.core.timelines import moments, timelines

CREATED = 1_800_000_000.0
ORDER = Order("gpt-4o-image", "A red kite", "1:1", 1, 1024, 1024, "image/png")
QUEUED = Stage(Phase.QUEUED)


def task(*stages: Stage) -> Task:
    return of(Timeline(stages))


def of(timeline: Timeline) -> Task:
    return Task("task_1", 1, "owner", ORDER, timeline, CREATED, 10.0, b"digest")


class OneTask(RuleBasedStateMachine):
    """Time passes, the task is polled and released in any order: it only ever moves on."""

    @initialize(timeline=timelines())
    def create(self, timeline: Timeline) -> None:
        self.now = CREATED
        self.task = of(timeline)
        self.place = 0
        self.finished: float | None = None
        self.was_terminal = False

    @rule(seconds=moments)
    def wait(self, seconds: float) -> None:
        self.now += seconds

    @rule()
    def poll(self) -> None:
        seen = self.task.poll(self.now)
        assert seen is self.task.stage(self.now)

    @rule()
    def release(self) -> None:
        self.task.release(self.now)

    @invariant()
    def never_goes_back(self) -> None:
        place = self.task.timeline.stages.index(self.task.stage(self.now))
        assert place >= self.place
        self.place = place

    @invariant()
    def ended_once_at_a_time_that_has_come(self) -> None:
        finished = self.task.finished(self.now)
        terminal = self.task.stage(self.now).phase.is_terminal
        assert (finished is not None) == terminal
        if finished is not None:
            assert CREATED <= finished <= self.now
        if self.was_terminal:
            assert finished == self.finished
        self.finished, self.was_terminal = finished, terminal


TestOneTask = OneTask.TestCase
TestOneTask.settings = settings(stateful_step_count=25)


def test_a_task_that_time_ends_has_ended_at_its_second_however_late_it_is_asked() -> None:
    done = task(QUEUED, Stage(Phase.SUCCEEDED, seconds=4))
    assert done.finished(CREATED + 3.9) is None
    assert done.finished(CREATED + 500) == CREATED + 4


def test_a_task_that_a_poll_ends_has_ended_with_that_poll() -> None:
    done = task(QUEUED, Stage(Phase.SUCCEEDED, polls=2))
    assert done.poll(CREATED + 1).phase is Phase.QUEUED
    assert done.poll(CREATED + 7).phase is Phase.SUCCEEDED
    assert done.poll(CREATED + 8).phase is Phase.SUCCEEDED
    assert done.finished(CREATED + 9) == CREATED + 7


def test_a_task_that_a_release_ends_has_ended_with_that_release() -> None:
    done = task(QUEUED, Stage(Phase.SUCCEEDED, seconds=4, held=True))
    assert done.finished(CREATED + 100) is None
    done.release(CREATED + 100)
    assert done.finished(CREATED + 200) == CREATED + 100


def test_a_release_before_its_time_lets_time_end_the_task() -> None:
    done = task(QUEUED, Stage(Phase.SUCCEEDED, seconds=4, held=True))
    done.release(CREATED + 1)
    assert done.finished(CREATED + 200) == CREATED + 4


def test_reading_the_stage_or_the_end_of_a_task_changes_nothing() -> None:
    done = task(QUEUED, Stage(Phase.SUCCEEDED, polls=2))
    before = repr(done)
    assert done.stage(CREATED + 9).phase is Phase.QUEUED
    assert done.finished(CREATED + 9) is None
    assert repr(done) == before


def test_every_poll_is_counted_also_where_polls_move_nothing() -> None:
    done = task(QUEUED, Stage(Phase.SUCCEEDED, seconds=4))
    for _ in range(3):
        done.poll(CREATED)
    assert done.polls == 3


def test_a_task_can_be_ended_at_once_from_outside() -> None:
    stuck = task(QUEUED)
    stuck.end(CREATED + 30, Stage(Phase.SUCCEEDED, progress=100))
    assert stuck.stage(CREATED + 30).phase is Phase.SUCCEEDED
    assert stuck.finished(CREATED + 99) == CREATED + 30


def test_a_task_that_has_ended_is_not_ended_again() -> None:
    done = task(QUEUED, Stage(Phase.SUCCEEDED, seconds=4))
    done.end(CREATED + 30, Stage(Phase.FAILED))
    assert done.stage(CREATED + 30).phase is Phase.SUCCEEDED
    assert done.finished(CREATED + 99) == CREATED + 4


@given(timelines(), moments, st.integers(0, 5), st.sampled_from((Phase.SUCCEEDED, Phase.FAILED)))
def test_a_task_can_be_ended_from_outside_whatever_its_timeline(
    timeline: Timeline, elapsed: float, polls: int, end: Phase
) -> None:
    now = CREATED + elapsed
    ended = of(timeline)
    for _ in range(polls):
        ended.poll(now)
    before, finished = ended.stage(now), ended.finished(now)
    ended.end(now, Stage(end))
    if before.phase.is_terminal or before.gone:
        assert (ended.stage(now), ended.finished(now)) == (before, finished)
    else:
        assert (ended.stage(now).phase, ended.finished(now)) == (end, now)
