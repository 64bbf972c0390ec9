"""Telling stories in few words: each becomes the scenario that a file of it would give."""

import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from mock_server.core.contract import Contract
from mock_server.core.plan import Plan, Planned
from mock_server.core.scenario import Scenario, TimelinePlan
from mock_server.loading.faults import fault_table, read_faults

# What the names of stories that Hypothesis has drawn begin with.
DRAWN: Final = "drawn/"
# What a file may hold.
_LONGEST_TITLE = 120
_SIGNS = re.compile(r"[^a-z0-9]+")
_MINUS = re.compile(r"(?<![a-z0-9])-(?=[0-9])")


@dataclass(frozen=True, slots=True)
class Told:
    """A story; ``quick`` says that it belongs to the quick exam, too."""

    scenario: Scenario
    quick: bool = True


class Teller:
    """Tells stories for the clients of a profile."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self._whys = {fault.name: fault.why for fault in fault_table()}

    def tell(
        self,
        name: str,
        title: str,
        why: str = "",
        *expect: str,
        life: TimelinePlan | Sequence[TimelinePlan] | None = None,
        quick: bool = True,
        **facts: Any,
    ) -> Told:
        """The story of that name; ``expect`` are the rules that it is meant to exercise.

        ``submit``, ``status`` and ``result`` are queues of faults as in a file; all other facts are
        those of a :class:`Scenario`. Without a ``why``, the reason is that of the first fault.
        """
        queues: dict[str, tuple[Planned, ...]] = {
            operation: read_faults(facts.pop(operation), f"{name}.{operation}")
            for operation in ("submit", "status", "result")
            if operation in facts
        }
        if life is not None:
            facts["timelines"] = (life,) if isinstance(life, TimelinePlan) else tuple(life)
        scenario = Scenario(
            name=name,
            title=shortened(title),
            why=why or self._why(Plan(queues)),
            plan=Plan(queues),
            expect=tuple(dict.fromkeys(expect)),
            **facts,
        )
        return Told(scenario, quick)

    def _why(self, plan: Plan) -> str:
        planned = next(one for queue in plan.queues.values() for one in queue if one.fault)
        return self.why(planned.text)

    def why(self, text: str) -> str:
        """Why a fault of that text is worth a story: the fault's own reason."""
        name = re.split(r"[^a-z0-9_]", text, maxsplit=1)[0]
        return self._whys["status" if name.isdigit() else name]


def shortened(title: str) -> str:
    """A title that a file can hold."""
    return title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 3]}..."


def slug(text: str) -> str:
    """A text as a part of a story's name: ``429(retry_after=2) x3`` is ``429-retry-after-2-x3``."""
    return _SIGNS.sub("-", _MINUS.sub("minus-", text.lower())).strip("-")


_WORDS = {"submit": "submits", "status": "polls", "result": "results", "any": "calls"}


def plot(story: Scenario) -> str:
    """What happens in a story, as a title: its faults, and what of it is unusual."""
    parts = [
        f"{_WORDS.get(name, name)} meet {', '.join(one.text for one in queue)}"
        for name, queue in story.plan.queues.items()
        if queue
    ]
    parts += [f"chance in {_WORDS.get(name, name)}" for name in story.chaos]
    plan = story.client
    jobs = plan.jobs * plan.clients
    parts += [f"{jobs} jobs at once"] if jobs > 1 else []
    parts += [f"{plan.job.n} images"] if plan.job.n != 1 else []
    parts += [f"{plan.job.references} references"] if plan.job.references else []
    parts += [f"a stop after {plan.stop.after:g} s"] if plan.stop else []
    told = "; ".join(parts) or "no trouble at all"
    return shortened(told[0].upper() + told[1:])


def content_of(story: Scenario) -> Hashable:
    """What happens in a story, whatever it is called and meant for."""
    queues = story.plan.queues.items()
    chances = story.chaos.items()
    return (
        tuple((name, tuple(one.text for one in queue)) for name, queue in queues),
        tuple((name, tuple((one.fault.text, one.rate) for one in row)) for name, row in chances),
        story.timelines,
        story.limits,
        tuple(story.keys.items()),
        story.client,
        story.results_host,
        story.seed,
    )
