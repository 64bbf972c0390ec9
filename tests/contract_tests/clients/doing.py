"""Giving jobs to clients that are processes, and looking for what they left behind."""

import asyncio
import time
from pathlib import Path
from typing import Any

from contract_tests.clients.client import Client
from contract_tests.clients.command import CommandClient
from contract_tests.outcome import Job
from contract_tests.trace import Done
from mock_server.core.client_plan import Stop, StopBy

# How long a client may take that is to end: it decides only when a hang is reported.
PATIENCE = 60.0
# Nobody listens there: port 1 is nobody's.
NOWHERE = "http://127.0.0.1:1/v1"
KEY = "sk-canary0123456789"


def job(**changes: Any) -> Job:
    """A job for clients that need no mock."""
    return Job(**{"base_url": NOWHERE, "api_key": KEY, "prompt": "A red fox", **changes})


def bash(script: str, **options: Any) -> CommandClient:
    """A client that is a line of bash; ``$1`` is the base URL and ``$2`` the key."""
    return CommandClient(["bash", "-c", script, "client", "{base_url}", "{api_key}"], **options)


def done(client: Client, one: Job | None = None, limit: float = PATIENCE) -> Done:
    """What came of one job."""
    return asyncio.run(client.do(one or job(), time.time, None, limit))


def signalled(client: Client, after: float = 0.0, one: Job | None = None) -> Done:
    """What came of one job whose client was told to stop."""
    stop = Stop(StopBy.SIGNAL, after)
    return asyncio.run(client.do(one or job(), time.time, stop, PATIENCE))


def living(numbers: Path) -> list[int]:
    """Those of the processes named in a file that still run."""
    assert numbers.read_text("ascii").split(), "no process was named"
    return [pid for pid in map(int, numbers.read_text("ascii").split()) if _lives(pid)]


def _lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except OSError:
        return False
    return state[0] not in "ZX"
