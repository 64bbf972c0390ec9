"""Short traces, written down call by call, by which rules show what they mean.

Times count from the start of the trace. The words and numbers are a small made-up API's, so that
no rule leans on one vendor's.
"""

import json
from typing import Any

from contract_tests.outcome import Job, Outcome, OutcomeStatus
from contract_tests.terms import Terms
from contract_tests.trace import Ability, Calls, Done, Exchange, Trace
from mock_server.core.contract import Backoff, FieldNames, Polling, Words
from mock_server.core.keys import owner_of
from mock_server.core.lifecycle import Phase
from mock_server.core.refusal import Problem
from mock_server.core.routes import Route, Routes
from mock_server.core.scenario import Scenario
from mock_server.core.script import Headers

# Where epoch seconds lie today: what floats lose shows at this size.
START = 1_800_000_000.0
ORIGIN, ELSEWHERE = "http://127.0.0.1:8080", "http://127.0.0.2:8080"
KEY = "sk-sample0123456789abcdefghijklmnopqrstuvwxyz012345"
SUBMIT = "/v1/images/generations"
RESULT = f"{ORIGIN}/generated/1800000010_0a1b2c3d.png?expires=1800086410&signature=ab%2Fc"
PROMPT = "a cat"

POLLING = Polling(initial=5, interval=5, ceiling=10, max_wait=120, floor=1)
BACKOFF = Backoff((1, 2, 4), jitter=True, cap=60, retries_at_least=3, retries_at_most=10)
EVERYTHING = frozenset(Ability)
_JSON = ((b"content-type", b"application/json"),)


def _explain(body: object) -> tuple[Problem, ...]:
    if not isinstance(body, dict) or "prompt" not in body:
        return (Problem(("prompt",), "required", "The 'prompt' field is required."),)
    if body.get("n", 1) not in (1, 2, 3, 4):
        return (Problem(("n",), "maximum", "The 'n' field must be at most 4."),)
    return ()


TERMS = Terms(
    profile="sample",
    words=Words(
        "queued",
        {
            Phase.QUEUED: "queued",
            Phase.RUNNING: "running",
            Phase.SUCCEEDED: "succeeded",
            Phase.FAILED: "failed",
        },
    ),
    fields=FieldNames(("prompt",), ("n",), ("reference_images",), ("mask_url",)),
    routes=Routes(
        [
            Route("submit", "POST", SUBMIT, content_types=("application/json",)),
            Route("status", "GET", f"{SUBMIT}/{{id}}"),
            Route("upload", "POST", "/v1/uploads/images", content_types=("multipart/form-data",)),
            Route("result", "GET", "/generated/{file}", auth=False),
        ]
    ),
    default_model="sample-image",
    explain=_explain,
    models={"sample-image": _explain},
    task_members=frozenset({"id", "status", "progress", "result", "error"}),
    harmless=frozenset({(503, "limiter_unavailable")}),
)


def submit(number: int, at: float, body: object = None, **facts: Any) -> Exchange:
    """A submit that makes task ``t1``, unless the facts say otherwise."""
    order = {"model": "sample-image", "prompt": PROMPT} if body is None else body
    sent = json.dumps(order, ensure_ascii=False).encode("utf-8", "surrogatepass")
    usual: dict[str, Any] = {
        "operation": "submit",
        "method": "POST",
        "path": SUBMIT,
        "body": sent,
        "digest": sent,
        "headers": (*_JSON, *authorized()),
    }
    if facts.get("status", 200) == 200:
        task = facts.get("task", "t1")
        usual |= {"task": task, "phase": Phase.QUEUED, "created": True}
        usual["content"] = _text({"id": task, "status": "queued", "progress": 0})
    return _exchange(number, at, usual, facts)


def refused(number: int, at: float, status: int | None = 429, **facts: Any) -> Exchange:
    """A submit that was turned down."""
    content = error("rate_limit_exceeded" if status == 429 else f"e{status}")
    return submit(
        number,
        at,
        **{"status": status, "content": content, "fault": str(status), "moment": "before", **facts},
    )


