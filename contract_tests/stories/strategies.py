"""Stories drawn by Hypothesis: payloads, schedules, triples of faults.

What repeats is drawn as a number, never as a list of copies: numbers shrink well, copies do not.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from contract_tests.stories.order_bounds import OrderBounds
from contract_tests.stories.orders import PROMPTS
from contract_tests.stories.schedules import lives
from contract_tests.stories.telling import plot
from contract_tests.stories.troubles import Trouble, troubles
from mock_server.core.client_plan import ClientPlan, JobPlan
from mock_server.core.contract import Contract
from mock_server.core.plan import Plan, Planned
from mock_server.core.scenario import Scenario, TimelinePlan
from mock_server.loading.faults import read_fault

_WHY = "Drawn at random: what nobody thought of happens as well."
_MOST_FAULTS = 3
_MOST_TIMES = 3
_LONGEST_WAIT = 12


@dataclass(frozen=True, slots=True)
class Strike:
    """One fault of an operation's calls: after how many that pass, and how often."""

    operation: str
    trouble: Trouble
    passes: int
    times: int

    @property
    def planned(self) -> tuple[Planned, ...]:
        """Its entries in the operation's queue."""
        fault = Planned(read_fault(self.trouble.fault), self.times)
        return (Planned(None, self.passes), fault) if self.passes else (fault,)

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules that it exercises."""
        return self.trouble.rules(self.operation) or ()


def prompts() -> st.SearchStrategy[str]:
    """Prompts in all scripts, empty ones, and some of about a thousand letters."""
    # What a file can hold: no surrogate, and no NUL.
    letters = st.characters(exclude_categories=["Cs", "Cc"])
    lengths = st.sampled_from([0, 1, 999, 1_000, 1_001]).map(lambda length: "a" * length)
    return st.text(letters, max_size=40) | st.sampled_from([row[2] for row in PROMPTS]) | lengths


def orders(contract: Contract) -> st.SearchStrategy[JobPlan]:
    """What callers order, from the least to just beyond the most."""
    bounds = OrderBounds.of(contract)
    return st.builds(
        JobPlan,
        prompt=prompts(),
        size=st.sampled_from([None, *bounds.sizes]),
        n=st.integers(0, max(bounds.counts) + 1),
        references=st.integers(0, bounds.most_references + 1),
        mask=st.booleans(),
    )


def strikes(contract: Contract, operation: str) -> st.SearchStrategy[Strike]:
    """One fault of an operation's calls; those that take minutes are left to the listed stories."""
    fitting = [one for one in troubles(contract) if one.rules(operation) is not None]
    quick = [one for one in fitting if not one.fault.startswith(("drip(1)", "stall(at"))]
    waits = st.integers(0, _LONGEST_WAIT).map(_asked_to_wait)
    return st.builds(
        Strike,
        operation=st.just(operation),
        trouble=st.sampled_from(quick) if operation == "result" else st.sampled_from(quick) | waits,
        passes=st.integers(0, 3 if operation == "status" else 1),
        times=st.integers(1, _MOST_TIMES),
    )


def _asked_to_wait(seconds: int) -> Trouble:
    """A busy server that asks for a wait."""
    rule = "retry-after-seconds" if seconds else "bad-retry-after"
    fault = f"429(retry_after={seconds})"
    return Trouble(fault, "is asked to wait", (rule,), (rule,))


def faults(contract: Contract, most: int = _MOST_FAULTS) -> st.SearchStrategy[Sequence[Strike]]:
    """One to three faults at any operations, in the order in which each queue is spent."""
    any_of = st.one_of(
        strikes(contract, "status"), strikes(contract, "submit"), strikes(contract, "result")
    )
    return st.lists(any_of, min_size=1, max_size=most)


def drawn_stories(contract: Contract) -> st.SearchStrategy[Scenario]:
    """Stories of one job: of faults, of orders, of lives."""
    one_life = lives().map(lambda life: (life,))
    none: st.SearchStrategy[Sequence[Strike]] = st.just(())
    job = orders(contract).map(ClientPlan)
    usual = st.just(ClientPlan())
    return st.one_of(
        st.builds(story_of, one_life, faults(contract), usual),
        st.builds(story_of, st.just(Scenario().timelines), none, job),
        st.builds(story_of, one_life, none, usual),
    )


def story_of(
    timelines: tuple[TimelinePlan, ...],
    struck: Sequence[Strike],
    client: ClientPlan,
    *expect: str,
) -> Scenario:
    """The story of these lives and faults; ``expect`` are rules besides those of the faults."""
    queues: dict[str, tuple[Planned, ...]] = {}
    for one in struck:
        queues[one.operation] = (*queues.get(one.operation, ()), *one.planned)
    rules = (*expect, *(rule for one in struck for rule in one.rules))
    story = Scenario(
        name="drawn",
        why=_WHY,
        timelines=timelines,
        plan=Plan(queues),
        client=client,
        expect=tuple(dict.fromkeys(rules)),
    )
    return replace(story, title=plot(story))
