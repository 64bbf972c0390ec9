"""What a story asks of a client: the job it is given, how often and how many at once."""

from dataclasses import dataclass, field
from enum import Enum


@dataclass(frozen=True, slots=True)
class JobPlan:
    """One job for a client: what its caller orders.

    A None leaves the choice to the client. ``references`` is how many reference images it is given,
    ``mask`` whether it is given a mask.
    """

    prompt: str = "A lighthouse in the fog"
    size: str | None = None
    n: int = 1
    references: int = 0
    mask: bool = False
    model: str | None = None


class StopBy(Enum):
    """How a client is told to stop: its call is cancelled, or its process gets SIGTERM."""

    CANCEL = "cancel"
    SIGNAL = "signal"


@dataclass(frozen=True, slots=True)
class Stop:
    """The client is told to stop ``after`` seconds, counted from its first call."""

    by: StopBy
    after: float


@dataclass(frozen=True, slots=True)
class ClientPlan:
    """What a client has to do in a story.

    ``jobs`` is how many it is given at once; ``runs`` how often all is done anew, each time in a
    fresh session, because one run shows nothing of chance; ``clients`` how many independent
    clients (processes, where it is one) share the session.
    """

    job: JobPlan = field(default_factory=JobPlan)
    jobs: int = 1
    clients: int = 1
    runs: int = 1
    stop: Stop | None = None
