"""What the tests of the edge share: a caller of the usual mock."""

from collections.abc import Iterator

import pytest

from tests.edge.callers import Caller, caller


@pytest.fixture
def guide() -> Iterator[Caller]:
    """A caller of a mock of its own with the profile ``guide``."""
    with caller() as one:
        yield one
