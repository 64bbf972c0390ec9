"""The sessions of a server: isolated worlds, each with a clock of its own."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b

from mock_server.core.world import World
from mock_server.edge.clocks import Clock

DEFAULT = "default"
PREFIX = "/s/"


@dataclass(slots=True)
class Session:
    """A world, its clock, and how it is reached: by name, by key, or by a port of its own.

    ``ttl`` (seconds without a call; None: for ever) and ``used`` are on the server's own clock.
    """

    name: str
    world: World
    clock: Clock
    keys: tuple[str, ...] = ()
    port: int | None = None
    ttl: float | None = None
    used: float = 0.0
    started: int = field(default=0)

    def next_number(self) -> int:
        """The number of the next call, counted from 1 when it begins."""
        self.started += 1
        return self.started


@dataclass(frozen=True, slots=True)
class Located:
    """The session that a request belongs to and what is left of its path."""

    session: Session
    path: str
    prefix: str


class Sessions:
    """All sessions of a server, found by URL prefix, port, key, else the default one."""

    def __init__(self, default: Session) -> None:
        self.default = default
        self._by_name: dict[str, Session] = {}
        self._by_port: dict[int, Session] = {}
        self._by_key: dict[bytes, Session] = {}
        self.add(default)

    def add(self, session: Session) -> None:
        """Take a session in; one of the same name is replaced."""
        self.remove(session.name)
        self._by_name[session.name] = session
        if session.port is not None:
            self._by_port[session.port] = session
        for key in session.keys:
            self._by_key[_digest(key)] = session

    def remove(self, name: str) -> Session | None:
        """Let a session go; None if there was none of that name."""
        session = self._by_name.pop(name, None)
        if session is None:
            return None
        if session.port is not None:
            self._by_port.pop(session.port, None)
        for key in session.keys:
            self._by_key.pop(_digest(key), None)
        return session

    def get(self, name: str) -> Session | None:
        """The session of that name."""
        return self._by_name.get(name)

    def __iter__(self) -> Iterator[Session]:
        return iter(self._by_name.values())

    def __len__(self) -> int:
        return len(self._by_name)

    def locate(self, path: str, port: int | None, authorization: bytes) -> Located | None:
        """Where a request belongs; None when its path names a session that is not there."""
        if path.startswith(PREFIX):
            name, slash, rest = path[len(PREFIX) :].partition("/")
            session = self._by_name.get(name)
            return session and Located(session, slash + rest, PREFIX + name)
        if len(self._by_name) == 1:
            return Located(self.default, path, "")
        session = self._by_port.get(port) if port is not None else None
        if session is None and authorization:
            key = authorization.decode("latin-1").partition(" ")[2].strip(" ")
            session = self._by_key.get(_digest(key))
        return Located(session or self.default, path, "")


def _digest(key: str) -> bytes:
    # Sessions are found by a digest, so that the time it takes tells nothing about the key.
    return blake2b(key.encode("utf-8", "surrogateescape"), digest_size=16).digest()
