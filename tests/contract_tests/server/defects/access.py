"""Defects that let strangers in."""

import json
from dataclasses import replace
from typing import Any

from tests.contract_tests.server.defects.defect import Answer, Defect, Memory, Request


def _with_owner(request: Request, memory: Memory, *operations: str) -> Request:
    """The request with the key that came last, where it has none that is any good."""
    sent = request.headers.get("authorization", "")
    is_known = any(mark in sent for mark in ("sk-a", "sk-b", "sk-mock"))
    if is_known:
        memory.values[request.session] = sent
    if is_known or request.operation not in operations or request.session not in memory.values:
        return request
    fields = {**request.headers, "authorization": memory.values[request.session]}
    return replace(request, headers=fields)


def _open_balance(request: Request, memory: Memory) -> Request | Answer:
    return _with_owner(request, memory, "balance")


def _open_status(request: Request, memory: Memory) -> Request | Answer:
    return _with_owner(request, memory, "status")


def _open_upload(request: Request, memory: Memory) -> Request | Answer:
    return _with_owner(request, memory, "upload")


def _any_key(request: Request, memory: Memory) -> Request | Answer:
    if request.headers.get("authorization", "") in ("", "Bearer", "Bearer "):
        return request
    return _with_owner(request, memory, "models", "submit")


def _foreign(request: Request, memory: Memory) -> Request | Answer:
    """A task is read with the key of whoever submitted it."""
    sent = request.headers.get("authorization", "")
    if request.operation == "submit":
        memory.values["last"] = sent
    owner = memory.values.get(request.task)
    if request.operation == "status" and owner and sent:
        return replace(request, headers={**request.headers, "authorization": owner})
    return request


def _note_owner(request: Request, answer: Answer, memory: Memory) -> Answer:
    if request.operation == "submit" and answer.status == 200:
        memory.values[answer.value["id"]] = request.headers.get("authorization")
    return answer


def _forbidden(request: Request, answer: Answer, memory: Memory) -> Answer:
    return replace(answer, status=403) if answer.status == 401 else answer


def _always_queued(request: Request, answer: Answer, memory: Memory) -> Answer:
    if request.operation != "status" or answer.status not in (400, 404):
        return answer
    task: dict[str, Any] = {
        "id": request.task,
        "object": "generation.task",
        "model": "gpt-4o-image",
        "status": "queued",
        "progress": 0,
        "created_at": 1_700_000_000,
    }
    content = json.dumps(task).encode()
    return replace(answer.holding(content), status=200)


def _fails_for_unknown(request: Request, answer: Answer, memory: Memory) -> Answer:
    is_unknown = request.operation == "status" and answer.status in (400, 404)
    return replace(answer, status=500) if is_unknown else answer


DEFECTS = (
    Defect("balance-open", "the balance needs no key", ("key-demanded",), before=_open_balance),
    Defect("status-open", "tasks are read without a key", ("key-demanded",), before=_open_status),
    Defect("upload-open", "uploads need no key", ("key-demanded",), before=_open_upload),
    Defect("any-key", "submits and models take any key", ("key-demanded",), before=_any_key),
    Defect("no-key-403", "calls without a key get 403", ("key-demanded",), _forbidden),
    Defect(
        "foreign-task-shown",
        "tasks of other keys are shown",
        ("foreign-task-hidden",),
        _note_owner,
        _foreign,
    ),
    Defect(
        "unknown-task-queued",
        "a task that was never submitted is queued",
        ("unknown-task-not-found",),
        _always_queued,
    ),
    Defect(
        "unknown-task-500",
        "a task that was never submitted makes the server fail",
        ("unknown-task-not-found", "no-server-failure"),
        _fails_for_unknown,
    ),
)
