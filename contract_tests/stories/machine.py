"""Tasks side by side: a Hypothesis state machine says whose turn it is, and what goes wrong."""

import sys
from collections.abc import Callable
from dataclasses import replace

import hypothesis
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.errors import StopTest
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    consumes,
    initialize,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from contract_tests.stories.lives import QUEUED
from contract_tests.stories.schedules import ENDS, WORDS
from contract_tests.stories.strategies import Strike, story_of, strikes
from mock_server.core.client_plan import ClientPlan
from mock_server.core.contract import Contract
from mock_server.core.lifecycle import Phase, Stage
from mock_server.core.scenario import Scenario, fixed

_MOST_JOBS = 5
_MOST_FAULTS = 3
_MOST_SECONDS = 6
_STEPS = 14
# What mixes up the tasks of one client shows here if anywhere.
_RULES = ("results-not-mixed", "own-tasks-only")


class Interleaving(RuleBasedStateMachine):
    """The server's side of several jobs at once.

    Each step is one thing that happens: another order, a while, a task that gets on or ends, a
    fault. When the steps are over the story of them is told to ``hear``, and what that raises is a
    failure.
    """

    contract: Contract
    hear: Callable[[Scenario], None]
    tasks: Bundle[int] = Bundle("tasks")

    def __init__(self) -> None:
        super().__init__()
        self._now = 0.0
        self._lives: list[list[Stage]] = []
        self._struck: list[Strike] = []

    def teardown(self) -> None:
        """Tell the story; tasks that nobody has ended succeed, one after the other."""
        if len(self._lives) < 2 or isinstance(sys.exc_info()[1], StopTest):
            # Hypothesis has thrown these steps away.
            return
        for stages in self._lives:
            if not stages[-1].phase.is_terminal:
                self._now += 1
                stages.append(Stage(Phase.SUCCEEDED, 100, self._now))
        lives = tuple(replace(fixed(*stages), times=1) for stages in self._lives)
        client = ClientPlan(jobs=len(lives))
        self.hear(story_of(lives, self._struck, client, *_RULES))

    @initialize(target=tasks)
    def order_twice(self) -> MultipleResults[int]:
        """Two orders at once: with fewer, nothing can be mixed up."""
        return multiple(self._ordered(), self._ordered())

    @precondition(lambda self: len(self._lives) < _MOST_JOBS)
    @rule(target=tasks)
    def order(self) -> int:
        """One order more."""
        return self._ordered()

    @rule(seconds=st.integers(1, _MOST_SECONDS))
    def wait(self, seconds: int) -> None:
        """A while in which nothing changes."""
        self._now += seconds

    @rule(task=tasks, progress=st.none() | st.integers(0, 100), word=st.sampled_from(WORDS))
    def work(self, task: int, progress: int | None, word: str | None) -> None:
        """A task gets on, or falls back."""
        self._lives[task].append(Stage(Phase.RUNNING, progress, self._now, word=word))

    @rule(task=consumes(tasks), end=st.sampled_from(ENDS))
    def end(self, task: int, end: Stage) -> None:
        """A task comes to an end, while others may go on."""
        self._lives[task].append(replace(end, seconds=self._now))

    @precondition(lambda self: len(self._struck) < _MOST_FAULTS)
    @rule(strike=st.runner().flatmap(lambda machine: machine.strikes))
    def strike(self, strike: Strike) -> None:
        """A fault awaits one of the jobs, whichever calls first."""
        self._struck.append(strike)

    @property
    def strikes(self) -> st.SearchStrategy[Strike]:
        """Faults of orders and of polls, where jobs meet."""
        return strikes(self.contract, "status") | strikes(self.contract, "submit")

    def _ordered(self) -> int:
        self._lives.append([QUEUED])
        return len(self._lives) - 1


def interleave(
    contract: Contract, hear: Callable[[Scenario], None], how: settings, number: int
) -> None:
    """Run the machine as the settings say; the ``number`` decides what it draws.

    Raises what ``hear`` raised. Such a story is not made smaller here: machines shrink slowly, and
    stories have a way of their own.
    """
    phases = [phase for phase in how.phases if phase is not hypothesis.Phase.shrink]
    how = settings(how, stateful_step_count=_STEPS, phases=phases)
    members = {"contract": contract, "hear": staticmethod(hear)}
    machine = type("Tasks", (Interleaving,), members)
    # What hypothesis.seed() does to a test; for machines there is no other way.
    machine._hypothesis_internal_use_seed = number  # type: ignore[attr-defined]
    run_state_machine_as_test(machine, settings=how)
