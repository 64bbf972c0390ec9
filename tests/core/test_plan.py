"""Planned faults are spent in order, each as often as it was planned, and accounted for."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.core.fault import Moment, Scene
from mock_server.core.plan import Plan, Planned
from mock_server.core.script import Script


@dataclass(frozen=True)
class Named:
    """A fault that is nothing but its name."""

    text: str
    moment: Moment = "before"

    def rewrite(self, script: Script, scene: Scene) -> Script:
        return script


RESET = Named("reset")
BUSY = Named("429")

planned = st.builds(
    Planned, st.sampled_from((None, RESET, BUSY)), st.sampled_from((None, 1, 2, 3)), st.just(0)
)
queues = st.lists(planned, max_size=3).map(tuple)


def drawn(plan: Plan, operation: str, times: int) -> tuple[list[str | None], Plan]:
    """The texts of the faults that so many calls draw, and what is left of the plan."""
    texts: list[str | None] = []
    for _ in range(times):
        fault, plan = plan.draw(operation)
        texts.append(fault.text if fault else None)
    return texts, plan


def written_out(queue: tuple[Planned, ...], most: int) -> list[str | None]:
    """The slow model: the fault of each of the next calls, one by one."""
    texts: list[str | None] = []
    for entry in queue:
        times = most if entry.times is None else entry.times
        texts += [entry.fault.text if entry.fault else None] * times
    return texts[:most]


@given(queues, queues, st.integers(0, 12))
def test_faults_are_drawn_in_order_and_then_those_for_any_operation(
    own: tuple[Planned, ...], common: tuple[Planned, ...], calls: int
) -> None:
    expected = [*written_out(own, calls), *written_out(common, calls)][:calls]
    expected += [None] * (calls - len(expected))
    plan = Plan({"submit": own, "any": common})
    assert drawn(plan, "submit", calls)[0] == expected


@given(queues, st.integers(0, 12))
def test_drawing_changes_nothing_but_what_it_returns(
    queue: tuple[Planned, ...], calls: int
) -> None:
    plan = Plan({"submit": queue})
    first = drawn(plan, "submit", calls)
    assert drawn(plan, "submit", calls) == first
    assert plan == Plan({"submit": queue})


@given(queues, st.integers(0, 12))
def test_what_has_struck_and_what_is_unspent_is_what_was_planned(
    queue: tuple[Planned, ...], calls: int
) -> None:
    counted = tuple(entry for entry in queue if entry.times is not None)
    texts, left = drawn(Plan({"submit": counted}), "submit", calls)
    struck = sum(text is not None for text in texts)
    still = (
        sum(entry.times or 0 for entry in left.queues["submit"] if entry.fault)
        if left.queues
        else 0
    )
    assert struck + still == sum(entry.times or 0 for entry in counted if entry.fault)


def test_an_operation_without_a_queue_draws_nothing() -> None:
    plan = Plan({"submit": (Planned(RESET),)})
    assert plan.draw("status") == (None, plan)


def test_a_fault_for_all_calls_is_never_used_up() -> None:
    texts, left = drawn(Plan({"submit": (Planned(BUSY, None), Planned(RESET))}), "submit", 50)
    assert texts == ["429"] * 50
    assert left.unspent == ("submit: reset",)


def test_a_pass_lets_one_call_through_and_is_never_unspent() -> None:
    plan = Plan({"submit": (Planned(None), Planned(BUSY))})
    assert drawn(plan, "submit", 3)[0] == [None, "429", None]
    assert plan.unspent == ("submit: 429",)


def test_a_queue_for_any_operation_serves_those_that_have_none_left() -> None:
    plan = Plan({"submit": (Planned(RESET),), "any": (Planned(BUSY, 2),)})
    texts = []
    for operation in ("status", "submit", "submit", "submit"):
        found, plan = drawn(plan, operation, 1)
        texts += found
    assert texts == ["429", "reset", "429", None]


def test_faults_are_added_at_the_end_of_a_queue() -> None:
    plan = Plan().add("submit", (Planned(RESET),)).add("submit", (Planned(BUSY), Planned(None)))
    assert drawn(plan, "submit", 3)[0] == ["reset", "429", None]


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        (Planned(BUSY), "429"),
        (Planned(BUSY, 3), "429 x3"),
        (Planned(BUSY, None), "429 x*"),
        (Planned(None), "pass"),
        (Planned(None, 2), "pass x2"),
    ],
)
def test_an_entry_reads_as_it_is_written_in_a_scenario(entry: Planned, text: str) -> None:
    assert entry.text == text


@pytest.mark.parametrize(
    ("times", "calls", "unspent"),
    [
        (1, 0, ("submit: reset",)),
        (1, 1, ()),
        (3, 0, ("submit: reset x3",)),
        (3, 1, ("submit: reset x2",)),
        (3, 3, ()),
        (None, 0, ("submit: reset x*",)),
        (None, 1, ()),
    ],
)
def test_a_fault_is_unspent_until_it_has_struck_as_often_as_planned(
    times: int | None, calls: int, unspent: tuple[str, ...]
) -> None:
    _, left = drawn(Plan({"submit": (Planned(RESET, times),)}), "submit", calls)
    assert left.unspent == unspent


def test_an_endless_pass_lets_every_call_through_and_stays_as_it_is() -> None:
    plan = Plan({"status": (Planned(None, None), Planned(RESET))})
    texts, left = drawn(plan, "status", 3)
    assert texts == [None] * 3
    assert left is plan
