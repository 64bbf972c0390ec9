"""Where conversations are held: sessions of a mock, or the one account of any other server."""

import json
import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from contract_tests.server.conversation import Key
from contract_tests.server.target import SilenceError, Target

_CONTROL = "/_mock"
# A well-formed key that no server gave out.
UNKNOWN_KEY = "sk-neverissued00000000000000000000000000000000000000"


class StoryError(RuntimeError):
    """A server that was asked for a story it cannot play."""


class Place(Protocol):
    """An account on the server.

    ``name`` tells it from others, ``tag`` is a text that no other conversation with the server has,
    ``root`` stands before the paths of the API, ``keys`` are those that calls can carry.
    """

    name: str
    tag: str
    root: str
    keys: Mapping[Key, str]

    def now(self) -> float:
        """Seconds of the server's clock since some moment."""
        ...

    def wait(self, seconds: float) -> None:
        """Let so many seconds of the server's clock go by."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


class Venue(Protocol):
    """Gives places to hold conversations at; ``is_mock``: they start from nothing, and are free."""

    is_mock: bool

    def open(self, story: Mapping[str, object] | None) -> Place:
        """A place that plays that story; raises :class:`StoryError`."""
        ...


class MockVenue:
    """The sessions of a mock: each place is a session of its own whose clock stands still."""

    is_mock = True

    def __init__(self, target: Target, seed: int, token: str | None = None) -> None:
        self._target = target
        self._seed = seed
        self._token = token
        self._opened = 0

    def open(self, story: Mapping[str, object] | None) -> "MockPlace":
        self._opened += 1
        name = f"check-{self._seed}-{self._opened}"
        keys = [f"sk-{whose}{self._seed:012d}{self._opened:012d}".ljust(51, "0") for whose in "ab"]
        wish: dict[str, Any] = {"keys": keys, "frozen": True, "seed": self._seed, "ttl": 600}
        if story is not None:
            wish["scenario"] = dict(story)
        facts = self.ask("POST", "/sessions", wish)
        root = str(facts["base_url"]).removesuffix("/v1")
        tag = f"{self._seed}-{self._opened}"
        return MockPlace(self, str(facts["name"]), name, tag, root, (keys[0], keys[1]))

    def ask(self, method: str, path: str, body: object = None) -> Mapping[str, Any]:
        """What the control plane answers; raises :class:`StoryError` for what it refuses."""
        fields = [("content-type", "application/json")] if body is not None else []
        if self._token is not None:
            fields.append(("authorization", f"Bearer {self._token}"))
        content = b"" if body is None else json.dumps(body).encode()
        url = f"{self._target.origin}{_CONTROL}{path}"
        reply = self._target.send(method, url, tuple(fields), content)
        if reply.status >= 300:
            raise StoryError(reply.content.decode("utf-8", "replace")[:500])
        answer: Mapping[str, Any] = json.loads(reply.content)
        return answer


class MockPlace:
    """A session of a mock."""

    def __init__(
        self,
        venue: MockVenue,
        session: str,
        name: str,
        tag: str,
        root: str,
        keys: tuple[str, str],
    ) -> None:
        self.name = name
        self.tag = tag
        self.root = root
        own, other = keys
        self.keys: Mapping[Key, str] = {
            Key.OWN: own,
            Key.OTHER: other,
            Key.UNKNOWN: UNKNOWN_KEY,
        }
        self._venue = venue
        self._path = f"/sessions/{session}"
        self._passed = 0.0

    def now(self) -> float:
        return self._passed

    def wait(self, seconds: float) -> None:
        self._venue.ask("POST", f"{self._path}/clock/advance", {"seconds": seconds})
        self._passed += seconds

    def close(self) -> None:
        self._venue.ask("DELETE", self._path)


class AccountVenue:
    """A server of which nothing is known but its API: one place, and time that really passes."""

    is_mock = False

    def __init__(
        self,
        root: str,
        key: str,
        second_key: str | None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        other = {} if second_key is None else {Key.OTHER: second_key}
        self._root = root
        self._keys: Mapping[Key, str] = {Key.OWN: key, Key.UNKNOWN: UNKNOWN_KEY, **other}
        self._clock = clock
        self._sleep = sleep
        self._started = time.time_ns()
        self._opened = 0

    def open(self, story: Mapping[str, object] | None) -> "AccountPlace":
        if story is not None:
            raise StoryError("only a mock can play a story")
        self._opened += 1
        tag = f"{self._started:x}-{self._opened}"
        return AccountPlace(self._root, self._keys, tag, self._clock, self._sleep)


class AccountPlace:
    """The account behind a key, for one conversation; all of them have the same name."""

    def __init__(
        self,
        root: str,
        keys: Mapping[Key, str],
        tag: str,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
    ) -> None:
        self.name = "account"
        self.tag = tag
        self.root = root
        self.keys = keys
        self._clock = clock
        self._sleep = sleep

    def now(self) -> float:
        return self._clock()

    def wait(self, seconds: float) -> None:
        self._sleep(seconds)

    def close(self) -> None:
        return


def mock_profile(target: Target) -> str | None:
    """The profile of the mock behind a target, None if it is no mock of ours."""
    try:
        reply = target.send("GET", f"{target.origin}{_CONTROL}/ready", (), b"")
    except SilenceError:
        return None
    told = reply.json
    is_ours = reply.status == 200 and isinstance(told, dict) and told.get("status") == "ready"
    return str(told["profile"]) if is_ours and isinstance(told, dict) else None
