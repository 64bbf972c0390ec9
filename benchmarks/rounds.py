"""Rounds of shots at several servers in turn, so that a slow moment of the machine hits all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from benchmarks.load import Sample, shoot
from benchmarks.servers import Server


@dataclass(frozen=True, slots=True)
class Effort:
    """How much time the measures take: ``rounds`` of shots of so many ``seconds``."""

    rounds: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Target:
    """A server, the requests it gets in a circle, and the status that each reply must have."""

    server: Server
    requests: Sequence[bytes]
    status: int = 200


def compare(
    effort: Effort, subject: Target, control: Target
) -> tuple[tuple[Sample, ...], tuple[Sample, ...]]:
    """Shots at the subject and at the control, A B A B; raises CannotMeasure as ``shoot`` does."""
    subject_samples, control_samples = interleaved(
        [aim(subject, effort.seconds), aim(control, effort.seconds)], effort.rounds
    )
    return subject_samples, control_samples


def aim(target: Target, seconds: float) -> Callable[[], Sample]:
    """One shot at a target, to be taken later and repeatedly."""
    return partial(shoot, target.server, target.requests, status=target.status, seconds=seconds)


def interleaved(shots: Sequence[Callable[[], Sample]], rounds: int) -> list[tuple[Sample, ...]]:
    """Take each shot once per round, in the given order; the samples of each shot."""
    taken = [[shot() for shot in shots] for _ in range(rounds)]
    return list(zip(*taken, strict=True))
