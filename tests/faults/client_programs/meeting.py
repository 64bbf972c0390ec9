"""Every client meets every fault: each pair in a session, at a port and on a connection of its own.

A port of its own is an origin of its own, so that no client's pool of connections can carry what
one fault left behind into the next.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeAlias

from mock_server import start
from mock_server.core.plan import Plan
from mock_server.edge.runner import Running
from mock_server.edge.sessions import Session
from mock_server.loading.faults import read_faults
from tests.faults.client_programs.jobs import Client, Job, Told
from tests.faults.client_programs.other_clients import with_curl, with_fetch
from tests.faults.client_programs.python_clients import with_aiohttp, with_httpx, with_requests
from tests.faults.client_programs.rows import ROWS, Row

CLIENTS: dict[str, Client] = {
    "httpx": with_httpx,
    "aiohttp": with_aiohttp,
    "requests": with_requests,
    "Node fetch": with_fetch,
    "curl": with_curl,
}
KEY = "sk-table"
# How long a client waits where the server falls silent, and where it must not matter.
SHORT_SECONDS, LONG_SECONDS = 2.0, 120.0

Cells: TypeAlias = dict[tuple[str, str], str]
"""What was seen, by fault and client."""


def seen(rows: Sequence[Row] = ROWS) -> Cells:
    """What each client makes of each fault, in a few words."""
    with start(ports=len(rows) * len(CLIENTS)) as mock:
        return asyncio.run(_seen(mock, rows))


async def _seen(mock: Running, rows: Sequence[Row]) -> Cells:
    cells: Cells = {}
    # The silent ones come last and by themselves, when nothing else keeps the machine busy.
    for silent in (False, True):
        group = [row for row in rows if row.silent is silent]
        meetings = [_meet(mock, name, client, group) for name, client in CLIENTS.items()]
        for part in await asyncio.gather(*meetings):
            cells.update(part)
    return cells


async def _meet(mock: Running, name: str, client: Client, rows: Sequence[Row]) -> Cells:
    sessions = [_session(mock, row) for row in rows]
    jobs = [_job(row, session) for row, session in zip(rows, sessions, strict=True)]
    told = await client(jobs)
    met = zip(rows, sessions, told, strict=True)
    return {(row.fault, name): _words(session, one) for row, session, one in met}


def _session(mock: Running, row: Row) -> Session:
    plan = Plan({"submit": read_faults(row.fault, "$")})
    scenario = replace(mock.mock.scenario, plan=plan)
    return mock.mock.create_session(scenario=scenario, keys=(KEY,), port=True)


def _job(row: Row, session: Session) -> Job:
    patience = SHORT_SECONDS if row.silent else LONG_SECONDS
    return Job(f"http://127.0.0.1:{session.port}/v1/images/generations", KEY, patience)


def _words(session: Session, told: Told) -> str:
    """What the client told, after the calls that it made on its own account."""
    first, *others = session.world.journal
    assert first.fault is not None, "the first call must be the one that the fault struck"
    made = []
    for entry in others:
        key = "with" if any(name == b"authorization" for name, _ in entry.headers) else "without"
        made.append(f"{entry.method} {key} key")
    return ": ".join([*made, told.words])
