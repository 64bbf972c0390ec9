"""What is noted of one job of a Python client while it is done."""

import socket
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from weakref import WeakSet

from contract_tests.clients.processes.bounded_text import BoundedText
from contract_tests.outcome import Job


@dataclass(slots=True, eq=False)
class PythonRun:
    """One job that is being done; ``now`` is the clock of its session.

    ``connections`` are the sockets that its client has connected, in this job or any other;
    ``progress`` is what it told of this one, ``out`` and ``err`` what it printed.
    """

    job: Job
    now: Callable[[], float]
    connections: "WeakSet[socket.socket]"
    progress: list[float] = field(default_factory=list)
    out: BoundedText = field(init=False)
    err: BoundedText = field(init=False)

    def __post_init__(self) -> None:
        self.out = BoundedText(secret=self.job.api_key)
        self.err = BoundedText(secret=self.job.api_key)

    def report(self, progress: object) -> None:
        """Note what the client says of its progress; what is no number is passed over."""
        if isinstance(progress, (int, float)):
            self.progress.append(float(progress))


# The run that the code at hand belongs to.
current_run: ContextVar[PythonRun | None] = ContextVar("current_run", default=None)
