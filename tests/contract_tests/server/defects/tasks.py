"""Defects in the lives of tasks."""

from dataclasses import replace
from typing import Any

from tests.contract_tests.server.defects.defect import NEWER, Answer, Defect, Memory, Request

_ENDS = ("succeeded", "completed", "failed")
_RUNNING = {"succeeded": "running", "completed": "in_progress"}


def _polled(request: Request, answer: Answer) -> dict[str, Any]:
    is_poll = request.operation == "status" and answer.status == 200 and bool(answer.content)
    return answer.value if is_poll else {}


def _late(request: Request, answer: Answer, memory: Memory) -> Answer:
    if not _polled(request, answer) or memory.count(request.task) > 1:
        return answer
    content = b'{"error":{"code":404,"message":"Task not found","type":"not_found_error"}}'
    return replace(answer.holding(content), status=404)


def _falls(request: Request, answer: Answer, memory: Memory) -> Answer:
    task = _polled(request, answer)
    if not 30 < task.get("progress", 0) < 70:
        return answer
    return answer.saying({**task, "progress": 5})


def _reopens(request: Request, answer: Answer, memory: Memory) -> Answer:
    task = _polled(request, answer)
    if task.get("status") not in _RUNNING or memory.count(request.task) != 2:
        return answer
    gone = ("completed_at", "expires_at", "result", "url")
    kept = {k: v for k, v in task.items() if k not in gone}
    return answer.saying({**kept, "status": _RUNNING[task["status"]], "progress": 99})


def _back(request: Request, answer: Answer, memory: Memory) -> Answer:
    task = _polled(request, answer)
    if task.get("status") not in _RUNNING.values() or memory.count(request.task) != 2:
        return answer
    return answer.saying({**task, "status": "queued"})


def _later_end(request: Request, answer: Answer, memory: Memory) -> Answer:
    task = _polled(request, answer)
    if "completed_at" not in task:
        return answer
    later = memory.count(request.task) - 1
    moved = {name: task[name] + later for name in ("completed_at", "expires_at") if name in task}
    return answer.saying({**task, **moved})


def _reused(request: Request, answer: Answer, memory: Memory) -> Answer:
    if request.operation != "submit" or answer.status != 200:
        return answer
    first = memory.values.setdefault(request.session, answer.value["id"])
    return answer.saying({**answer.value, "id": first})


def _other_id(request: Request, answer: Answer, memory: Memory) -> Answer:
    task = _polled(request, answer)
    return answer.saying({**task, "id": f"{task['id']}0"}) if task else answer


def _moving_creation(request: Request, answer: Answer, memory: Memory) -> Answer:
    task = _polled(request, answer)
    if not task:
        return answer
    return answer.saying({**task, "created_at": task["created_at"] + memory.count(request.task)})


def _done_before(request: Request, answer: Answer, memory: Memory) -> Answer:
    task = _polled(request, answer)
    if "completed_at" not in task:
        return answer
    moved = {"completed_at": task["created_at"] - 5, "expires_at": task["created_at"] + 86_395}
    return answer.saying({**task, **moved})


def _expires_early(request: Request, answer: Answer, memory: Memory) -> Answer:
    task = _polled(request, answer)
    if "expires_at" not in task:
        return answer
    return answer.saying({**task, "expires_at": task["completed_at"] + 3_600})


def _own_id_lost(request: Request, answer: Answer, memory: Memory) -> Answer:
    is_own = request.operation == "status" and request.task.startswith("check-")
    if not is_own or answer.status != 200:
        return answer
    content = b'{"error":{"code":404,"message":"Task not found","type":"not_found_error"}}'
    return replace(answer.holding(content), status=404)


def _own_id_hidden(request: Request, answer: Answer, memory: Memory) -> Answer:
    task = answer.value
    if answer.status != 200 or "client_business_id" not in task:
        return answer
    return answer.saying({k: v for k, v in task.items() if k != "client_business_id"})


def _metadata_lost(request: Request, answer: Answer, memory: Memory) -> Answer:
    if request.operation != "submit" or not answer.value.get("metadata"):
        return answer
    return answer.saying({**answer.value, "metadata": {}})


def _failed_500(request: Request, answer: Answer, memory: Memory) -> Answer:
    is_failed = _polled(request, answer).get("status") == "failed"
    return replace(answer, status=500) if is_failed else answer


def _failed_silently(request: Request, answer: Answer, memory: Memory) -> Answer:
    task = _polled(request, answer)
    if task.get("status") != "failed":
        return answer
    return answer.saying({**task, "error": {"code": "", "message": ""}})


def _never_ends(request: Request, answer: Answer, memory: Memory) -> Answer:
    task = _polled(request, answer)
    if task.get("status") not in _ENDS:
        return answer
    gone = ("completed_at", "expires_at", "result", "url", "error")
    kept = {k: v for k, v in task.items() if k not in gone}
    word = _RUNNING.get(task["status"], "queued")
    return answer.saying({**kept, "status": word, "progress": 99})


DEFECTS = (
    Defect(
        "task-404-at-first", "a new task is not found at first", ("created-is-pollable",), _late
    ),
    Defect("progress-falls", "progress falls half way", ("progress-never-falls",), _falls),
    Defect(
        "end-reopens",
        "a finished task runs again",
        ("terminal-stays", "status-never-back"),
        _reopens,
    ),
    Defect("status-back", "a running task is queued again", ("status-never-back",), _back),
    Defect("end-moves", "completed_at moves with every reading", ("terminal-stays",), _later_end),
    Defect("id-reused", "every task gets the first one's id", ("ids-unique",), _reused),
    Defect("id-changes", "status replies have another id", ("task-keeps-identity",), _other_id),
    Defect(
        "creation-moves",
        "created_at moves with every reading",
        ("task-keeps-identity",),
        _moving_creation,
    ),
    Defect(
        "done-before-created", "tasks are done before they exist", ("times-in-order",), _done_before
    ),
    Defect("expiry-off", "results expire after an hour", ("expiry-as-documented",), _expires_early),
    Defect(
        "own-id-unknown",
        "tasks are not found by the client's own id",
        ("own-id-finds-task",),
        _own_id_lost,
        profiles=NEWER,
    ),
    Defect(
        "own-id-hidden",
        "the client's own id is not shown",
        ("own-id-finds-task",),
        _own_id_hidden,
        profiles=NEWER,
    ),
    Defect("metadata-lost", "metadata are dropped", ("metadata-echoed",), _metadata_lost),
    Defect(
        "failure-500",
        "a failed task is told with status 500",
        ("created-is-pollable", "no-server-failure"),
        _failed_500,
    ),
    Defect(
        "failure-without-words", "failed tasks say nothing", ("failure-is-told",), _failed_silently
    ),
    Defect("never-ends", "tasks stay at 99 %", ("tasks-end",), _never_ends),
)
