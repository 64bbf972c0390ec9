"""Rounds of shots at a subject and its control in turn, so that a slow moment hits both alike.

A round is cut into thin slices that alternate: on a busy virtual machine two equal servers were
seen to differ by 5 to 8 % when each was shot at for half a second in turn, by 2 % in slices of
0.05 s. Slices by themselves would hide a rare long pause behind the median, so they are added up
to rounds first, and only rounds are compared.
"""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

from benchmarks.load import Sample, Volley, connected, on_uvloop, shot
from benchmarks.servers import Server, halt, resume

SLICE_SECONDS = 0.05
WARM_UP_SECONDS = 0.2

NOTHING = Sample(0, 0.0, 0.0)

Shot = Callable[[float], Awaitable[Sample]]
"""Shoot at one server for so many seconds."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How much time a comparison takes: ``rounds``, each of so many ``seconds`` per server."""

    rounds: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Target:
    """A server, the requests it gets in a circle, and the status that each reply must have."""

    server: Server
    requests: Sequence[bytes]
    status: int = 200


@dataclass(frozen=True, slots=True)
class Round:
    """What subject and control did in one round."""

    subject: Sample
    control: Sample

    def __add__(self, other: "Round") -> "Round":
        return Round(self.subject + other.subject, self.control + other.control)

    @property
    def ratio(self) -> float:
        """Speed of the subject in terms of the control."""
        return self.subject.rate / self.control.rate


def compare(effort: Effort, subject: Target, control: Target) -> list[Round]:
    """Rounds of shots at both; raises CannotMeasure if one does not reply as it must."""

    async def run() -> list[Round]:
        async with AsyncExitStack() as stack:
            shots = []
            for target in (subject, control):
                volley = await stack.enter_async_context(connected(target.server, target.status))
                shots.append(aimed(volley, target.requests))
            return await interleaved(shots[0], shots[1], effort)

    try:
        return on_uvloop(run())
    finally:
        resume(subject.server)
        resume(control.server)


def aimed(volley: Volley, requests: Sequence[bytes]) -> Shot:
    """A shot that lets its server run only while it lasts.

    So neither server takes time from the other, and what a server puts off it must do in its own
    time.
    """

    async def shoot(seconds: float) -> Sample:
        resume(volley.server)
        sample = await shot(volley, requests, seconds)
        halt(volley.server)
        return sample

    return shoot


async def interleaved(subject: Shot, control: Shot, effort: Effort) -> list[Round]:
    """Shoot at both in slices, after a warm-up of each that is not counted.

    Which of them comes first changes from slice to slice (A B, B A, A B, ...), so that nothing
    that recurs at a regular pace strikes always the same.
    """
    for shoot in (subject, control):
        await shoot(WARM_UP_SECONDS)
    slices = max(1, round(effort.seconds / SLICE_SECONDS))
    return [await one_round(subject, control, slices) for _ in range(effort.rounds)]


async def one_round(subject: Shot, control: Shot, slices: int) -> Round:
    """So many slices of each, added up."""
    total = Round(NOTHING, NOTHING)
    for number in range(slices):
        if number % 2 == 0:
            total += Round(await subject(SLICE_SECONDS), await control(SLICE_SECONDS))
        else:
            before = await control(SLICE_SECONDS)
            total += Round(await subject(SLICE_SECONDS), before)
    return total
