"""Stories that are smaller than a given one, shape by shape, the boldest first."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from contract_tests.stories.lives import QUEUED
from contract_tests.stories.smaller_faults import smaller_faults
from mock_server.core.client_plan import ClientPlan, JobPlan
from mock_server.core.lifecycle import IllegalTimelineError, Phase, Stage
from mock_server.core.plan import Plan, Planned
from mock_server.core.scenario import (
    USUAL,
    Lognormal,
    Scenario,
    StagePlan,
    TimelinePlan,
    Uniform,
    fixed,
)

Shape = Callable[[Scenario], Iterator[Scenario]]


def fewer_parts(story: Scenario) -> Iterator[Scenario]:
    """Without what a story can do without: limits, keys, chance, another host, a stop."""
    usual = Scenario()
    names = ("plan", "chaos", "limits", "keys", "results_host", "client", "timelines", "seed")
    for name in names:
        yield replace(story, **{name: getattr(usual, name)})
    yield replace(story, client=replace(story.client, stop=None))
    yield replace(story, client=replace(story.client, job=JobPlan()))
    yield from (replace(story, limits=rest) for rest in _without_each(story.limits))
    for operation, chances in story.chaos.items():
        for rest in ((), *_without_each(chances)):
            kept = {name: row for name, row in story.chaos.items() if name != operation}
            yield replace(story, chaos={**kept, operation: rest} if rest else kept)


def fewer_faults(story: Scenario) -> Iterator[Scenario]:
    """Without queues, halves of queues, single entries."""
    for operation, queue in story.plan.queues.items():
        for rest in ((), *_without_halves(queue), *_without_each(queue)):
            yield _with_queue(story, operation, rest)


def smaller_counts(story: Scenario) -> Iterator[Scenario]:
    """Faults that strike less often, and fewer calls that pass before them."""
    for operation, index, planned in _entries(story):
        for times in _smaller(planned.times, 1):
            yield _with_entry(story, operation, index, planned._replace(times=times))


def simpler_faults(story: Scenario) -> Iterator[Scenario]:
    """Faults with fewer and smaller options."""
    for operation, index, planned in _entries(story):
        if planned.fault is not None:
            for fault in smaller_faults(planned.fault):
                yield _with_entry(story, operation, index, planned._replace(fault=fault))


def smaller_crowds(story: Scenario) -> Iterator[Scenario]:
    """Fewer jobs, clients and runs."""
    plan = story.client
    for name in ("clients", "jobs", "runs"):
        for count in _smaller(getattr(plan, name), 1):
            changes: dict[str, Any] = {name: count}
            yield replace(story, client=replace(plan, **changes))


def shorter_lives(story: Scenario) -> Iterator[Scenario]:
    """Fewer lives, fewer stages, less time, fewer polls, nothing odd."""
    lives = story.timelines
    for life in dict.fromkeys((lives[0], lives[-1])):
        yield replace(story, timelines=(replace(life, times=None),))
    yield from (replace(story, timelines=rest) for rest in _without_each(lives) if rest)
    for index, life in enumerate(lives):
        for shorter in _shorter(life):
            yield replace(story, timelines=(*lives[:index], shorter, *lives[index + 1 :]))


def plainer_orders(story: Scenario) -> Iterator[Scenario]:
    """A job that any caller could give."""
    plan: ClientPlan = story.client
    for job in _plainer(plan.job):
        yield replace(story, client=replace(plan, job=job))
    if plan.stop is not None:
        for after in _smaller(int(plan.stop.after) + 1, 0):
            yield replace(story, client=replace(plan, stop=replace(plan.stop, after=float(after))))


SHAPES: tuple[Shape, ...] = (
    fewer_parts,
    fewer_faults,
    smaller_crowds,
    smaller_counts,
    shorter_lives,
    simpler_faults,
    plainer_orders,
)


def _entries(story: Scenario) -> Iterator[tuple[str, int, Planned]]:
    for operation, queue in story.plan.queues.items():
        for index, planned in enumerate(queue):
            yield operation, index, planned


def _with_entry(story: Scenario, operation: str, index: int, planned: Planned) -> Scenario:
    queue = story.plan.queues[operation]
    return _with_queue(story, operation, (*queue[:index], planned, *queue[index + 1 :]))


def _with_queue(story: Scenario, operation: str, queue: tuple[Planned, ...]) -> Scenario:
    kept = {name: row for name, row in story.plan.queues.items() if name != operation}
    return replace(story, plan=Plan({**kept, operation: queue} if queue else kept))


def _without_halves(row: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    if len(row) > 3:
        half = len(row) // 2
        yield row[half:]
        yield row[:half]


def _without_each(row: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    for index in range(len(row)):
        yield (*row[:index], *row[index + 1 :])


def _smaller(value: int | None, least: int) -> Iterator[int]:
    """Smaller whole numbers, the least first; for ever (None) becomes a few, then many."""
    if value is None:
        yield from (least, 2, 4, 8, 16)
    elif value > least:
        yield from dict.fromkeys((least, *(value - cut for cut in _halves(value - least))))


def _halves(number: int) -> Iterator[int]:
    """A half of it, a quarter, and so on down to 1: the way to any bound is short then."""
    while number > 1:
        number //= 2
        yield number
    yield 1


def _shorter(life: TimelinePlan) -> Iterator[TimelinePlan]:
    stages = tuple(_drawn_once(plan) for plan in life.stages)
    last = stages[-1]
    lives = [(QUEUED, last), stages, *_without_each(stages)]
    lives += [
        _at(stages, index, one) for index, stage in enumerate(stages) for one in _plain(stage)
    ]
    lives += [tuple(_at_once(stages))]
    for times in dict.fromkeys((life.times, None)):
        yield replace(USUAL, times=times)
        for told in lives:
            try:
                yield replace(fixed(*told), times=times)
            except IllegalTimelineError:
                continue


def _drawn_once(plan: StagePlan) -> Stage:
    """A stage at the middle of its times."""
    seconds = plan.seconds
    if isinstance(seconds, Uniform | Lognormal):
        seconds = float(round(seconds.at(0.5)))
    return replace(plan.stage, seconds=seconds)


def _at(stages: tuple[Stage, ...], index: int, stage: Stage) -> tuple[Stage, ...]:
    return (*stages[:index], stage, *stages[index + 1 :])


def _at_once(stages: Iterable[Stage]) -> Iterator[Stage]:
    for stage in stages:
        yield replace(stage, seconds=float(int(stage.seconds / 2)))


def _plain(stage: Stage) -> Iterator[Stage]:
    """The stage with less to say, earlier, or after fewer polls."""
    usual = 100 if stage.phase is Phase.SUCCEEDED else 0
    yield replace(stage, word=None)
    yield replace(stage, error=None)
    yield replace(stage, results=None)
    yield replace(stage, lifetime=None)
    if stage.progress != usual:
        yield replace(stage, progress=usual)
    yield from (replace(stage, polls=polls) for polls in _smaller(stage.polls, 0))
    for seconds in _smaller(int(stage.seconds), 0):
        yield replace(stage, seconds=float(seconds))
    yield replace(stage, seconds=float(int(stage.seconds)))


def _plainer(job: JobPlan) -> Iterator[JobPlan]:
    yield replace(job, mask=False)
    yield replace(job, size=None)
    yield replace(job, model=None)
    yield from (replace(job, references=count) for count in _smaller(job.references, 0))
    for count in dict.fromkeys((1, 2, 0, (job.n + 1) // 2, job.n - 1 if job.n > 0 else job.n + 1)):
        yield replace(job, n=count)
    for prompt in (JobPlan().prompt, *_plainer_texts(job.prompt)):
        yield replace(job, prompt=prompt)


def _plainer_texts(text: str) -> Iterator[str]:
    yield from ("a", "", "a" * len(text))
    for cut in _halves(len(text)):
        yield text[:-cut]
        yield text[cut:]
    for index in range(min(len(text), 40)):
        yield text[:index] + text[index + 1 :]
        yield f"{text[:index]}a{text[index + 1 :]}"
