"""Sessions that are gone leave nothing behind: the process gives their memory back."""

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from mock_server.control import Control
from mock_server.edge.clocks import Clock
from mock_server.edge.mock import Mock, Settings
from tests.conftest import Start
from tests.control.callers import accepted, status


@pytest.fixture
def control(
    start: Start, tmp_path: Path, plain_environment: Mapping[str, str]
) -> Iterator[Control]:
    """A client of a mock in a process of its own."""
    command = [sys.executable, "-m", "mock_server", "serve", "--port", "0", "--log", "off"]
    _, output = start(command, tmp_path, plain_environment)
    url = output.wait_for(re.compile(r"(http://127\.0\.0\.1:\d+)/v1\b"))[1]
    with Control(url) as client:
        yield client


def memory(control: Control) -> float:
    """Resident bytes of the server."""
    found = re.search(r"^process_resident_memory_bytes (\S+)$", control.metrics(), re.MULTILINE)
    assert found is not None
    return float(found[1])


def come_and_go(control: Control, count: int, use: bool = False) -> None:
    """Create so many sessions, then delete them all."""
    made = [control.create(frozen=True) for _ in range(count)]
    for session in made if use else ():
        status(session, accepted(session))
    for session in made:
        session.delete()


@pytest.mark.proof
def test_memory_returns_once_sessions_are_gone(
    control: Control, proof_size: Callable[[int, int], int]
) -> None:
    """A thousand at once, ten thousand in all."""
    come_and_go(control, 50, use=True)
    before = memory(control)
    for _ in range(proof_size(1, 10)):
        come_and_go(control, 1_000)
    assert memory(control) <= before * 1.05


@pytest.mark.proof
def test_memory_does_not_grow_however_often_sessions_come_and_go(
    control: Control, proof_size: Callable[[int, int], int]
) -> None:
    """Each with a task and some calls: the room that the first ones left serves the others."""
    count = proof_size(300, 1_000)
    come_and_go(control, count, use=True)
    before = memory(control)
    for _ in range(proof_size(1, 9)):
        come_and_go(control, count, use=True)
    assert memory(control) <= before * 1.05


def test_nothing_refers_to_sessions_that_are_gone() -> None:
    mock = Mock(Settings(clock=lambda: Clock(0)))
    kept = mock.create_session("kept")
    gone = [mock.create_session(keys=(f"key-{n}",), ttl=60) for n in range(10)]
    for session in gone[:5]:
        assert session.world.calls == 0
        mock.delete_session(session)
    mock.clock.advance(60)
    assert set(mock.sweep()) == {session.name for session in gone[5:]}
    assert list(mock.sessions) == [mock.sessions.default, kept]
    counts = {len(mock.sessions._by_name), len(mock.sessions._by_key)}
    assert counts == {2}
