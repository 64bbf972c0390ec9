"""A session of a running mock, and everything in it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, TypeAlias

from mock_server.control.clock import SessionClock
from mock_server.control.facts import Limit, ScenarioFacts, SessionFacts
from mock_server.control.faults import SessionFaults
from mock_server.control.findings import Verified, verified
from mock_server.control.journal import SessionJournal
from mock_server.control.ledger import Ledger
from mock_server.control.reading import read
from mock_server.control.tasks import SessionTasks
from mock_server.control.wire import Wire

# A scenario: its name, a YAML text of several lines, a YAML file, or the scenario as a value.
Story: TypeAlias = str | Path | Mapping[str, Any]


class Session:
    """A session: ``base_url`` (with ``/v1``) and ``api_key`` are what a client needs.

    ``url`` stands before the paths of the API; ``port_url`` is the origin at the session's own
    port. ``api_key`` is known of sessions that were created here. As a context manager, it is
    deleted at the end of the block.

    Everything raises :class:`~mock_server.control.ControlError` for what the server refuses.
    """

    def __init__(self, wire: Wire, facts: SessionFacts, api_key: str | None = None) -> None:
        self.name = facts.name
        self.url = facts.url
        self.base_url = facts.base_url
        self.port_url = facts.port_url
        self.api_key = api_key
        self._wire = wire
        self._path = f"/sessions/{facts.name}"
        self.clock = SessionClock(wire, self._path)
        self.faults = SessionFaults(wire, self._path)
        self.tasks = SessionTasks(wire, self._path)
        self.journal = SessionJournal(wire, self._path)

    def __repr__(self) -> str:
        return f"Session({self.name!r}, url={self.url!r})"

    def __enter__(self) -> "Session":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.delete()

    def facts(self) -> SessionFacts:
        """How it is reached, and how much is in it."""
        return read(SessionFacts, self._wire.ask("GET", self._path))

    def reset(self) -> SessionFacts:
        """Begin anew: a new world with the same story, keys and addresses."""
        return read(SessionFacts, self._wire.ask("POST", f"{self._path}/reset"))

    def delete(self) -> None:
        """Let it go."""
        self._wire.ask("DELETE", self._path)

    def scenario(self) -> ScenarioFacts:
        """What its story is about."""
        return read(ScenarioFacts, self._wire.ask("GET", f"{self._path}/scenario"))

    def play(self, story: Story, seed: int | None = None) -> tuple[str, ...]:
        """Go on with another story; the faults that had not struck, which are superseded now."""
        wish = {"scenario": told(story), **({} if seed is None else {"seed": seed})}
        return tuple(self._wire.ask("PUT", f"{self._path}/scenario", wish)["superseded"])

    def export(self) -> str:
        """The story with the exact plan of what struck, as the text of a scenario file."""
        return self._wire.read("GET", f"{self._path}/export").decode()

    def ledger(self, limit: int = 1000) -> Ledger:
        """What was charged and given back; at most so many lines of each kind."""
        return read(Ledger, self._wire.ask("GET", f"{self._path}/ledger", query={"limit": limit}))

    def limits(self) -> tuple[Limit, ...]:
        """The limits that hold and what is left of them."""
        rules = self._wire.ask("GET", f"{self._path}/limits")["rules"]
        return tuple(read(Limit, rule) for rule in rules)

    def verify(
        self, *expectations: Mapping[str, Any], within: float = 0.0, since: int = 0
    ) -> Verified:
        """Hold the calls against expectations, waiting up to ``within`` seconds for them.

        Only calls of a greater number than ``since`` count.
        """
        wish: dict[str, Any] = {"expectations": [dict(one) for one in expectations]}
        wish |= {"within": within} if within else {}
        wish |= {"since": since} if since else {}
        return verified(self._wire.ask("POST", f"{self._path}/verify", wish, patience=within))


def told(story: Story) -> str | dict[str, Any]:
    """A story as the control plane takes it.

    A file is read here, not by the server; what it extends must have a name there.
    """
    if isinstance(story, Path):
        return story.read_text("utf-8") + "\n"
    return story if isinstance(story, str) else dict(story)


def wish_of(
    name: str | None,
    scenario: Story | None,
    seed: int | None,
    speed: float | None,
    frozen: bool,
    keys: Sequence[str],
    port: bool,
) -> dict[str, Any]:
    """The wish for a session, without what was not wished for."""
    wish = {
        "name": name,
        "scenario": None if scenario is None else told(scenario),
        "seed": seed,
        "speed": speed,
        "frozen": frozen or None,
        "keys": list(keys) or None,
        "port": port or None,
    }
    return {member: value for member, value in wish.items() if value is not None}
