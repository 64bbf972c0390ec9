"""Accounting: whatever becomes of a planned fault, it is told once, and nothing else is told."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.edge.callers import FOX, SUBMIT, Caller, caller

CONTROL = "http://127.0.0.1/_mock/sessions/default"
OPERATIONS = ("submit", "status", "models", "any")
CALLS = ("submit", "status", "models", "balance")
ENDS = ("fired", "not_reached", "superseded")
WISH = "418"


@dataclass(frozen=True)
class Plan:
    """Put so many strikes (None: all that follow) into an operation's queue, by a story or not."""

    operation: str
    times: int | None
    passes: bool
    by_story: bool


@dataclass(frozen=True)
class Call:
    """Call an operation, or wish for a fault of its own that nobody planned."""

    operation: str
    wish: bool


@dataclass(frozen=True)
class Withdraw:
    """Withdraw all that is planned."""


plans = st.builds(
    Plan,
    st.sampled_from(OPERATIONS),
    st.integers(1, 3) | st.none(),
    st.booleans(),
    st.sampled_from([False, False, True]),
)
calls = st.builds(Call, st.sampled_from(CALLS), st.sampled_from([False, False, False, True]))
steps = st.lists(st.one_of(calls, calls, plans, st.builds(Withdraw)), max_size=25)


class Run:
    """A session and what was planned in it, each plan under a name of its own."""

    def __init__(self, one: Caller) -> None:
        self.planned: dict[str, int | None] = {}
        self._caller = one

    def do(self, step: Plan | Call | Withdraw) -> None:
        """Do one of the steps."""
        match step:
            case Plan():
                self._plan(step)
            case Call():
                self._call(step)
            case Withdraw():
                self._caller.call("DELETE", f"{CONTROL}/faults")

    def _plan(self, step: Plan) -> None:
        fault = f"429(message=f{len(self.planned)})"
        self.planned[fault] = step.times
        text = fault if step.times == 1 else f"{fault} x{step.times or '*'}"
        queue = {step.operation: ["pass", text] if step.passes else [text]}
        if step.by_story:
            story = {"title": "Another", "why": "It supersedes the first.", "faults": queue}
            reply = self._caller.call("PUT", f"{CONTROL}/scenario", json={"scenario": story})
        else:
            reply = self._caller.post(f"{CONTROL}/faults", json=queue)
        assert reply.status_code == 200, reply.text

    def _call(self, step: Call) -> None:
        headers = {"X-Mock-Fault": WISH} if step.wish else {}
        match step.operation:
            case "submit":
                self._caller.post(SUBMIT, json=FOX, headers=headers)
            case "status":
                self._caller.get(f"{SUBMIT}/task", headers=headers)
            case operation:
                self._caller.get(f"/v1/{operation}", headers=headers)

    def account(self) -> Any:
        """What the control plane says became of all faults."""
        return self._caller.get(f"{CONTROL}/faults").json()


@settings(max_examples=30)
@given(steps)
def test_every_planned_fault_has_fired_was_not_reached_or_was_superseded(
    todo: list[Plan | Call | Withdraw],
) -> None:
    with caller() as one:
        run = Run(one)
        for step in todo:
            run.do(step)
        account = run.account()
    told = {name: strikes(account[name]) for name in ENDS}
    for fault, times in run.planned.items():
        ends = [told[name][fault] for name in ENDS]
        # One that strikes always is spent once it has struck; until then it is told of once.
        assert sum(ends) == times if times else sum(ends[1:]) == (not ends[0])
    assert set().union(*told.values()) <= {*run.planned, WISH}
    assert account["spent"] == (not told["not_reached"])


def strikes(rows: list[dict[str, str]]) -> Counter[str]:
    """How often each fault is told of; ``429 x3`` stands for three strikes, ``x*`` for one."""
    found: Counter[str] = Counter()
    for row in rows:
        fault, _, times = row["fault"].partition(" x")
        found[fault] += int(times) if times.isdecimal() else 1
    return found
