"""Sessions share nothing: each behaves as if it were alone, however many there are."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, rule

from mock_server import start
from mock_server.control import Control, Session
from mock_server.edge.runner import Running
from tests.control.callers import accepted, call, status, submit


@dataclass
class Alone:
    """A session and what must be in it, known from what was done to it alone."""

    session: Session
    now: float
    orders: list[str] = field(default_factory=list)
    planned: list[int] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    failed: set[int] = field(default_factory=set)

    def check(self) -> None:
        """Compare the session with what must be in it."""
        facts = self.session.facts()
        assert facts.clock.now == pytest.approx(self.now, abs=1e-6)
        assert [task.prompt for task in self.session.tasks] == self.orders
        assert [entry.status for entry in self.session.journal] == self.statuses
        account = self.session.faults.account()
        assert [one.fault for one in account.not_reached] == [str(one) for one in self.planned]
        ledger = self.session.ledger()
        assert (ledger.charges.count, ledger.refunds.count) == (len(self.orders), len(self.failed))


class Sessions(RuleBasedStateMachine):
    """Sessions of one mock in any order of steps, each compared with a model of its own."""

    mock: Running
    alive = Bundle("alive")

    def __init__(self) -> None:
        super().__init__()
        self.control = Control(self.mock.url)
        self.models: list[Alone] = []

    @rule(target=alive, seed=st.integers(0, 3))
    def create(self, seed: int) -> Alone:
        session = self.control.create(seed=seed, frozen=True)
        model = Alone(session, session.clock.now)
        self.models.append(model)
        return model

    @rule(model=alive, prompt=st.sampled_from(["fox", "owl", "elk"]))
    def submit(self, model: Alone, prompt: str) -> None:
        answer = submit(model.session, prompt)
        expected = model.planned.pop(0) if model.planned else 200
        assert answer.status == expected
        model.statuses.append(expected)
        if expected == 200:
            model.orders.append(prompt)

    @rule(model=alive, code=st.sampled_from([429, 500, 503]))
    def plan(self, model: Alone, code: int) -> None:
        model.session.faults.add(submit=str(code))
        model.planned.append(code)

    @rule(model=alive, seconds=st.integers(0, 100))
    def advance(self, model: Alone, seconds: int) -> None:
        model.session.clock.advance(seconds)
        model.now += seconds

    @rule(model=alive, place=st.integers(0, 5))
    def fail(self, model: Alone, place: int) -> None:
        tasks = list(model.session.tasks)
        if place < len(tasks) and tasks[place].phase in ("queued", "running"):
            model.session.tasks.fail(tasks[place].id)
            model.failed.add(place)

    @rule(model=alive)
    def reset(self, model: Alone) -> None:
        model.now = model.session.reset().clock.now
        model.orders, model.planned, model.statuses, model.failed = [], [], [], set()

    @rule(model=consumes(alive))
    def delete(self, model: Alone) -> None:
        model.session.delete()
        self.models.remove(model)

    def teardown(self) -> None:
        for model in self.models:
            model.check()
            model.session.delete()
        self.control.close()


@pytest.fixture(scope="module")
def isolated() -> Iterator[Running]:
    """A mock that nobody else uses."""
    with start() as running:
        yield running


@pytest.mark.proof
def test_sessions_share_nothing_in_any_order_of_steps(
    isolated: Running, proof_size: Callable[[int, int], int]
) -> None:
    Sessions.mock = isolated
    machine: type[RuleBasedStateMachine] = Sessions
    machine.TestCase.settings = settings(
        max_examples=proof_size(8, 200), stateful_step_count=proof_size(25, 50), deadline=None
    )
    machine.TestCase().runTest()


@pytest.mark.proof
def test_tests_in_parallel_on_one_server_share_nothing(
    isolated: Running, proof_size: Callable[[int, int], int]
) -> None:
    """The same little test many times at once: each sees its own calls only."""

    def one_test(number: int) -> str:
        faults = ["429"] * (number % 3)
        with Control(isolated.url) as control, control.create(frozen=True, seed=number) as session:
            session.faults.add(submit=[*faults, "pass"])
            codes = [submit(session, f"test {number}").status for _ in range(len(faults) + 1)]
            assert codes == [429] * len(faults) + [200]
            (task,) = session.tasks
            session.clock.advance(number)
            phase = {0: "queued"}.get(number, "running" if number < 4 else "succeeded")
            assert status(session, task.id).value["status"] == phase
            assert session.faults.account().spent
            entries = list(session.journal)
            assert [entry.number for entry in entries] == list(range(1, len(codes) + 2))
            assert all(f"test {number}" in entry.body.text for entry in entries[:-1])
            assert session.ledger().charges.count == 1
            return task.id

    count = proof_size(64, 1_000)
    with ThreadPoolExecutor(proof_size(8, 64)) as workers:
        tasks = list(workers.map(one_test, range(count)))
    assert len(set(tasks)) == count


def test_a_thousand_sessions_at_once_are_found_each_by_its_key(isolated: Running) -> None:
    mock = isolated.mock
    made = [mock.create_session(f"many-{number}") for number in range(1_000)]
    for session in made[::97]:
        answer = call("GET", f"{isolated.base_url}/models", key=session.keys[0])
        assert answer.status == 200
        assert (session.world.calls, len(session.world.journal)) == (1, 1)
    assert sum(not session.is_untouched for session in made) == len(made[::97])
    for session in made:
        mock.delete_session(session)


def test_a_call_that_is_under_way_during_a_reset_belongs_to_the_old_world(
    isolated: Running,
) -> None:
    with Control(isolated.url) as control, control.create() as session:
        old = isolated.mock.sessions.get(session.name)
        assert old is not None
        accepted(session)
        session.reset()
        new = isolated.mock.sessions.get(session.name)
        assert new is not None
        assert new is not old
        assert (old.world.calls, new.world.calls) == (1, 0)
