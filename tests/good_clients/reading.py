"""Reading replies without trusting them."""

import json
from email.utils import parsedate_to_datetime
from typing import Any

from tests.good_clients.steps import Reply


def json_object(reply: Reply) -> dict[str, Any] | None:
    """The JSON object in a reply, None where there is none."""
    try:
        value = json.loads(reply.content)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def error_of(reply: Reply) -> tuple[str | int | None, str]:
    """Code and message of an error; words of our own where the server has none."""
    body = json_object(reply) or {}
    error = body.get("error")
    found: dict[str, Any] = error if isinstance(error, dict) else body
    code, message = found.get("code"), found.get("message")
    known = code if isinstance(code, (str, int)) and not isinstance(code, bool) else None
    return known, message if isinstance(message, str) and message else "no message"


def result_urls(body: dict[str, Any]) -> tuple[str, ...]:
    """The URLs of a task's results, as far as there are any."""
    result = body.get("result")
    data = result.get("data") if isinstance(result, dict) else None
    items = data if isinstance(data, list) else []
    urls = (item.get("url") for item in items if isinstance(item, dict))
    return tuple(url for url in urls if isinstance(url, str) and url)


def asked_to_wait(reply: Reply, most: float, now: float) -> float | None:
    """Seconds that Retry-After asks for, a number or a date; None for nonsense and for too much."""
    text = reply.headers.get("retry-after", "").strip()
    seconds = float(text) if text.isascii() and text.isdigit() else _until(text, now)
    return seconds if 0 < seconds <= most else None


def _until(text: str, now: float) -> float:
    try:
        return parsedate_to_datetime(text).timestamp() - now
    except (ValueError, OverflowError):
        return 0.0
