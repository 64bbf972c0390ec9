"""The sessions of a server: isolated worlds, each with a clock of its own."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import NamedTuple

from mock_server.core.scenario import Scenario
from mock_server.core.world import World
from mock_server.edge.clocks import Clock

DEFAULT = "default"
PREFIX = "/s/"


@dataclass(slots=True)
class Session:
    """A world, its clock, and how it is reached: by name, by key, or by a port of its own.

    ``speed`` is that of the clock at first and after a reset. ``used`` is when the last call came,
    on the session's clock; ``expires`` is on the server's own: the session is gone then, unless
    calls come, each of which gives it ``ttl`` seconds more (None: for ever).

    The ``world`` is made of the ``scenario`` when it is first asked for: a session that nobody has
    called yet costs next to nothing.
    """

    name: str
    scenario: Scenario
    maker: Callable[["Session"], World] = field(repr=False)
    clock: Clock
    keys: tuple[str, ...] = ()
    port: int | None = None
    speed: float = 1.0
    ttl: float | None = None
    expires: float | None = None
    used: float = 0.0
    started: int = field(default=0)
    world: World = field(init=False, repr=False, compare=False)

    def __getattr__(self, name: str) -> World:
        # Called only for an attribute that has no value yet, so calls pay nothing for this.
        if name != "world":
            raise AttributeError(name)
        self.world = self.maker(self)
        return self.world

    @property
    def is_untouched(self) -> bool:
        """Whether nobody has asked for its world yet."""
        try:
            object.__getattribute__(self, "world")
        except AttributeError:
            return True
        return False

    def next_number(self) -> int:
        """The number of the next call, counted from 1 when it begins."""
        self.started += 1
        return self.started

    def is_over(self, now: float) -> bool:
        """Whether its time to live has passed at that time of the server's own clock."""
        return self.expires is not None and now >= self.expires

    def stay(self, now: float) -> None:
        """Begin the time to live anew."""
        if self.ttl is not None:
            self.expires = now + self.ttl


class Located(NamedTuple):
    """The session that a request belongs to and what is left of its path.

    ``prefix`` is what leads to that session when it stands before a path.
    """

    session: Session
    path: str
    prefix: str


class Sessions:
    """All sessions of a server, found by URL prefix, port, key, else the default one.

    A key leads to the session that was there first with it. ``ports`` are those that belong to
    sessions alone, ``clock`` is the server's own.
    """

    def __init__(self, default: Session, clock: Clock | None = None) -> None:
        self.default = default
        self.clock = clock or Clock()
        self.ports: set[int] = set()
        self._by_name: dict[str, Session] = {}
        self._by_port: dict[int, Session] = {}
        self._by_key: dict[bytes, Session] = {}
        self.add(default)

    def add(self, session: Session) -> None:
        """Take a session in; one of the same name is replaced."""
        self.remove(session.name)
        self._by_name[session.name] = session
        if session.name == DEFAULT:
            self.default = session
        if session.port is not None:
            self.ports.add(session.port)
            self._by_port[session.port] = session
        for key in session.keys:
            self._by_key.setdefault(_digest(key), session)

    def remove(self, name: str) -> Session | None:
        """Let a session go; None if there was none of that name."""
        session = self._by_name.pop(name, None)
        if session is None:
            return None
        if session.port is not None:
            self._by_port.pop(session.port, None)
        for digest in map(_digest, session.keys):
            if self._by_key.get(digest) is session:
                del self._by_key[digest]
        return session

    def get(self, name: str) -> Session | None:
        """The session of that name."""
        return self._by_name.get(name)

    def __iter__(self) -> Iterator[Session]:
        return iter(self._by_name.values())

    def __len__(self) -> int:
        return len(self._by_name)

    def locate(self, path: str, port: int | None, authorization: bytes) -> Located | None:
        """Where a request belongs; None when its path or port names a session that is gone."""
        if path.startswith(PREFIX):
            name, slash, rest = path[len(PREFIX) :].partition("/")
            session = self._by_name.get(name)
            found = None if session is None else Located(session, slash + rest, PREFIX + name)
            return self._while_alive(found)
        if port in self.ports:
            session = self._by_port.get(port)
            return self._while_alive(None if session is None else Located(session, path, ""))
        if len(self._by_name) == 1:
            return Located(self.default, path, "")
        session = self._by_key.get(_key_of(authorization)) if authorization else None
        if session is None or session is self.default:
            return Located(self.default, path, "")
        # Result URLs are fetched without the key, so they lead back by the name.
        return self._while_alive(Located(session, path, PREFIX + session.name))

    def _while_alive(self, located: Located | None) -> Located | None:
        """The place, unless its session's time has passed; the next sweep lets that go."""
        if located is None or located.session.expires is None:
            return located
        now = self.clock.now()
        if located.session.is_over(now):
            return None
        located.session.stay(now)
        return located


def _key_of(authorization: bytes) -> bytes:
    return _digest(authorization.decode("latin-1").partition(" ")[2].strip(" "))


def _digest(key: str) -> bytes:
    # Sessions are found by a digest, so that the time it takes tells nothing about the key.
    return blake2b(key.encode("utf-8", "surrogateescape"), digest_size=16).digest()
