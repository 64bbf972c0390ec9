"""How large a story is: what a reader of it would like to be small comes first."""

from typing import TypeAlias

from mock_server.core.client_plan import ClientPlan, JobPlan
from mock_server.core.plan import Planned
from mock_server.core.scenario import USUAL, Lognormal, Scenario, StagePlan, Uniform

Weight: TypeAlias = tuple[float, ...]

# A fault that strikes for ever is heavier than any that is counted.
_FOR_EVER = 10_000_000


def count_faults(story: Scenario) -> int:
    """How many faults a story plans; one that strikes several times in a row is one."""
    planned = sum(one.fault is not None for queue in story.plan.queues.values() for one in queue)
    return planned + sum(map(len, story.chaos.values()))


def weight_of(story: Scenario) -> Weight:
    """What of two stories the smaller one has less of, the most telling first."""
    entries = [one for queue in story.plan.queues.values() for one in queue]
    lives = [life for life in story.timelines if life.stages != USUAL.stages]
    stages = [plan for life in lives for plan in life.stages]
    return (
        count_faults(story),
        *_parts(story),
        *_crowd(story.client),
        sum(map(_times, entries)),
        sum(len(one.text) for one in entries),
        sum(not life.stages[-1].stage.phase.is_terminal for life in lives),
        len(stages),
        sum(map(_length, stages)),
        sum(map(_oddity, stages)),
        0 if story.client.stop is None else story.client.stop.after,
        *_order(story.client.job),
        story.seed,
    )


def _parts(story: Scenario) -> Weight:
    return (
        len(story.limits) + len(story.keys),
        story.results_host is not None,
        story.client.stop is not None,
        len(story.timelines),
    )


def _crowd(plan: ClientPlan) -> Weight:
    return plan.clients * plan.jobs, plan.clients, plan.runs


def _order(job: JobPlan) -> Weight:
    return (
        job.mask + (job.size is not None) + (job.model is not None),
        job.references,
        abs(job.n - 1) + (job.n < 1),
        *_wording(job.prompt),
    )


def _wording(prompt: str) -> Weight:
    """The usual prompt is the plainest, for what else can be ordered may be refused."""
    if prompt == JobPlan().prompt:
        return 0, 0
    return 1 + len(prompt), sum(map(_rarity, prompt))


def _rarity(letter: str) -> int:
    return 0 if letter == "a" else ord(letter)


def _times(planned: Planned) -> int:
    return _FOR_EVER if planned.times is None else planned.times


def _length(plan: StagePlan) -> float:
    seconds = plan.seconds
    if isinstance(seconds, Uniform):
        seconds = seconds.high + 1
    elif isinstance(seconds, Lognormal):
        seconds = seconds.median + 1
    return seconds + plan.stage.polls


def _oddity(plan: StagePlan) -> int:
    """How much of a stage is said that need not be."""
    stage = plan.stage
    said = (stage.word, stage.error, stage.results, stage.lifetime)
    is_fraction = isinstance(plan.seconds, float) and plan.seconds != int(plan.seconds)
    odd = sum(one is not None for one in said) + stage.held + stage.gone + is_fraction
    return 1_000 * odd + (stage.progress if stage.progress is not None else 101)
