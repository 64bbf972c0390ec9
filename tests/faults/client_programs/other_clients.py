"""The clients that are programs of their own: Node's fetch and curl."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path

from tests.faults.client_programs.jobs import BODY, Job, Told

_FETCH = Path(__file__).with_name("fetch.mjs")


async def with_fetch(jobs: Sequence[Job]) -> list[Told]:
    """``fetch`` with ``AbortSignal.timeout()``: one Node process for all jobs."""
    wishes = [{**job._asdict(), "body": BODY} for job in jobs]
    text, _ = await _run(["node", str(_FETCH)], json.dumps(wishes).encode())
    return [Told(**told) for told in json.loads(text)]


async def with_curl(jobs: Sequence[Job]) -> list[Told]:
    """``curl --compressed --max-time``: a process for each job.

    What it writes is read as JSON here, as the next program in a pipe would read it.
    """
    return await asyncio.gather(*map(_curl, jobs))


async def _curl(job: Job) -> Told:
    fields = {**job.headers, "Content-Type": "application/json"}
    # --disable: what some machine's .curlrc says is of no interest.
    command = ["curl", "--disable", "--silent", "--noproxy", "*", "--compressed"]
    command += ["--max-time", f"{job.patience:g}", "--data", json.dumps(BODY)]
    for name, value in fields.items():
        command += ["--header", f"{name}: {value}"]
    command += ["--write-out", "%{stderr}%{http_code} %{exitcode}", job.url]
    content, numbers = await _run(command)
    status, code = (int(number) for number in numbers.split())
    return _told(status or None, code, content)


def _told(status: int | None, code: int, content: bytes) -> Told:
    if code:
        return Told(status, f"exit {code}")
    try:
        return Told(status, value=json.loads(content))
    except ValueError:
        return Told(status, "no JSON")


async def _run(command: list[str], given: bytes = b"") -> tuple[bytes, bytes]:
    """What a program writes to both of its streams; how it ends is for the caller to judge."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=pipe)
    return await process.communicate(given)
