"""A long-lived client that does what it is told, and ways of giving it jobs."""

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

from contract_tests.clients.json_lines import JsonLinesClient
from contract_tests.outcome import Outcome
from contract_tests.trace import Done
from tests.contract_tests.clients.doing import PATIENCE, job

PROGRAM = Path(__file__).with_name("json_lines_client.py")
COMMAND = [sys.executable, "-S", "-I", str(PROGRAM)]

T = TypeVar("T")


def client(*, ready: dict[str, Any] | None = None, **options: Any) -> JsonLinesClient:
    env = {} if ready is None else {"READY": json.dumps(ready)}
    return JsonLinesClient(COMMAND, env={**env, **options.pop("env", {})}, **options)


def with_begun(subject: JsonLinesClient, use: Callable[[JsonLinesClient], Awaitable[T]]) -> T:
    """What comes of using a client between its begin and its end."""

    async def run() -> T:
        try:
            await subject.begin()
            return await use(subject)
        finally:
            await subject.end()

    return asyncio.run(run())


async def do(subject: JsonLinesClient, prompt: str, limit: float = PATIENCE, **job_: Any) -> Done:
    return await subject.do(job(prompt=prompt, **job_), time.time, None, limit)


def all_done(subject: JsonLinesClient, *prompts: str, **options: Any) -> list[Done]:
    """What came of jobs that were given one after the other."""

    async def use(begun: JsonLinesClient) -> list[Done]:
        return [await do(begun, prompt, **options) for prompt in prompts]

    return with_begun(subject, use)


def outcome(found: Done) -> Outcome:
    assert found.outcome is not None
    return found.outcome
