"""The careful client over aiohttp as a long-lived process that reads its jobs in lines of JSON.

The first argument says how many jobs it does at once: 8, if nothing is said.
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from contract_tests import Job, Outcome
from tests.good_clients.async_aiohttp import AsyncAiohttp
from tests.good_clients.careful import Careful

AT_ONCE = int(sys.argv[1]) if len(sys.argv) > 1 else 8
READY = {
    "type": "ready",
    "name": "careful, long-lived",
    "abilities": ["parallel", "cancels", "downloads", "progress"],
    "most_at_once": AT_ONCE,
    "gives_up_after": 120,
}


class Prompt(Careful):
    """Asks as soon as it may: of its pauses hardly any is chance."""

    spread = 0.15
    interval_spread = 0.2


client = AsyncAiohttp(Prompt, at_once=AT_ONCE)


def say(**message: Any) -> None:
    """Print one line."""
    print(json.dumps(message), flush=True)


def job_of(message: dict[str, Any]) -> Job:
    """The job that a message tells."""
    told = message["job"]
    out_dir = told["out_dir"]
    return Job(
        base_url=message["base_url"],
        api_key=message["api_key"],
        prompt=told["prompt"],
        size=told["size"],
        n=told["n"],
        references=tuple(told["references"]),
        mask=told["mask"],
        model=told["model"],
        out_dir=None if out_dir is None else Path(out_dir),
        id=message["id"],
    )


def told(outcome: Outcome) -> dict[str, Any]:
    """An outcome as the result of a job has it."""
    value = {
        "status": outcome.status.value,
        "task_id": outcome.task_id,
        "urls": list(outcome.urls),
        "code": outcome.code,
        "message": outcome.message,
    }
    return {name: one for name, one in value.items() if one is not None}


async def run(message: dict[str, Any]) -> None:
    """Do one job and say how it ended."""
    name = message["id"]
    try:
        outcome = told(
            await client(
                job_of(message), lambda percent: say(type="progress", id=name, progress=percent)
            )
        )
    except asyncio.CancelledError:
        outcome = {"status": "cancelled"}
    say(type="result", id=name, outcome=outcome)


async def main() -> None:
    """Read messages until the end."""
    jobs: dict[str, asyncio.Task[None]] = {}
    while line := await asyncio.to_thread(sys.stdin.readline):
        message = json.loads(line)
        match message["type"]:
            case "start":
                say(**READY)
            case "run":
                jobs[message["id"]] = asyncio.create_task(run(message))
            case "cancel":
                jobs[message["id"]].cancel()
            case "stop":
                return


if __name__ == "__main__":
    asyncio.run(main())
