"""Mocks for tests: what the pytest plugin's fixtures give, and the same as context managers.

With ``unittest``::

    class Ordering(unittest.TestCase):
        def test_a_429_is_retried(self) -> None:
            with mock_session(faults={"submit": ["429", "pass"]}) as session:
                client = Client(session.base_url, session.api_key)
                ...

Fake clocks and patched functions of the test do not reach the mock: it is a process of its own.
"""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any, Literal

from mock_server.control import ControlError
from mock_server.control.session import Story
from mock_server.testing.judging import complaint
from mock_server.testing.process import (
    ServerProcess,
    ServerStartError,
    ServerWish,
    process_for_all,
)
from mock_server.testing.server import MockServer
from mock_server.testing.session import MockSession

__all__ = [
    "ControlError",
    "MockServer",
    "MockSession",
    "ServerStartError",
    "Story",
    "mock_server",
    "mock_session",
]


@contextmanager
def mock_server(
    profile: str = "guide",
    scenario: str | None = None,
    *,
    speed: float = 1.0,
    limits: bool = False,
) -> Iterator[MockServer]:
    """A mock for as long as the block runs; the arguments are those of :func:`create_app`.

    Raises :class:`ServerStartError`, for a profile or scenario that cannot be used, too, and
    AssertionError after the block for mistakes of the mock itself of which no session has told.
    """
    process = ServerProcess(ServerWish(profile, scenario, speed, limits))
    try:
        with MockServer(process.address) as server:
            yield server
            bugs = server.bugs()
    finally:
        process.stop()
    if bugs:
        raise AssertionError(f"the mock itself made a mistake:\n{bugs}")


@contextmanager
def mock_session(
    scenario: Story | None = None,
    *,
    faults: Mapping[str, Any] | None = None,
    unspent: Literal["fail", "allowed"] = "fail",
    server: MockServer | None = None,
    **options: Any,
) -> Iterator[MockSession]:
    """A session of its own for as long as the block runs.

    ``scenario`` is the name of one, a YAML file, a YAML text or a mapping; ``faults`` are queues by
    operation: ``{"submit": ["429", "pass"]}``. ``server`` is the mock to use, else one that all
    such blocks share and that ends with this process. ``options`` are ``seed``, ``speed``,
    ``frozen``, and the others of the control API.

    Raises :class:`ControlError` for a scenario, fault or option that cannot be used, and
    AssertionError at the end of a block that did not raise itself: when a planned fault did not
    strike (unless that is ``allowed``), and when the mock itself made a mistake meanwhile.
    """
    if unspent not in ("fail", "allowed"):
        raise ValueError(f"unspent: expected 'fail' or 'allowed', seen {unspent!r}")
    queues = [faults] if faults else []
    with ExitStack() as stack:
        if server is None:
            address = process_for_all(ServerWish()).address
            server = stack.enter_context(MockServer(address))
        since = server.bugs_size()
        session = stack.enter_context(server.session(scenario, faults=queues, **options))
        yield session
        reason = complaint(server, session, since, allow_unspent=unspent == "allowed")
        if reason is not None:
            raise AssertionError(reason)