def poll(number: int, at: float, phase: Phase = Phase.RUNNING, **facts: Any) -> Exchange:
    """A poll of task ``t1`` that sees this phase, unless the facts say otherwise."""
    task = facts.get("task", "t1")
    usual: dict[str, Any] = {
        "operation": "status",
        "path": f"{SUBMIT}/{task}",
        "task": task,
        "headers": authorized(),
    }
    if facts.get("status", 200) == 200:
        usual["phase"] = phase
        usual["content"] = task_text(phase, task)
    return _exchange(number, at, usual, facts)


def download(number: int, at: float, **facts: Any) -> Exchange:
    """A fetch of the result of task ``t1``."""
    path, _, query = RESULT.removeprefix(ORIGIN).partition("?")
    usual: dict[str, Any] = {
        "operation": "result",
        "path": path,
        "query": query,
        "task": "t1",
        "phase": Phase.SUCCEEDED,
        "key": "",
    }
    return _exchange(number, at, usual, facts)


def _exchange(number: int, at: float, usual: dict[str, Any], facts: dict[str, Any]) -> Exchange:
    ended = START + at + facts.get("total_wait", 0.0)
    known = {
        "key": owner_of(f"Bearer {KEY}"),
        "base": ORIGIN,
        "reply_headers": _JSON,
        "connection": "127.0.0.1:50000",
        "ended": ended,
    }
    return Exchange(number, START + at, **{**known, **usual, **facts})


def task_text(phase: Phase, task: str = "t1", **members: Any) -> bytes:
    """The content of a status reply; a task that succeeded has one result, :data:`RESULT`."""
    value: dict[str, Any] = {"id": task, "status": phase.value, "progress": 50}
    if phase is Phase.SUCCEEDED:
        value |= {"progress": 100, "result": {"type": "image", "data": [{"url": RESULT}]}}
    if phase is Phase.FAILED:
        value |= {"progress": 0, "error": {"code": "generation_failed", "message": "no luck"}}
    return _text({**value, **members})


def error(code: str, message: str = "in plain words") -> bytes:
    """The content of a refusal."""
    return _text({"error": {"code": code, "message": message, "type": "some_error"}})


def authorized(key: str = KEY) -> Headers:
    """The header field that carries a key, as the journal shows it."""
    return ((b"authorization", f"Bearer sk-...{key[-4:]}".encode()),)


def after(seconds: object) -> dict[str, Any]:
    """The header fields of a reply that asks to wait."""
    return {"reply_headers": (*_JSON, (b"retry-after", str(seconds).encode()))}


def job(**facts: Any) -> Job:
    """A job for one image of a cat."""
    return Job(**{"base_url": f"{ORIGIN}/v1", "api_key": KEY, "prompt": PROMPT, **facts})


def succeeded(*urls: str, **facts: Any) -> Outcome:
    """What a caller is told of a task that succeeded, by default with :data:`RESULT`."""
    return Outcome(OutcomeStatus.SUCCEEDED, "t1", urls or (RESULT,), **facts)


def failed(code: str | int | None = None, message: str | None = None, **facts: Any) -> Outcome:
    """What a caller is told of a failure."""
    return Outcome(OutcomeStatus.FAILED, code=code, message=message, **facts)


def unknown(**facts: Any) -> Outcome:
    """What a caller is told where nobody knows whether there is a task."""
    return Outcome(OutcomeStatus.UNKNOWN, **facts)


def done(outcome: Outcome | None, until: float = 10.0, **facts: Any) -> Done:
    """One job from the start of the trace, and how it ended."""
    usual: dict[str, Any] = {"job": job(), "started": START, "ended": START + until}
    return Done(outcome=outcome, **{**usual, **facts})


def trace(*exchanges: Exchange, taken: float | None = None, **facts: Any) -> Trace:
    """A trace of these calls by a client that can do everything; ``taken`` is from the start."""
    last = max((one.started for one in exchanges), default=START)
    end = last if taken is None else START + taken
    calls = Calls(exchanges, POLLING, BACKOFF, end, facts.pop("dropped", 0))
    usual: dict[str, Any] = {
        "scenario": Scenario(),
        "terms": TERMS,
        "origin": ORIGIN,
        "abilities": EVERYTHING,
    }
    outcomes = [facts.pop("outcome")] if "outcome" in facts else []
    usual["jobs"] = tuple(done(one, end - START) for one in outcomes)
    return Trace(calls=calls, **{**usual, **facts})


def _text(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
