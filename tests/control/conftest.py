"""What the tests of the control plane share: a running mock, and a client of its control plane."""

from collections.abc import Iterator

import pytest

from mock_server import start
from mock_server.control import Control, Session
from mock_server.edge.runner import Running

PORTS = 3


@pytest.fixture(scope="session")
def mock() -> Iterator[Running]:
    """A mock with some extra ports; tests make sessions of their own in it."""
    with start(ports=PORTS) as running:
        yield running


@pytest.fixture(scope="session")
def control(mock: Running) -> Iterator[Control]:
    """A client of its control plane."""
    with Control(mock.url) as client:
        yield client


@pytest.fixture
def session(control: Control) -> Iterator[Session]:
    """A session whose clock stands still; it may be deleted by the test."""
    made = control.create(frozen=True)
    yield made
    if made.name in {one.name for one in control.sessions()}:
        made.delete()
