"""A mock that serves tests, as they see it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mock_server.control import Control, ControlError, SessionFacts
from mock_server.control.reading import read
from mock_server.control.session import Story, told
from mock_server.control.wire import Wire
from mock_server.testing.process import Address
from mock_server.testing.session import MockSession
from mock_server.testing.stories import located

_IS_TAKEN = 409
_MOST_ALIKE = 1_000


class MockServer:
    """A running mock: ``url`` is its origin, ``base_url`` the same with ``/v1``.

    What is called there with ``api_key`` belongs to a session that all tests share;
    :meth:`session` makes one for a test alone. A client that cannot be given a URL with a path can
    use ``base_url`` with the key of such a session: the key leads to it as well. ``control`` is
    the client of the whole control plane, ``pid`` is that of the mock's process.
    """

    def __init__(self, address: Address) -> None:
        self.url = address.url
        self.base_url = f"{address.url}/v1"
        self.api_key = address.api_key
        self.pid = address.pid
        self.control = Control(address.url)
        self._wire = Wire(address.url)
        self._bugs = Path(address.bugs)
        self._bugs_seen = self.bugs_size()

    def __enter__(self) -> "MockServer":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections that are kept; the mock goes on."""
        self.control.close()
        self._wire.close()

    @contextmanager
    def session(
        self,
        scenario: Story | None = None,
        *,
        faults: Sequence[Mapping[str, Any]] = (),
        name: str | None = None,
        folders: Sequence[Path] = (Path(),),
        **options: Any,
    ) -> Iterator[MockSession]:
        """A session for as long as the block runs.

        ``scenario`` is the name of one, a YAML file below one of ``folders``, a YAML text or a
        mapping; ``faults`` are put behind its own. ``name`` decides ids and pictures; if
        it is taken, one like it is. ``options`` are those of the control API: ``seed``, ``speed``,
        ``frozen``, ``keys``, ``ttl``. Raises :class:`ControlError` and FileNotFoundError.
        """
        # Without a time to live: who stops at a breakpoint shall find the session as it was.
        wish = {"ttl": None, **options}
        if scenario is not None:
            wish["scenario"] = told(located(scenario, folders))
        # What is wished for is not looked at here: the server names what is wrong with it best.
        created = self._created(wish, name)
        facts = read(SessionFacts, created)
        session = MockSession(self._wire, facts, created["api_key"])
        with session:
            for queues in faults:
                session.faults.add(**queues)
            yield session

    def bugs_size(self) -> int:
        """How many bytes tell of mistakes of the mock itself so far."""
        return self._bugs.stat().st_size

    def bugs(self, since: int | None = None) -> str:
        """What was written down of them after so many bytes, else what nobody has read yet."""
        with self._bugs.open("rb") as file:
            file.seek(self._bugs_seen if since is None else since)
            text = file.read().decode("utf-8", "replace").strip()
            self._bugs_seen = file.tell() if text else self._bugs_seen
        return text

    def _created(self, wish: dict[str, Any], name: str | None) -> Any:
        if name is None:
            return self._wire.ask("POST", "/sessions", wish)
        for number in range(1, _MOST_ALIKE):
            alike = name if number == 1 else f"{name}-{number}"
            try:
                return self._wire.ask("POST", "/sessions", {"name": alike, **wish})
            except ControlError as error:
                if error.status != _IS_TAKEN or error.path != "$.name":
                    raise
        raise ControlError(_IS_TAKEN, f"{_MOST_ALIKE} sessions are called {name!r}")
