"""A typed client of the control plane: sessions of a running mock, and everything in them.

::

    from mock_server.control import Control

    with Control("http://127.0.0.1:8080") as control:
        with control.create("faults/busy-then-ok", frozen=True) as session:
            order_pictures(session.base_url, session.api_key)
            session.clock.advance(10)
            assert session.faults.account().spent
"""

from mock_server.control.client import Control
from mock_server.control.errors import ControlError
from mock_server.control.events import Event
from mock_server.control.facts import ClockFacts, Limit, LimitUser, ScenarioFacts, SessionFacts
from mock_server.control.faults import Faults, PlannedFault, StruckFault
from mock_server.control.findings import Finding, Verified
from mock_server.control.journal import Content, Entry, JournalPage
from mock_server.control.ledger import Account, Duplicate, Ledger, Line, User
from mock_server.control.session import Session
from mock_server.control.tasks import Task, TaskError

__all__ = [
    "Account",
    "ClockFacts",
    "Content",
    "Control",
    "ControlError",
    "Duplicate",
    "Entry",
    "Event",
    "Faults",
    "Finding",
    "JournalPage",
    "Ledger",
    "Limit",
    "LimitUser",
    "Line",
    "PlannedFault",
    "ScenarioFacts",
    "Session",
    "SessionFacts",
    "StruckFault",
    "Task",
    "TaskError",
    "User",
    "Verified",
]
