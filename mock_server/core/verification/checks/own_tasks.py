"""The check ``own-tasks``: only ids that the server gave out are asked for."""

import re
from dataclasses import dataclass
from typing import ClassVar

from mock_server.core.finding import Finding, Words
from mock_server.core.trace import Trace
from mock_server.core.verification.check import Check, Judgement, Violation

_UNREADABLE = re.compile('"([^"]*\ufffd[^"]*)"')


@dataclass(frozen=True, slots=True)
class OwnTasks(Check):
    """Every poll is for a task that an earlier call has made.

    Where the reply to a submit was spoilt so that it is no UTF-8, an id that is read from it as
    browsers read it, with U+FFFD in the place of what cannot be read, was given out as well.
    """

    id: ClassVar[str] = "own-tasks"

    def judge(self, trace: Trace) -> Finding:
        """Every poll against the tasks made before it."""
        made: set[str | None] = set()
        strange = []
        for exchange in trace.exchanges:
            if exchange.created:
                made.add(exchange.task)
            elif exchange.operation == "status" and exchange.task not in made:
                strange.append(exchange)
            if exchange.operation == "submit":
                made.update(_unreadable(exchange.content))
        seen = "call {call} asked for {path}"
        return Judgement(
            rule=self.id,
            expected=Words("only tasks that the server made are polled"),
            idle=Words("nothing was polled"),
            chances=len(trace.polls()),
            violations=[
                Violation((one.number,), Words(seen, {"call": one.number, "path": one.path}))
                for one in strange
            ],
            needs_all=True,
        ).finding(trace)


def _unreadable(content: bytes) -> list[str]:
    """The texts in a reply that is no UTF-8 which cannot be read, as browsers show them."""
    try:
        content.decode()
    except UnicodeDecodeError:
        return _UNREADABLE.findall(content.decode("utf-8", "replace"))
    return []
