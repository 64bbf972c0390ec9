"""The check ``submit-once``: nobody pays twice for the same order."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from mock_server.core.exchange import Exchange
from mock_server.core.finding import Finding, Words
from mock_server.core.trace import Trace, by_call
from mock_server.core.verification.check import Check, Judgement, Violation


@dataclass(frozen=True, slots=True)
class SubmitOnce(Check):
    """Once a body has made ``at_most`` tasks, it is not submitted again, whatever the reply was.

    Attempts that made nothing (refused, or broken off before the work) count for nothing. Bodies
    are equal if their JSON is.
    """

    id: ClassVar[str] = "submit-once"
    at_most: int = 1

    def judge(self, trace: Trace) -> Finding:
        """Every body that made a task."""
        bodies = [one for one in by_call(trace.submits()).values() if any(s.created for s in one)]
        return Judgement(
            rule=self.id,
            expected=Words("at most {at_most} tasks from one body", {"at_most": self.at_most}),
            idle=Words("no task was made"),
            chances=len(bodies),
            violations=[violation for one in bodies for violation in self._violations(one)],
        ).finding(trace)

    def _violations(self, submits: tuple[Exchange, ...]) -> Iterator[Violation]:
        made = [one for one in submits if one.created][: self.at_most]
        if len(made) < self.at_most:
            return
        last = made[-1]
        again = submits[submits.index(last) + 1 :]
        if again:
            template = "submitted again in call {call}, although call {made} had made task {task}"
            facts = {"call": again[0].number, "made": last.number, "task": last.task}
            numbers = (*(one.number for one in (*made, *again[1:])), again[0].number)
            yield Violation(numbers, Words(template, facts))
