"""Traces as the tests of the checks need them, made of as little as each check looks at."""

import json
from typing import Any

from mock_server.core.contract import Backoff, Polling
from mock_server.core.exchange import Exchange
from mock_server.core.finding import Finding
from mock_server.core.lifecycle import Phase
from mock_server.core.trace import Trace
from mock_server.core.verification import read_check

# Where epoch seconds lie today: what floats lose shows at this size.
START = 1_800_000_000.0
KEY, OTHER_KEY = "ann's", "bob's"
POLLING = Polling(initial=5, interval=5, ceiling=10, max_wait=120, floor=1)
BACKOFF = Backoff((1, 2, 4), jitter=True, cap=60, retries_at_least=3, retries_at_most=4)
SUBMIT = "/v1/images/generations"


def submit(number: int, at: float, prompt: object = "a cat", **facts: Any) -> Exchange:
    """A submit that makes task ``t1`` unless the facts say otherwise; ``at`` is from the start."""
    body = json.dumps({"model": "gpt-4o-image", "prompt": prompt}).encode()
    usual: dict[str, Any] = {
        "operation": "submit",
        "method": "POST",
        "path": SUBMIT,
        "key": KEY,
        "body": body,
        "digest": body,
    }
    if facts.get("status", 200) == 200:
        usual |= {"task": "t1", "phase": Phase.QUEUED, "created": True}
    return Exchange(number, START + at, **{**usual, **facts})


def refused(number: int, at: float, status: int | None = 429, **facts: Any) -> Exchange:
    """A submit that was turned down."""
    return submit(number, at, status=status, **facts)


def poll(number: int, at: float, phase: Phase = Phase.RUNNING, **facts: Any) -> Exchange:
    """A poll of task ``t1`` that sees this phase, unless the facts say otherwise."""
    task = facts.get("task", "t1")
    usual: dict[str, Any] = {
        "operation": "status",
        "path": f"{SUBMIT}/{task}",
        "key": KEY,
        "task": task,
    }
    if facts.get("status", 200) == 200:
        usual["phase"] = phase
    return Exchange(number, START + at, **{**usual, **facts})


def after(seconds: object) -> dict[str, Any]:
    """The header fields of a reply that asks to wait."""
    return {"reply_headers": ((b"retry-after", str(seconds).encode()),)}


def trace(*exchanges: Exchange, dropped: int = 0, taken: float | None = None) -> Trace:
    """A trace of these calls; ``taken`` is from the start."""
    last = max((one.started for one in exchanges), default=START)
    end = last if taken is None else START + taken
    return Trace(exchanges, POLLING, BACKOFF, end, dropped)


def judged(expectation: dict[str, Any], *exchanges: Exchange, **facts: Any) -> Finding:
    """What a trace of these calls says of an expectation."""
    return read_check(expectation).judge(trace(*exchanges, **facts))
