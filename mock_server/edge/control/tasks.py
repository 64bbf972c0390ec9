"""The tasks of a session: list them, let them go on, end them now."""

from itertools import islice
from typing import Any

from mock_server.core.lifecycle import Phase, Stage, TaskError
from mock_server.core.masking import masked
from mock_server.core.task import Task
from mock_server.core.world import World
from mock_server.edge.control.action import CONFLICT, NOT_FOUND, Action, Asked
from mock_server.edge.control.refused import Refused, wrong

_PROMPT_CHARACTERS = 500


def _list(asked: Asked) -> dict[str, Any]:
    session = asked.session
    world, now = session.world, session.clock.now()
    phase, after, limit = asked.query.get("phase"), asked.query["after"], asked.query["limit"]
    wanted = (
        task
        for task in world.tasks.values()
        if task.number > after and phase in (None, task.stage(now).phase.value)
    )
    page = list(islice(wanted, limit + 1))
    shown = page[:limit]
    return {
        "tasks": [task_value(world, task, now) for task in shown],
        "total": len(world.tasks),
        "next": shown[-1].number if len(page) > limit else None,
    }


def _get(asked: Asked) -> dict[str, Any]:
    return task_value(asked.world, _task(asked), asked.session.clock.now())


def _release(asked: Asked) -> dict[str, Any]:
    task, now = _task(asked), asked.session.clock.now()
    if task.released >= task.timeline.holds:
        seen = f"{task.timeline.holds} held stages, {task.released} released"
        raise wrong("task", "a stage that waits for a release", seen, status=CONFLICT)
    task.release(now)
    return task_value(asked.world, task, now)


def _fail(asked: Asked) -> dict[str, Any]:
    code, message = next(iter(asked.world.contract.task_errors.items()))
    code = asked.body.get("code", code)
    message = asked.body.get("message", asked.world.contract.task_errors.get(code, message))
    progress = asked.world.contract.switches.progress_on_failed
    return _ended(asked, Phase.FAILED, progress=progress, error=TaskError(code, message))


def _succeed(asked: Asked) -> dict[str, Any]:
    return _ended(asked, Phase.SUCCEEDED, progress=100, results=asked.body.get("results"))


def _ended(asked: Asked, phase: Phase, **facts: Any) -> dict[str, Any]:
    task, now = _task(asked), asked.session.clock.now()
    stage = task.stage(now)
    if stage.phase.is_terminal:
        raise wrong("task", "a task that has not ended", stage.phase.value, status=CONFLICT)
    task.end(now, Stage(phase, seconds=stage.seconds, polls=stage.polls, **facts))
    return task_value(asked.world, task, now)


def _task(asked: Asked) -> Task:
    name = asked.parameter("task")
    task = asked.world.tasks.get(name)
    if task is None:
        raise Refused(
            NOT_FOUND,
            f"there is no task {name[:200]!r} in session {asked.session.name!r}",
            path="task",
            expected="the id of a task",
            seen=repr(name[:200]),
        )
    return task


def task_value(world: World, task: Task, now: float) -> dict[str, Any]:
    """What is told of a task; its prompt is cut, and keys in it are masked."""
    stage, order = task.stage(now), task.order
    prompt = masked(order.prompt.encode("utf-8", "replace"), world.secrets).decode("utf-8")
    return {
        "id": task.id,
        "number": task.number,
        "owner": task.owner,
        "model": order.model,
        "prompt": prompt[:_PROMPT_CHARACTERS],
        "size": order.size,
        "images": order.images,
        "client_id": order.client_id,
        "phase": stage.phase.value,
        "word": stage.word or world.contract.words.by_phase[stage.phase],
        "progress": stage.progress,
        "error": _error(world, stage),
        "gone": stage.gone,
        "polls": task.polls,
        "held": task.timeline.holds > task.released and not stage.phase.is_terminal,
        "released": task.released,
        "created": task.created,
        "finished": task.finished(now),
        "credits": task.credits,
        "digest": task.digest.hex(),
    }


def _error(world: World, stage: Stage) -> dict[str, str] | None:
    if stage.phase is not Phase.FAILED:
        return None
    error = stage.error or TaskError(*next(iter(world.contract.task_errors.items())))
    return {"code": error.code, "message": error.message}


_PATH = "/sessions/{session}/tasks"
_ENDING = (NOT_FOUND, CONFLICT)
ACTIONS = (
    Action(
        "GET",
        _PATH,
        "list_tasks",
        "The tasks of a session, oldest first.",
        _list,
        "tasks",
        query="tasks_query",
        refuses=(NOT_FOUND,),
    ),
    Action("GET", _PATH + "/{task}", "get_task", "One task.", _get, "task", refuses=(NOT_FOUND,)),
    Action(
        "POST",
        _PATH + "/{task}/release",
        "release_task",
        "Let a task pass the next stage that is held.",
        _release,
        "task",
        refuses=_ENDING,
    ),
    Action(
        "POST",
        _PATH + "/{task}/fail",
        "fail_task",
        "Let a task fail now.",
        _fail,
        "task",
        body="task_failure",
        refuses=_ENDING,
    ),
    Action(
        "POST",
        _PATH + "/{task}/succeed",
        "succeed_task",
        "Let a task succeed now.",
        _succeed,
        "task",
        body="task_success",
        refuses=_ENDING,
    ),
)
