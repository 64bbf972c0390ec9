"""The table of all actions of the control plane: a new resource is a module and one line here."""

from mock_server.edge.control import (
    clock,
    exact,
    faults,
    health,
    journal,
    ledger,
    limits,
    sessions,
    stories,
    tasks,
    verify,
)
from mock_server.edge.control.action import Action

ACTIONS: tuple[Action, ...] = (
    *health.ACTIONS,
    *sessions.ACTIONS,
    *stories.ACTIONS,
    *faults.ACTIONS,
    *clock.ACTIONS,
    *tasks.ACTIONS,
    *journal.ACTIONS,
    *ledger.ACTIONS,
    *limits.ACTIONS,
    *exact.ACTIONS,
    *verify.ACTIONS,
)
