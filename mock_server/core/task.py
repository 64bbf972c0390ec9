"""A task as it is kept: what was ordered and the facts from which its status is computed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from mock_server.core.lifecycle import Stage, Timeline, stage_at, stage_index


class Order(NamedTuple):
    """What a valid request asked for, whatever the profile calls its fields.

    ``width`` and ``height`` are the pixels of each of the ``images``.
    """

    model: str
    prompt: str
    size: str
    images: int
    width: int
    height: int
    media_type: str
    references: tuple[str, ...] = ()
    mask: str | None = None
    client_id: str | None = None
    callback: str | None = None
    metadata: Mapping[str, object] | None = None


@dataclass(slots=True)
class Task:
    """One accepted order. Only ``polls``, ``released``, ``moved`` and ``timeline`` ever change.

    ``created`` and ``moved`` (the last poll or release that led to a later stage) are seconds of
    the session's clock; ``credits`` is what was charged; ``digest`` tells equal request bodies
    from different ones.
    """

    id: str
    number: int
    owner: str
    order: Order
    timeline: Timeline
    created: float
    credits: float
    digest: bytes
    polls: int = 0
    released: int = 0
    moved: float = field(default=0.0)

    def stage(self, now: float) -> Stage:
        """The stage that the task is in."""
        return stage_at(self.timeline, now - self.created, self.polls, self.released)

    def poll(self, now: float) -> Stage:
        """Count a status read and return the stage that it sees."""
        timeline = self.timeline
        if timeline.follows_time_alone:
            self.polls += 1
        else:
            self._move(now, polls=1)
        elapsed = now - self.created
        return timeline.stages[stage_index(timeline, elapsed, self.polls, self.released)]

    def release(self, now: float) -> None:
        """Let the task pass the next stage that is held."""
        self._move(now, releases=1)

    def finished(self, now: float) -> float | None:
        """When the task reached its terminal stage (session's clock), None while it has not."""
        if not self.stage(now).phase.is_terminal:
            return None
        first = next(stage for stage in self.timeline.stages if stage.phase.is_terminal)
        return max(self.created + first.seconds, self.moved)

    def _move(self, now: float, polls: int = 0, releases: int = 0) -> None:
        elapsed = now - self.created
        before = stage_index(self.timeline, elapsed, self.polls, self.released)
        self.polls += polls
        self.released += releases
        after = stage_index(self.timeline, elapsed, self.polls, self.released)
        if after > before and not self.timeline.stages[before].phase.is_terminal:
            self.moved = now

    def end(self, now: float, last: Stage) -> None:
        """Make ``last`` the end of the task from now on, unless it has ended already."""
        index = stage_index(self.timeline, now - self.created, self.polls, self.released)
        past = self.timeline.stages[: index + 1]
        if not past[-1].phase.is_terminal:
            here = past[-1]
            end = replace(last, seconds=here.seconds, polls=here.polls, held=False)
            self.timeline = Timeline((*past, end))
            self.moved = now
