"""A mock: a profile, its sessions, and how new worlds are made for them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

from mock_server.core.contract import Contract
from mock_server.core.keys import Keyring
from mock_server.core.scenario import Scenario
from mock_server.core.world import Bounds, World, new_world
from mock_server.edge.clocks import Clock
from mock_server.edge.sessions import DEFAULT, Session, Sessions
from mock_server.loading.profiles import load_profile

DEFAULT_KEY = "sk-mock0123456789abcdefghijklmnopqrstuvwxyz0123456789"


@dataclass(frozen=True, slots=True)
class Settings:
    """What a mock is made of.

    ``profile`` and ``scenario`` are names or paths, ``speed`` scales every session's clock,
    ``any_key`` accepts every well-formed key, ``limits`` turns the profile's documented limits on.
    """

    profile: str = "guide"
    scenario: str | None = None
    speed: float = 1.0
    api_keys: Sequence[str] = (DEFAULT_KEY,)
    any_key: bool = False
    limits: bool = False
    bounds: Bounds = field(default_factory=Bounds)
    clock: Callable[[], Clock] | None = None


class Mock:
    """The sessions of one server; everything about a session starts here.

    Raises :class:`~mock_server.loading.data_error.DataError` for a profile or scenario that cannot
    be used.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.contract: Contract = load_profile(settings.profile)
        self.scenario = self.load_scenario(settings.scenario)
        keys = tuple(settings.api_keys)
        self.sessions = Sessions(self.make_session(DEFAULT, self.scenario, keys))

    def load_scenario(self, name: str | None) -> Scenario:
        """The scenario of that name or path, the usual story for None; raises ``DataError``."""
        scenario = Scenario()
        if name is not None:
            # Imported here: YAML is not needed to serve the usual story.
            from mock_server.loading.scenarios import load_scenario

            scenario = load_scenario(name, self.contract)
        if self.settings.limits and not scenario.limits:
            scenario = replace(scenario, limits=self.contract.limits)
        return scenario

    def make_session(self, name: str, scenario: Scenario, keys: tuple[str, ...]) -> Session:
        """A new session that nothing else knows yet."""
        clock = self.settings.clock() if self.settings.clock else Clock(self.settings.speed)
        return Session(name, self.make_world(name, scenario, keys), clock, keys, used=clock.now())

    def make_world(self, name: str, scenario: Scenario, keys: tuple[str, ...]) -> World:
        """A world in which nothing has happened: the start of a session, and every reset."""
        keyring = Keyring(dict.fromkeys(keys, "valid"), self.settings.any_key)
        # Signed URLs shall be the same in every run of a test, so the secret is no secret at all.
        secret = sha256(f"{name}\x1f{scenario.seed}".encode()).digest()
        return new_world(name, self.contract, scenario, keyring, self.settings.bounds, secret)
