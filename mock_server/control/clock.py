"""The clock of a session."""

from mock_server.control.facts import ClockFacts
from mock_server.control.reading import read
from mock_server.control.wire import Wire


class SessionClock:
    """Reads and moves a session's clock; times are epoch seconds, and never run backwards.

    Everything raises :class:`~mock_server.control.ControlError` for what the server refuses.
    """

    def __init__(self, wire: Wire, path: str) -> None:
        self._wire = wire
        self._path = f"{path}/clock"

    def facts(self) -> ClockFacts:
        """What it shows and how fast it runs."""
        return read(ClockFacts, self._wire.ask("GET", self._path))

    @property
    def now(self) -> float:
        """What it shows."""
        return self.facts().now

    def freeze(self) -> ClockFacts:
        """Stop it: time passes only when it is moved."""
        return read(ClockFacts, self._wire.ask("POST", f"{self._path}/freeze"))

    def advance(self, seconds: float) -> ClockFacts:
        """Move it ahead."""
        return self._move("advance", seconds=seconds)

    def set(self, time: float) -> ClockFacts:
        """Move it ahead to a time."""
        return self._move("set", time=time)

    def run(self, speed: float = 1.0) -> ClockFacts:
        """Let it run, so many of its seconds in one; 0 stops it."""
        return self._move("speed", speed=speed)

    def _move(self, how: str, **body: float) -> ClockFacts:
        return read(ClockFacts, self._wire.ask("POST", f"{self._path}/{how}", body))
