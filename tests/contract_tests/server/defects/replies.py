"""Defects of replies: their status, their fields, their envelopes, their header fields."""

from dataclasses import replace

from tests.contract_tests.server.defects.defect import Answer, Defect, Memory, Request

_ENDS = ("succeeded", "completed")


def _is_task(request: Request, answer: Answer) -> bool:
    return request.operation in ("submit", "status") and answer.status == 200


def _created(request: Request, answer: Answer, memory: Memory) -> Answer:
    is_new = request.operation == "submit" and answer.status == 200
    return replace(answer, status=201) if is_new else answer


def _lacks_progress(request: Request, answer: Answer, memory: Memory) -> Answer:
    if request.operation != "status" or answer.status != 200 or not answer.content:
        return answer
    return answer.saying({k: v for k, v in answer.value.items() if k != "progress"})


def _extra_field(request: Request, answer: Answer, memory: Memory) -> Answer:
    if not (_is_task(request, answer) and answer.content):
        return answer
    return answer.saying({**answer.value, "cost": 10})


def _text_progress(request: Request, answer: Answer, memory: Memory) -> Answer:
    task = answer.value
    if not _is_task(request, answer) or "progress" not in task:
        return answer
    return answer.saying({**task, "progress": f"{task['progress']}%"})


def _null_field(request: Request, answer: Answer, memory: Memory) -> Answer:
    task = answer.value
    if not _is_task(request, answer) or "completed_at" in task or not answer.content:
        return answer
    return answer.saying({**task, "completed_at": None})


def _only_at_the_end(request: Request, answer: Answer, memory: Memory) -> Answer:
    task = answer.value
    if not _is_task(request, answer) or task.get("status") not in _ENDS:
        return answer
    return answer.saying({k: v for k, v in task.items() if k != "expires_at"})


def _unknown_word(request: Request, answer: Answer, memory: Memory) -> Answer:
    task = answer.value
    if not _is_task(request, answer) or task.get("status") not in ("running", "in_progress"):
        return answer
    return answer.saying({**task, "status": "processing"})


def _wrong_envelope(request: Request, answer: Answer, memory: Memory) -> Answer:
    if answer.status != 400 or request.operation != "submit":
        return answer
    return answer.saying({"detail": [{"loc": ["body"], "msg": "field required"}]})


def _bare_text(request: Request, answer: Answer, memory: Memory) -> Answer:
    if answer.status < 400 or request.operation != "balance" or request.method == "HEAD":
        return answer
    return answer.saying({"error": "Invalid API key"})


def _wrong_code(request: Request, answer: Answer, memory: Memory) -> Answer:
    error = answer.value.get("error")
    if answer.status != 401 or not isinstance(error, dict):
        return answer
    code = 0 if isinstance(error.get("code"), int) else "invalid_key"
    return answer.saying({"error": {**error, "code": code}})


def _code_as_text(request: Request, answer: Answer, memory: Memory) -> Answer:
    error = answer.value.get("error")
    if not isinstance(error, dict) or not isinstance(error.get("code"), int):
        return answer
    return answer.saying({"error": {**error, "code": str(error["code"])}})


def _html(request: Request, answer: Answer, memory: Memory) -> Answer:
    if request.operation != "nowhere" or answer.status != 404:
        return answer
    return answer.holding(b"<html><h1>404 Not Found</h1></html>", "text/html")


def _html_as_json(request: Request, answer: Answer, memory: Memory) -> Answer:
    if request.operation != "submit" or answer.status != 400:
        return answer
    return answer.holding(b"<html><h1>400 Bad Request</h1></html>")


def _text_type(request: Request, answer: Answer, memory: Memory) -> Answer:
    is_status = request.operation == "status"
    return answer.having("content-type", "text/plain") if is_status else answer


def _allow(request: Request, answer: Answer, memory: Memory) -> Answer:
    return answer.having("allow", "GET, DELETE") if answer.status == 405 else answer


def _head(request: Request, answer: Answer, memory: Memory) -> Answer:
    is_file = request.operation in ("result", "uploaded_file")
    if request.method != "HEAD" or not is_file:
        return answer
    return answer.having("content-length", "0")


def _no_head(request: Request, answer: Answer, memory: Memory) -> Answer:
    return replace(answer, status=404) if request.method == "HEAD" else answer


def _key(request: Request, answer: Answer, memory: Memory) -> Answer:
    error, sent = answer.value.get("error"), request.headers.get("authorization", "")
    if not isinstance(error, dict) or not sent or answer.status not in (400, 404):
        return answer
    return answer.saying({"error": {**error, "message": f"{error.get('message')} ({sent})"}})


def _milliseconds(request: Request, answer: Answer, memory: Memory) -> Answer:
    task = answer.value
    if not _is_task(request, answer) or "created_at" not in task:
        return answer
    times = ("created_at", "completed_at", "expires_at")
    return answer.saying({k: v * 1000 if k in times else v for k, v in task.items()})


DEFECTS = (
    Defect("submit-201", "an accepted submit is answered 201", ("documented-status",), _created),
    Defect(
        "progress-missing",
        "status replies lack the field progress",
        ("reply-obeys-schema",),
        _lacks_progress,
    ),
    Defect("field-extra", "task replies have a field more", ("reply-obeys-schema",), _extra_field),
    Defect("progress-as-text", "progress is a text: 50%", ("reply-obeys-schema",), _text_progress),
    Defect(
        "completed-at-null",
        "completed_at is null until it is known",
        ("absent-not-null",),
        _null_field,
    ),
    Defect(
        "expires-at-missing",
        "finished tasks lack expires_at",
        ("reply-obeys-schema",),
        _only_at_the_end,
    ),
    Defect(
        "status-word-unknown",
        "a running task is called processing",
        ("reply-obeys-schema",),
        _unknown_word,
    ),
    Defect(
        "envelope-of-a-framework",
        "refused submits have a framework's own error body",
        ("documented-envelope",),
        _wrong_envelope,
    ),
    Defect(
        "error-is-a-text",
        "errors of the balance are a text instead of an object",
        ("documented-envelope",),
        _bare_text,
    ),
    Defect("code-wrong", "a 401 has an undocumented code", ("documented-code",), _wrong_code),
    Defect(
        "code-as-text",
        "codes that are numbers are sent as texts",
        ("documented-envelope", "documented-code"),
        _code_as_text,
        profiles=("reference",),
    ),
    Defect("html-404", "unknown paths get a page of HTML", ("documented-envelope",), _html),
    Defect(
        "html-called-json",
        "refused submits get HTML that says it is JSON",
        ("documented-envelope",),
        _html_as_json,
    ),
    Defect(
        "type-text-plain",
        "status replies say that they are plain text",
        ("documented-media-type",),
        _text_type,
    ),
    Defect("allow-wrong", "Allow names other methods", ("wrong-method-refused",), _allow),
    Defect(
        "head-length-0",
        "HEAD of a file says length 0",
        ("head-agrees-with-get",),
        _head,
        spoils_head=True,
    ),
    Defect(
        "head-404", "HEAD is answered 404", ("head-agrees-with-get",), _no_head, spoils_head=True
    ),
    Defect("key-echoed", "errors repeat the key", ("key-not-repeated",), _key),
    Defect(
        "times-in-milliseconds", "times are milliseconds", ("reply-obeys-schema",), _milliseconds
    ),
)
