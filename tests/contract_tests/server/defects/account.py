"""Defects of the account and of limits."""

from dataclasses import replace
from typing import Any

from tests.contract_tests.server.defects.defect import NEWER, Answer, Defect, Memory, Request


def _owner(request: Request) -> str:
    return request.headers.get("authorization", "")


def _charging(answer: Answer, credits: float) -> Answer:
    """A balance from which that much more has gone."""
    value: dict[str, Any] = answer.value
    rate = value["credits_per_usd"]
    changes = {
        "remain_credits": value["remain_credits"] - credits,
        "used_credits": value["used_credits"] + credits,
        "remain_balance": value["remain_balance"] - credits / rate,
        "used_balance": value["used_balance"] + credits / rate,
    }
    return answer.saying({**value, **changes})


def _is_balance(request: Request, answer: Answer) -> bool:
    return request.operation == "balance" and answer.status == 200 and request.method == "GET"


def _billed_refusals(request: Request, answer: Answer, memory: Memory) -> Answer:
    if request.operation == "submit" and answer.status == 400 and request.order.get("prompt"):
        memory.count(_owner(request))
    if _is_balance(request, answer):
        return _charging(answer, 10 * memory.counts.get(_owner(request), 0))
    return answer


def _billed_by_order(request: Request, answer: Answer, memory: Memory) -> Answer:
    """Every order costs as much as one image."""
    if request.operation == "submit" and answer.status == 200:
        more = int(request.order.get("n", 1)) - 1
        memory.counts[_owner(request)] = memory.counts.get(_owner(request), 0) + more
    if _is_balance(request, answer):
        return _charging(answer, -10 * memory.counts.get(_owner(request), 0))
    return answer


def _free(request: Request, answer: Answer, memory: Memory) -> Answer:
    if not _is_balance(request, answer):
        return answer
    return _charging(answer, -answer.value["used_credits"])


def _kept(request: Request, answer: Answer, memory: Memory) -> Answer:
    """What failed is paid for all the same."""
    if request.operation == "status" and answer.value.get("status") == "failed":
        memory.values[f"{_owner(request)} {request.task}"] = True
    if _is_balance(request, answer):
        kept = sum(name.startswith(_owner(request)) for name in memory.values)
        return _charging(answer, 10 * kept)
    return answer


def _ghost(request: Request, answer: Answer, memory: Memory) -> Answer:
    """A refused order leaves a task behind."""
    own = request.order.get("client_business_id")
    if request.operation == "submit" and answer.status == 400 and isinstance(own, str):
        memory.values[own] = True
    if request.operation != "status" or request.task not in memory.values:
        return answer
    if answer.status == 200:
        return answer
    task = {
        "id": "task_img_0123456789ab",
        "object": "generation.task",
        "model": "gpt-4o-image",
        "status": "queued",
        "progress": 0,
        "created_at": 1_700_000_000,
        "client_business_id": request.task,
    }
    return replace(answer.saying(task), status=200)


def _unlisted(request: Request, answer: Answer, memory: Memory) -> Answer:
    if request.operation != "models" or answer.status != 200 or request.method != "GET":
        return answer
    value = answer.value
    rows = [row for row in value["data"] if row["id"] != "gpt-4o-image"]
    return answer.saying({**value, "data": rows})


def _no_countdown(request: Request, answer: Answer, memory: Memory) -> Answer:
    limit = answer.header("x-ratelimit-limit")
    return answer.having("x-ratelimit-remaining", limit) if limit else answer


def _no_retry_after(request: Request, answer: Answer, memory: Memory) -> Answer:
    return answer.without("retry-after")


def _too_early(request: Request, answer: Answer, memory: Memory) -> Answer:
    """The time that is asked for is not enough."""
    return answer.having("retry-after", "1") if answer.header("retry-after") else answer


DEFECTS = (
    Defect("refusal-billed", "refused orders are paid for", ("refused-is-free",), _billed_refusals),
    Defect("billed-by-order", "n images cost as one", ("paid-by-number",), _billed_by_order),
    Defect("never-billed", "nothing is ever paid for", ("paid-by-number",), _free),
    Defect("failure-billed", "failed tasks are paid for", ("failed-is-refunded",), _kept),
    Defect(
        "refusal-created",
        "refused orders leave a task behind",
        ("refused-creates-nothing",),
        _ghost,
        profiles=NEWER,
    ),
    Defect("model-unlisted", "the model is not listed", ("model-is-listed",), _unlisted),
    Defect("limit-stands-still", "remaining does not fall", ("limit-fields-count",), _no_countdown),
    Defect(
        "retry-after-missing", "a 429 has no Retry-After", ("retry-after-told",), _no_retry_after
    ),
    Defect(
        "retry-after-too-short", "Retry-After is too short", ("retry-after-is-enough",), _too_early
    ),
)
