"""Defects in what is accepted and what is refused."""

import json
from dataclasses import replace
from typing import Any

from tests.contract_tests.server.defects.defect import NEWER, Answer, Defect, Memory, Request

_ERROR = {"code": "internal_error", "message": "Internal server error", "type": "server_error"}
_REFERENCES = ("reference_images", "image_urls")


def _failed() -> Answer:
    content = json.dumps({"error": _ERROR}).encode()
    fields = (("content-type", "application/json"), ("content-length", str(len(content))))
    return Answer(500, fields, content)


def _references(order: dict[str, Any]) -> int:
    lists = [order.get(name) for name in _REFERENCES]
    return max(len(one) if isinstance(one, list) else 0 for one in lists)


def _emoji(request: Request, memory: Memory) -> Request | Answer:
    prompt = request.order.get("prompt")
    is_text = request.operation == "submit" and isinstance(prompt, str)
    return _failed() if is_text and any(c > "\uffff" for c in str(prompt)) else request


def _full_order(request: Request, memory: Memory) -> Request | Answer:
    order = request.order
    if request.operation != "submit" or order.get("n") != 4:
        return request
    return _failed() if _references(order) == 5 else request


def _changed(request: Request, order: dict[str, Any]) -> Request:
    return replace(request, body=json.dumps(order).encode())


def _any_size(request: Request, memory: Memory) -> Request | Answer:
    order = request.order
    if request.operation == "submit" and isinstance(order.get("size"), str):
        return _changed(request, {**order, "size": "1:1"})
    return request


def _text_number(request: Request, memory: Memory) -> Request | Answer:
    order = request.order
    if request.operation == "submit" and order.get("n") == "2":
        return _changed(request, {**order, "n": 2})
    return request


def _five(request: Request, memory: Memory) -> Request | Answer:
    order = request.order
    if request.operation == "submit" and order.get("n") == 5:
        return _changed(request, {**order, "n": 4})
    return request


def _long_prompt(request: Request, memory: Memory) -> Request | Answer:
    order = request.order
    prompt = order.get("prompt")
    if request.operation == "submit" and isinstance(prompt, str) and len(prompt) == 1001:
        return _changed(request, {**order, "prompt": prompt[:1000]})
    return request


def _short_limit(request: Request, memory: Memory) -> Request | Answer:
    order = request.order
    prompt = order.get("prompt")
    if request.operation == "submit" and isinstance(prompt, str) and len(prompt) == 1000:
        return _changed(request, {**order, "prompt": prompt + "x"})
    return request


def _six_references(request: Request, memory: Memory) -> Request | Answer:
    order = request.order
    if request.operation != "submit" or _references(order) != 6:
        return request
    return _changed(request, {k: v[:5] if isinstance(v, list) else v for k, v in order.items()})


def _no_prompt(request: Request, memory: Memory) -> Request | Answer:
    order = request.order
    if request.operation == "submit" and order.get("model") and "prompt" not in order:
        return _changed(request, {**order, "prompt": "untitled"})
    return request


def _refuses_landscape(request: Request, memory: Memory) -> Request | Answer:
    order = request.order
    if request.operation == "submit" and order.get("size") == "3:2":
        return _changed(request, {**order, "size": "3:2 "})
    return request


def _method_404(request: Request, answer: Answer, memory: Memory) -> Answer:
    return replace(answer, status=404) if answer.status == 405 else answer


def _path_200(request: Request, answer: Answer, memory: Memory) -> Answer:
    return replace(answer, status=200) if request.path.startswith("/v1/v1/") else answer


def _text_200(request: Request, answer: Answer, memory: Memory) -> Answer:
    if request.path != "/v1/chat/completions" or answer.status != 500:
        return answer
    return replace(answer, status=400)


def _no_cors(request: Request, answer: Answer, memory: Memory) -> Answer:
    return answer.without("access-control-allow-origin")


def _no_preflight(request: Request, answer: Answer, memory: Memory) -> Answer:
    return replace(answer, status=405) if request.method == "OPTIONS" else answer


def _cut(request: Request, answer: Answer, memory: Memory) -> Answer:
    return replace(answer, is_cut=request.operation == "models" and "type=all" in request.query)


DEFECTS = (
    Defect("emoji-500", "an emoji makes the server fail", ("valid-is-accepted",), before=_emoji),
    Defect(
        "full-order-500",
        "four images with five references make the server fail",
        ("valid-is-accepted",),
        before=_full_order,
    ),
    Defect("reply-cut", "the list of all models is cut", ("always-answers",), _cut),
    Defect("any-size", "any size is accepted", ("invalid-is-refused",), before=_any_size),
    Defect("number-as-text", "n may be the text 2", ("invalid-is-refused",), before=_text_number),
    Defect("one-image-more", "n may be 5", ("invalid-is-refused",), before=_five),
    Defect(
        "prompt-one-longer",
        "a prompt may have one character more than documented",
        ("invalid-is-refused",),
        before=_long_prompt,
        profiles=NEWER,
    ),
    Defect(
        "prompt-one-shorter",
        "the longest documented prompt is refused",
        ("valid-is-accepted",),
        before=_short_limit,
        profiles=NEWER,
    ),
    Defect(
        "six-references",
        "six references are accepted",
        ("invalid-is-refused",),
        before=_six_references,
    ),
    Defect(
        "prompt-optional", "an order needs no prompt", ("invalid-is-refused",), before=_no_prompt
    ),
    Defect(
        "no-landscape",
        "a documented size is refused",
        ("valid-is-accepted",),
        before=_refuses_landscape,
    ),
    Defect("method-404", "a wrong method gets 404", ("wrong-method-refused",), _method_404),
    Defect("doubled-v1-200", "a doubled /v1 is answered 200", ("unknown-path-refused",), _path_200),
    Defect(
        "wrong-endpoint-400",
        "an image model as text gets 400",
        ("wrong-endpoint-refused",),
        _text_200,
    ),
    Defect("cors-missing", "pages may not read replies", ("browsers-may-call",), _no_cors),
    Defect("preflight-405", "preflights are refused", ("browsers-may-call",), _no_preflight),
)
