"""Safelight's contract tests: the exam of clients, and the check of servers."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from contract_tests.clients.client import Client
    from contract_tests.exam.checking import check_client
    from contract_tests.examination import Examination, Overall
    from contract_tests.finding import Verdict
    from contract_tests.outcome import Job, Outcome, OutcomeStatus
    from contract_tests.server.check import check_server

# Where each name is from; imported on demand, so that a part can be used without the others.
_HOMES = {
    "Client": "clients.client",
    "Examination": "examination",
    "Job": "outcome",
    "Outcome": "outcome",
    "OutcomeStatus": "outcome",
    "Overall": "examination",
    "Verdict": "finding",
    "check_client": "exam.checking",
    "check_server": "server.check",
}

__all__ = [
    "Client",
    "Examination",
    "Job",
    "Outcome",
    "OutcomeStatus",
    "Overall",
    "Verdict",
    "check_client",
    "check_server",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"contract_tests.{_HOMES[name]}"), name)
