"""The status of a task, computed at the moment it is asked for."""

from mock_server.core.operations.work import Work
from mock_server.core.refusal import Refusal
from mock_server.core.reply import Reply
from mock_server.core.task_facts import task_facts


def status(work: Work) -> Reply:
    """Count the poll and tell what it sees; raises :class:`Refusal`: ``task_not_found``."""
    world = work.world
    task = world.find_task(work.parameters["id"], work.owner)
    if task is None:
        raise Refusal("task_not_found", {"id": work.parameters["id"]})
    stage = task.poll(work.now)
    if stage.gone:
        raise Refusal("task_not_found", {"id": task.id})
    now, base = work.now, work.call.base

    def content() -> bytes:
        facts = task_facts(world, task, stage, now, base)
        return world.contract.encode(world.contract.replies.task(facts))

    shown = world.memo.content_of(task, stage, base, content)
    return Reply(200, shown, task=task, phase=stage.phase)
