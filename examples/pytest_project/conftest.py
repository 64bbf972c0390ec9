"""The client under test, connected to a session of the mock that belongs to the test alone."""

from collections.abc import Iterator

import pytest
from image_client import ImageClient

from mock_server.testing import MockSession


@pytest.fixture
def client(mock_session: MockSession) -> Iterator[ImageClient]:
    """A client that never waits: where it would sleep, it moves the session's clock instead."""
    mock_session.clock.freeze()
    client = ImageClient(
        mock_session.base_url, mock_session.api_key, sleep=mock_session.clock.advance
    )
    yield client
    client.close()
