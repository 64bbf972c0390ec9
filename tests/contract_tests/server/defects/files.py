"""Defects of results and uploads."""

import io
import json
from dataclasses import replace
from typing import Any

from PIL import Image

from contract_tests.server.images import PNG, TEXT
from tests.contract_tests.server.defects.defect import Answer, Defect, Memory, Request


def _results(request: Request, answer: Answer) -> list[dict[str, Any]]:
    if request.operation != "status" or answer.status != 200:
        return []
    data: list[dict[str, Any]] = answer.value.get("result", {}).get("data", [])
    return data


def _one_result(request: Request, answer: Answer, memory: Memory) -> Answer:
    if len(_results(request, answer)) < 2:
        return answer
    task = answer.value
    return answer.saying({**task, "result": {**task["result"], "data": task["result"]["data"][:1]}})


def _is_result(request: Request, answer: Answer) -> bool:
    return request.operation == "result" and request.method == "GET" and answer.status == 200


def _missing(request: Request, answer: Answer, memory: Memory) -> Answer:
    if not _is_result(request, answer):
        return answer
    error = {"code": "not_found", "message": "File not found", "type": "not_found_error"}
    content = json.dumps({"error": error}).encode()
    return replace(answer.holding(content, "application/json"), status=404)


def _key_wanted(request: Request, answer: Answer, memory: Memory) -> Answer:
    has_key = "authorization" in request.headers
    if not _is_result(request, answer) or has_key:
        return answer
    error = {"code": "access_denied", "message": "No key", "type": "invalid_request_error"}
    content = json.dumps({"error": error}).encode()
    return replace(answer.holding(content, "application/json"), status=403)


def _square(request: Request, answer: Answer, memory: Memory) -> Answer:
    if not _is_result(request, answer):
        return answer
    kind = answer.header("content-type").removeprefix("image/").upper()
    file = io.BytesIO()
    Image.new("RGB", (64, 64), "grey").save(file, kind)
    return answer.holding(file.getvalue())


def _no_image(request: Request, answer: Answer, memory: Memory) -> Answer:
    if not _is_result(request, answer):
        return answer
    return answer.holding(answer.content[:100])


def _type_of_bytes(request: Request, answer: Answer, memory: Memory) -> Answer:
    if not _is_result(request, answer):
        return answer
    return answer.having("content-type", "application/octet-stream")


def _url_differs(request: Request, answer: Answer, memory: Memory) -> Answer:
    if not _results(request, answer) or "url" not in answer.value:
        return answer
    return answer.saying({k: v for k, v in answer.value.items() if k != "url"})


def _for_ever(request: Request, answer: Answer, memory: Memory) -> Answer:
    if request.operation != "result" or request.method != "GET":
        return answer
    if answer.status == 200:
        memory.values[request.path] = answer
    is_known = answer.status == 403 and request.path in memory.values
    found: Answer = memory.values[request.path] if is_known else answer
    return found


def _by_name(request: Request, answer: Answer, memory: Memory) -> Answer:
    if request.operation != "upload" or answer.status != 200:
        return answer
    name = "image/png" if b'.png"' in request.body else "image/jpeg"
    value = answer.value
    return answer.saying({**value, "data": {**value["data"], "mime_type": name}})


def _form_size(request: Request, answer: Answer, memory: Memory) -> Answer:
    if request.operation != "upload" or answer.status != 200:
        return answer
    value = answer.value
    return answer.saying({**value, "data": {**value["data"], "size": len(request.body)}})


def _changed_bytes(request: Request, answer: Answer, memory: Memory) -> Answer:
    is_file = request.operation == "uploaded_file" and request.method == "GET"
    return answer.holding(answer.content + b"\0") if is_file and answer.status == 200 else answer


def _takes_texts(request: Request, memory: Memory) -> Request:
    """What is no image is kept as one."""
    return replace(request, body=request.body.replace(TEXT.data, PNG.data))


DEFECTS = (
    Defect("n-ignored", "one result, whatever n says", ("as-many-as-ordered",), _one_result),
    Defect("result-404", "result URLs lead nowhere", ("result-is-served",), _missing),
    Defect("result-needs-key", "results need the key", ("result-is-served",), _key_wanted),
    Defect("result-square", "every image is square", ("result-is-the-image",), _square),
    Defect("result-cut", "result files are cut short", ("result-is-the-image",), _no_image),
    Defect(
        "result-untyped", "results are octet streams", ("documented-media-type",), _type_of_bytes
    ),
    Defect(
        "url-missing",
        "there is no url at the top",
        ("url-on-top",),
        _url_differs,
        profiles=("reference",),
    ),
    Defect("result-for-ever", "expired results are served", ("results-expire",), _for_ever),
    Defect(
        "upload-type-by-name",
        "uploads have the type of their names",
        ("upload-tells-truth",),
        _by_name,
    ),
    Defect("upload-size-of-form", "the size is the form's", ("upload-tells-truth",), _form_size),
    Defect("upload-changed", "uploads are changed", ("upload-is-kept",), _changed_bytes),
    Defect(
        "upload-takes-texts",
        "texts are kept as images",
        ("invalid-is-refused",),
        before=_takes_texts,
    ),
)
