"""A walk through the lives of tasks: Hypothesis chooses the steps, the judge looks on."""

from typing import Any

import hypothesis.strategies as st
from hypothesis import HealthCheck, Phase, Verbosity, settings
from hypothesis.errors import Flaky
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    multiple,
    rule,
    run_state_machine_as_test,
)

from contract_tests.server.bodies import corners, plain, prompts, wrongs
from contract_tests.server.conversation import Key, Once, Pass, Ref, Send, Step
from contract_tests.server.images import JPEG, PNG
from contract_tests.server.money import SpentError
from contract_tests.server.player import Player
from contract_tests.server.seen import Seen
from contract_tests.server.venue import Place
from contract_tests.server.words import Words

# By this name breaches are told apart from those of written conversations.
WALKED = "a walk"
_PAUSES = (0.5, 1.0, 2.5, 10.0)


class BrokenError(AssertionError):
    """A step of the walk broke a promise."""


def walk(player: Player, *, seed: int, walks: int, steps: int) -> tuple[str, ...]:
    """Take so many walks of so many steps; what a reader has to know of how they went.

    What was found is with the judge. The walks end with the first that breaks a promise, and when
    no submit may be sent any more.
    """
    machine = _machine(player, seed)
    how = settings(
        max_examples=walks,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        # What was found is made smaller elsewhere, by fewer calls.
        phases=(Phase.generate,),
        report_multiple_bugs=False,
        print_blob=False,
        verbosity=Verbosity.quiet,
        suppress_health_check=list(HealthCheck),
    )
    player.judge.conversation = WALKED
    try:
        run_state_machine_as_test(machine, settings=how)
    except _Enough:
        return ("the walks ended early: no submit may be sent any more",)
    except (BrokenError, Flaky):
        # A server that remembers earlier walks does not do the same again.
        return ()
    return ()


class _Enough(BaseException):
    """No submit may be sent any more; no walk is tried again after that."""


def _machine(player: Player, seed: int) -> type[RuleBasedStateMachine]:
    machine = type("Walk", (_Walk,), {"player": player})
    # What hypothesis.seed() does to a test; for machines there is no other way.
    machine._hypothesis_internal_use_seed = seed  # type: ignore[attr-defined]
    return machine


class _Walk(RuleBasedStateMachine):
    """One walk at a place of its own; ``player`` is set by whoever starts it."""

    player: Player
    tasks: Bundle[str] = Bundle("tasks")
    owned: Bundle[Once] = Bundle("owned")
    files: Bundle[str] = Bundle("files")
    results: Bundle[tuple[str, int]] = Bundle("results")

    def __init__(self) -> None:
        super().__init__()
        contract = self.player.judge.promises.contract
        model = contract.models[contract.default_model]
        self._words = Words(self.player.judge.promises)
        self._plain = plain(contract, model)
        self._good = [*corners(contract, model), *prompts(contract, model)]
        self._bad = [order for _, order in wrongs(contract, model)]
        self._known: dict[str, Seen] = {}
        self._number = 0
        self._place: Place = self.player.venue.open(None)

    def teardown(self) -> None:
        self._place.close()

    def _take(self, step: Step) -> Seen | None:
        try:
            self.player.take(self._place, step, self._known)
        except SpentError:
            raise _Enough from None
        if not isinstance(step, Send):
            return None
        call = self._known[step.name]
        found = self.player.judge.found_at(call.number)
        if found:
            raise BrokenError(", ".join(dict.fromkeys(one.statement.id for one in found)))
        return call

    def _name(self, what: str) -> str:
        self._number += 1
        return f"{what}-{self._number}"

    @rule(target=tasks, choice=st.integers(0, 10_000))
    def submit(self, choice: int) -> Any:
        """A right order."""
        order = self._good[choice % len(self._good)]
        name = self._name("task")
        call = self._take(self._words.submit(name, order))
        return name if call is not None and call.is_accepted else multiple()

    @rule(target=owned, number=st.integers(1, 3))
    def submit_with_own_id(self, number: int) -> Any:
        """A right order with an id of the client's own, perhaps one that it has used before."""
        own = Once(f"walk-{number}-")
        call = self._take(
            self._words.submit(self._name("own"), self._words.own_id(self._plain, own))
        )
        has_own = self._words.promises.own_id is not None
        return own if has_own and call is not None and call.is_accepted else multiple()

    @rule(choice=st.integers(0, 10_000))
    def submit_what_is_wrong(self, choice: int) -> None:
        """A wrong order, between two readings of the balance."""
        self._take(self._words.balance(self._name("before")))
        self._take(self._words.submit(self._name("wrong"), self._bad[choice % len(self._bad)]))
        self._take(self._words.balance(self._name("after")))

    @rule(task=tasks)
    def poll(self, task: str) -> None:
        """A reading of a task."""
        self._take(self._words.poll(self._name("poll"), task))

    @rule(target=results, task=tasks)
    def wait_and_poll(self, task: str) -> Any:
        """A while, and then a reading of a task, whose results can be fetched from then on."""
        self._take(Pass(_PAUSES[2]))
        name = self._name("poll")
        call = self._take(self._words.poll(name, task))
        data = call.value("result", "data") if call is not None else None
        count = len(data) if isinstance(data, list) else 0
        return multiple(*((name, index) for index in range(count)))

    @rule(seconds=st.sampled_from(_PAUSES))
    def wait(self, seconds: float) -> None:
        """Nothing, for a while."""
        self._take(Pass(seconds))

    @rule(own=owned)
    def poll_by_own_id(self, own: Once) -> None:
        """A reading of a task by the client's own id."""
        self._take(self._words.poll_id(self._name("poll"), own))

    @rule(number=st.integers(0, 3))
    def poll_what_is_not_there(self, number: int) -> None:
        """A reading of a task that was never submitted."""
        self._take(self._words.poll_id(self._name("poll"), f"never-{number}"))

    @rule(task=tasks)
    def poll_with_another_key(self, task: str) -> None:
        """A reading of a task with another key, where there is one."""
        if Key.OTHER in self._place.keys:
            self._take(self._words.poll(self._name("poll"), task, Key.OTHER))

    @rule(task=tasks)
    def poll_without_a_key(self, task: str) -> None:
        """A reading of a task without any key."""
        self._take(self._words.poll(self._name("poll"), task, Key.NONE))

    @rule(target=files, is_png=st.booleans())
    def upload(self, is_png: bool) -> Any:
        """An image is uploaded."""
        name = self._name("file")
        call = self._take(self._words.upload(name, PNG if is_png else JPEG, good=True))
        return name if call is not None and call.is_accepted else multiple()

    @rule(file=files)
    def fetch_upload(self, file: str) -> None:
        """An uploaded image is fetched."""
        url = Ref(file, ("data", "url"))
        self._take(Send(self._name("fetched"), "GET", url, Key.NONE))

    @rule(target=tasks, file=files)
    def submit_with_upload(self, file: str) -> Any:
        """An order with an uploaded image as its reference."""
        field = self._words.promises.contract.fields.references[0]
        name = self._name("task")
        order = {**self._plain, field: [Ref(file, ("data", "url"))]}
        call = self._take(self._words.submit(name, order, is_good=True))
        return name if call is not None and call.is_accepted else multiple()

    @rule(result=consumes(results))
    def fetch_result(self, result: tuple[str, int]) -> None:
        """A result is fetched, and asked for with HEAD."""
        poll, index = result
        self._take(self._words.fetch(self._name("image"), poll, index))
        self._take(self._words.fetch(self._name("head"), poll, index, "HEAD"))
