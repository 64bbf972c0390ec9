"""A session of a running mock, as the test that owns it sees it."""

from collections.abc import Mapping
from typing import Any

from mock_server.control import Session, SessionFacts, Verified
from mock_server.control.wire import Wire
from mock_server.testing.telling import findings_text


class MockSession(Session):
    """A session that was made for one test; its ``api_key`` is known.

    The rest is as described in :class:`mock_server.control.Session`: ``base_url``, ``clock``,
    ``faults``, ``journal``, ``ledger()``, ``tasks``, ``verify()``.
    """

    api_key: str

    def __init__(self, wire: Wire, facts: SessionFacts, api_key: str) -> None:
        super().__init__(wire, facts, api_key)

    def require(
        self, *expectations: str | Mapping[str, Any], within: float = 0.0, since: int = 0
    ) -> Verified:
        """As :meth:`verify`, but raises AssertionError where an expectation is not met.

        That is also so where nothing has happened that could show it. An expectation may be the
        word for a check alone: ``require("retry-after", "submit-once")``. The message names the
        calls that decided.
        """
        __tracebackhide__ = True
        told = [{"check": one} if isinstance(one, str) else one for one in expectations]
        verified = self.verify(*told, within=within, since=since)
        if not verified.passed:
            raise AssertionError(findings_text(verified, self.journal.all(body_bytes=0)))
        return verified
