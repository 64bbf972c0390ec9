"""The whole lifecycle of a task, computed from its timeline and never advanced by anyone."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum


class Phase(Enum):
    """Where a task stands, in our words; the vendor's words are in its profile."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"

    @property
    def is_terminal(self) -> bool:
        """True for a phase that a task never leaves."""
        return self in (Phase.SUCCEEDED, Phase.FAILED)

    @property
    def rank(self) -> int:
        """The place in the legal order: queued 0, running 1, terminal 2."""
        return _RANKS[self]


_RANKS = {Phase.QUEUED: 0, Phase.RUNNING: 1, Phase.SUCCEEDED: 2, Phase.FAILED: 2}


class IllegalTimelineError(ValueError):
    """A timeline that no task could follow; ``stage`` is the index of the first wrong stage."""

    def __init__(self, stage: int, expected: str, seen: str) -> None:
        super().__init__(f"stage {stage}: expected {expected}, seen {seen}")
        self.stage = stage
        self.expected = expected
        self.seen = seen


@dataclass(frozen=True, slots=True)
class TaskError:
    """Why a task failed, as the caller is told: the vendor's code and a message."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Stage:
    """One stretch of a task's life.

    It is reached when ``seconds`` since creation AND ``polls`` status reads (the one being answered
    included) have passed AND, if it is ``held``, it has been released from outside.
    ``progress`` is 0 to 100, ``None`` leaves the field out of the reply. ``word`` replaces the
    profile's status word. ``results`` is how many of the ordered images a success carries
    (``None``: all). ``lifetime`` is the seconds until its result URLs expire (``None``: the
    profile's). ``gone`` makes the task unknown to the server from here on.
    """

    phase: Phase
    progress: int | None = 0
    seconds: float = 0.0
    polls: int = 0
    held: bool = False
    word: str | None = None
    error: TaskError | None = None
    results: int | None = None
    lifetime: float | None = None
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Timeline:
    """The stages of a task in the order in which they are reached.

    ``follows_time_alone`` is true when neither polls nor releases move a task along; ``seconds``
    are those of the stages.

    Raises :class:`IllegalTimelineError` on construction when the order of phases is not legal,
    seconds or polls fall, or something follows a terminal stage (except its own disappearance).
    """

    stages: tuple[Stage, ...]
    follows_time_alone: bool = field(init=False, compare=False)
    seconds: tuple[float, ...] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        if not self.stages:
            raise IllegalTimelineError(0, "at least one stage", "none")
        _check_start(self.stages[0])
        for index, stage in enumerate(self.stages):
            _check_numbers(index, stage)
        for index in range(1, len(self.stages)):
            _check_order(index, self.stages[index - 1], self.stages[index])
        by_time = not any(stage.held or stage.polls > 1 for stage in self.stages)
        object.__setattr__(self, "follows_time_alone", by_time)
        object.__setattr__(self, "seconds", tuple(stage.seconds for stage in self.stages))

    @property
    def holds(self) -> int:
        """How many of the stages wait for a release from outside."""
        return sum(stage.held for stage in self.stages)


def _check_start(first: Stage) -> None:
    if first.held or first.seconds > 0 or first.polls > 1:
        raise IllegalTimelineError(0, "a first stage reached at once", repr(first))


def _check_numbers(index: int, stage: Stage) -> None:
    # The comparison is written so that NaN fails it too.
    if not 0 <= stage.seconds < float("inf"):
        raise IllegalTimelineError(index, "seconds from 0 on", str(stage.seconds))
    if stage.polls < 0:
        raise IllegalTimelineError(index, "polls from 0 on", str(stage.polls))
    if stage.error is not None and stage.phase is not Phase.FAILED:
        raise IllegalTimelineError(index, "an error only on a failed stage", stage.phase.value)


def _check_order(index: int, before: Stage, stage: Stage) -> None:
    if before.gone or (before.phase.is_terminal and not stage.gone):
        raise IllegalTimelineError(index, "nothing after the end", stage.phase.value)
    if stage.phase.rank < before.phase.rank:
        raise IllegalTimelineError(
            index, f"a phase from {before.phase.value} on", stage.phase.value
        )
    if before.phase.is_terminal and stage.phase is not before.phase:
        raise IllegalTimelineError(index, before.phase.value, stage.phase.value)
    if stage.seconds < before.seconds:
        raise IllegalTimelineError(index, f"seconds from {before.seconds} on", str(stage.seconds))
    if stage.polls < before.polls:
        raise IllegalTimelineError(index, f"polls from {before.polls} on", str(stage.polls))


def stage_at(timeline: Timeline, elapsed: float, polls: int, released: int) -> Stage:
    """The stage of a task ``elapsed`` seconds old, ``polls`` times read, ``released`` times let go.

    Pure, and monotone: more time, polls or releases never lead to an earlier stage.
    """
    return timeline.stages[stage_index(timeline, elapsed, polls, released)]


def stage_index(timeline: Timeline, elapsed: float, polls: int, released: int) -> int:
    """The index of :func:`stage_at`'s stage in ``timeline.stages``."""
    if timeline.follows_time_alone:
        return max(0, bisect_right(timeline.seconds, elapsed) - 1)
    reached = 0
    holds = 0
    for index, stage in enumerate(timeline.stages):
        holds += stage.held
        if stage.seconds > elapsed or stage.polls > max(polls, 1) or holds > released:
            break
        reached = index
    return reached


def timeline_of(stages: Sequence[Stage]) -> Timeline:
    """A timeline of these stages; raises :class:`IllegalTimelineError`."""
    return Timeline(tuple(stages))
