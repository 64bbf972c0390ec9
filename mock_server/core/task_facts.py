"""The facts of a task that a reply may show; the profile's template chooses among them."""

from mock_server.core.lifecycle import Phase, Stage
from mock_server.core.result_url import expiry_of, result_url
from mock_server.core.task import Task
from mock_server.core.world import World


def task_facts(world: World, task: Task, stage: Stage, now: float, base: str) -> dict[str, object]:
    """All facts of a task in that stage; absent ones are left out."""
    facts = _plain_facts(world, task, stage)
    if stage.phase is Phase.SUCCEEDED:
        facts.update(_success_facts(world, task, stage, now, base))
    elif stage.phase is Phase.FAILED:
        facts.update(_failure_facts(world, task, stage, now))
    return facts


def _plain_facts(world: World, task: Task, stage: Stage) -> dict[str, object]:
    words = world.contract.words.by_phase
    return {
        "id": task.id,
        "model": task.order.model,
        "status": stage.word or words[stage.phase],
        "progress": stage.progress,
        "created_at": int(task.created),
        "client_id": task.order.client_id,
    }


def accepted_facts(world: World, task: Task) -> dict[str, object]:
    """The facts that the reply to a submit shows."""
    stage = task.timeline.stages[0]
    facts = _plain_facts(world, task, stage)
    metadata = task.order.metadata
    facts["status"] = stage.word or world.contract.words.accepted
    facts["metadata"] = {} if metadata is None else metadata
    return facts


def _success_facts(
    world: World, task: Task, stage: Stage, now: float, base: str
) -> dict[str, object]:
    finished = task.finished(now)
    at = now if finished is None else finished
    count = task.order.images if stage.results is None else min(stage.results, task.order.images)
    urls = [result_url(world, base, task, index, at) for index in range(count)]
    switches = world.contract.switches
    return {
        "completed_at": int(at),
        "expires_at": expiry_of(world, task, at),
        "results": [{"url": url} for url in urls],
        "url": urls[0] if urls and switches.top_level_url else None,
    }


def _failure_facts(world: World, task: Task, stage: Stage, now: float) -> dict[str, object]:
    finished = task.finished(now)
    code, message = next(iter(world.contract.task_errors.items()))
    facts: dict[str, object] = {
        "progress": world.contract.switches.progress_on_failed,
        "error_code": stage.error.code if stage.error else code,
        "error_message": stage.error.message if stage.error else message,
    }
    if world.contract.switches.completed_at_on_failed:
        facts["completed_at"] = int(now if finished is None else finished)
    return facts
