"""The check ``own-tasks``: only ids that the server gave out are asked for."""

from dataclasses import dataclass
from typing import ClassVar

from mock_server.core.finding import Finding, Words
from mock_server.core.trace import Trace
from mock_server.core.verification.check import Check, Judgement, Violation


@dataclass(frozen=True, slots=True)
class OwnTasks(Check):
    """Every poll is for a task that an earlier call has made."""

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
