"""A mock: a profile, its sessions, and how new worlds are made for them."""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

from mock_server.core.callback import origin_of
from mock_server.core.contract import Contract, IdForm
from mock_server.core.ids import make_id
from mock_server.core.keys import Keyring
from mock_server.core.scenario import Scenario
from mock_server.core.world import Bounds, World, new_world
from mock_server.edge.clocks import Clock
from mock_server.edge.memory import give_back
from mock_server.edge.sessions import DEFAULT, Session, Sessions
from mock_server.edge.state_keeper import Keeper
from mock_server.loading.data_error import DataError, Fault, shown
from mock_server.loading.profiles import load_profile

DEFAULT_KEY = "sk-mock0123456789abcdefghijklmnopqrstuvwxyz0123456789"
MOST_SESSIONS = 20_000
# Tidying takes some hundredths of a second, so it is done once for many sessions that are gone.
_TIDY_EVERY = 1_000
_KEY_FORM = IdForm("sk-mock", "base62", 46)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a mock is made of.

    ``profile`` and ``scenario`` are names or paths, ``speed`` scales every session's clock,
    ``any_key`` accepts every well-formed key, ``limits`` turns the profile's documented limits on.
    ``control_token`` opens the control plane to callers from other machines. ``clock`` makes the
    clock of the server and those of its sessions. ``webhook`` is the URL to which the events of
    finished tasks are sent (None: no webhook is configured, and none is sent).
    """

    profile: str = "guide"
    scenario: str | None = None
    speed: float = 1.0
    api_keys: Sequence[str] = (DEFAULT_KEY,)
    any_key: bool = False
    limits: bool = False
    bounds: Bounds = field(default_factory=Bounds)
    clock: Callable[[], Clock] | None = None
    control_token: str | None = None
    webhook: str | None = None


def _configured(contract: Contract, webhook: str | None) -> Contract:
    """The contract of callers with this webhook; raises ``DataError`` for an impossible one."""
    if webhook is None:
        return contract
    if origin_of(webhook) is None:
        expected = "an http or https URL without credentials"
        raise DataError("webhook", [Fault("$", expected, shown(webhook))])
    return replace(contract, switches=replace(contract.switches, webhook_configured=True))


class SessionError(ValueError):
    """A session that cannot be made or let go as things stand: what was expected, what was seen."""

    def __init__(self, path: str, expected: str, seen: str) -> None:
        super().__init__(f"{path}: expected {expected}, seen {seen}")
        self.path = path
        self.expected = expected
        self.seen = seen


@dataclass(slots=True)
class Totals:
    """What happened in worlds that are gone, so that sums over all sessions never fall."""

    calls: int = 0
    submitted: int = 0
    uploaded: int = 0
    dropped: int = 0

    def add(self, world: World) -> None:
        """Count a world that is being let go."""
        self.calls += world.calls
        self.submitted += world.submitted
        self.uploaded += world.uploaded
        self.dropped += world.journal.dropped


class Mock:
    """The sessions of one server; everything about a session starts here.

    ``named`` counts the sessions that got their name from the server; ``keeper`` keeps all of them
    beyond the end of the process (None: nobody does).

    Raises :class:`~mock_server.loading.data_error.DataError` for a profile, scenario or webhook
    that cannot be used.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.contract: Contract = _configured(load_profile(settings.profile), settings.webhook)
        self.scenario = self.load_scenario(settings.scenario)
        self.clock = settings.clock() if settings.clock else Clock()
        self.hosts: set[str] = set()
        self.free_ports: deque[int] = deque()
        self.gone = Totals()
        default = self.make_session(DEFAULT, self.scenario, tuple(settings.api_keys))
        self.sessions = Sessions(default, self.clock)
        self.named = 0
        self.keeper: Keeper | None = None
        self._let_go_of = 0
        self._next_end = float("inf")

    def listening(self, host: str, ports: Iterable[int] = ()) -> None:
        """Note the name that the server was bound to and the ports that sessions may ask for."""
        self.hosts.add(host.lower())
        self.free_ports.extend(ports)
        self.sessions.ports.update(self.free_ports)

    def load_scenario(self, name: str | None) -> Scenario:
        """The scenario of that name or path, the usual story for None; raises ``DataError``."""
        if name is None:
            return self.limited(Scenario())
        # Imported here: YAML is not needed to serve the usual story.
        from mock_server.loading.scenarios import load_scenario

        return self.limited(load_scenario(name, self.contract))

    def limited(self, scenario: Scenario) -> Scenario:
        """The scenario, with the documented limits where they hold and it has none of its own."""
        if self.settings.limits and not scenario.limits:
            return replace(scenario, limits=self.contract.limits)
        return scenario

    def make_session(self, name: str, scenario: Scenario, keys: tuple[str, ...]) -> Session:
        """A new session that nothing else knows yet."""
        clock = self.settings.clock() if self.settings.clock else Clock(self.settings.speed)
        maker, speed = self._make_world, clock.speed
        return Session(name, scenario, maker, clock, keys, speed=speed, used=clock.now())

    def _make_world(self, session: Session) -> World:
        """A world in which nothing has happened: the start of a session, and every reset."""
        name, scenario = session.name, session.scenario
        # Signed URLs shall be the same in every run of a test, so the secret is no secret at all.
        secret = sha256(f"{name}\x1f{scenario.seed}".encode()).digest()
        keyring = self.keyring(session.keys)
        world = new_world(name, self.contract, scenario, keyring, self.settings.bounds, secret)
        world.webhook = self.settings.webhook
        return world

    def keyring(self, keys: tuple[str, ...]) -> Keyring:
        """The keyring of a session that has these keys."""
        return Keyring(dict.fromkeys(keys, "valid"), self.settings.any_key)

    def create_session(
        self,
        name: str | None = None,
        scenario: Scenario | None = None,
        *,
        speed: float | None = None,
        keys: tuple[str, ...] = (),
        ttl: float | None = None,
        port: bool = False,
    ) -> Session:
        """A new session, reachable at once; without ``keys`` it gets one of its own.

        Raises :class:`SessionError` when the name is taken, no port is free or there is no room.
        """
        self._refuse_session(name, port)
        name = name or self._next_name()
        scenario = scenario or self.scenario
        keys = keys or (make_id(_KEY_FORM, scenario.seed, name, 0, 0),)
        session = self.make_session(name, scenario, keys)
        if speed is not None:
            session.clock.run(speed)
            session.speed = speed
        session.port = self.free_ports.popleft() if port else None
        session.ttl = ttl
        session.stay(self.clock.now())
        self._add(session)
        return session

    def _refuse_session(self, name: str | None, port: bool) -> None:
        if name is not None and self.sessions.get(name) is not None:
            raise SessionError("$.name", "a name that no session has", repr(name))
        if port and not self.free_ports:
            open_ports = len(self.sessions.ports)
            raise SessionError("$.port", "a free port", f"all {open_ports} extra ports in use")
        if len(self.sessions) >= MOST_SESSIONS:
            raise SessionError("$", f"at most {MOST_SESSIONS} sessions", str(len(self.sessions)))

    def _next_name(self) -> str:
        while True:
            self.named += 1
            if self.sessions.get(f"s{self.named}") is None:
                return f"s{self.named}"

    def _add(self, session: Session) -> None:
        self.sessions.add(session)
        if session.expires is not None:
            self._next_end = min(self._next_end, session.expires)
        if self.keeper is not None:
            self.keeper.begun(session)

    def bring_back(self, session: Session) -> None:
        """Take in a session that was kept; its time to live begins anew."""
        session.stay(self.clock.now())
        self._add(session)

    def keep(self, name: str) -> None:
        """Keep what was changed in the session of that name, if there is one, and its clock.

        To be called before anybody is told of the change; raises ``StateError`` if they must not.
        """
        session = self.sessions.get(name)
        if self.keeper is not None and session is not None:
            self.keeper.keep(session)

    def reset_session(self, session: Session) -> Session:
        """The session that takes its place: same story from its start, same keys, a new clock."""
        fresh = self.make_session(session.name, session.scenario, session.keys)
        fresh.clock.run(session.speed)
        fresh.speed, fresh.port, fresh.ttl = session.speed, session.port, session.ttl
        fresh.stay(self.clock.now())
        self._let_go(session)
        self._add(fresh)
        return fresh

    def delete_session(self, session: Session) -> None:
        """Let a session go; raises :class:`SessionError` for the default one, which stays."""
        if session is self.sessions.default:
            raise SessionError("$", "a session other than the default one", repr(session.name))
        self.sessions.remove(session.name)
        self._let_go(session)
        if session.port is not None:
            self.free_ports.append(session.port)
        if self.keeper is not None:
            self.keeper.gone(session.name)

    def _let_go(self, session: Session) -> None:
        if not session.is_untouched:
            self.gone.add(session.world)
        self._let_go_of += 1
        if self._let_go_of % _TIDY_EVERY == 0:
            give_back()
        if session.clock.speed == 0:
            # Replies that wait for a frozen clock could never end once nobody can move it.
            session.clock.run(1)

    def sweep(self) -> tuple[str, ...]:
        """Let the sessions go whose time to live has passed; their names."""
        now = self.clock.now()
        if now < self._next_end:
            return ()
        over = [session for session in self.sessions if session.is_over(now)]
        for session in over:
            self.delete_session(session)
        ends = (session.expires for session in self.sessions if session.expires is not None)
        self._next_end = min(ends, default=float("inf"))
        return tuple(session.name for session in over)
