"""What the control plane tells of sessions, their clocks, their stories and their limits."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClockFacts:
    """A session's clock: ``now`` is epoch seconds, ``speed`` its seconds in one second."""

    now: float
    speed: float
    frozen: bool


@dataclass(frozen=True, slots=True)
class ScenarioFacts:
    """A session's story; ``expect`` are the rules that a client must keep in it."""

    name: str
    title: str
    why: str
    seed: int
    profile: str | None
    expect: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """A session: how it is reached, and how much is in it.

    ``url`` stands before the paths of the API, ``base_url`` is the same with ``/v1``; ``keys`` are
    masked; ``ttl`` and ``expires_in`` are seconds without a call (None: for ever).
    """

    name: str
    url: str
    base_url: str
    port: int | None
    port_url: str | None
    keys: tuple[str, ...]
    scenario: ScenarioFacts
    clock: ClockFacts
    ttl: float | None
    expires_in: float | None
    calls: int
    tasks: int
    uploads: int


@dataclass(frozen=True, slots=True)
class LimitUser:
    """What a user has left of a limit: calls, tasks or credits; ``key`` is masked."""

    owner: str
    key: str | None
    remaining: float


@dataclass(frozen=True, slots=True)
class Limit:
    """A rule that holds in a session, and what is left of it for every user it has counted."""

    category: str
    operations: tuple[str, ...]
    kind: str
    capacity: float
    per_second: float
    window: float
    users: tuple[LimitUser, ...]
