"""Many clients at once in many sessions, faults of all kinds: nothing is lost, nothing is mixed up.

Every call carries a tag that tells its session, its client and its number with that client.
"""

import asyncio
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx
import pytest

from mock_server import start
from mock_server.core.journal import Entry
from mock_server.core.world import Bounds, World
from mock_server.edge.runner import Running
from tests.edge.many_callers import Heard, Line

STORY = {
    "title": "Everything goes wrong",
    "why": "What the mock does on purpose must stay apart from what it does by mistake.",
    "timeline": [
        {"phase": "queued"},
        {"phase": "running", "polls": 1, "progress": 50},
        {"phase": "succeeded", "polls": 2, "seconds": 5},
    ],
    "chaos": {
        "submit": {"lost_reply": 0.05, "500(after)": 0.03, "fields(drop=metadata)": 0.03},
        "status": {"gzip(cut)": 0.03, "cut": 0.05, "wrong_length(-3)": 0.02},
        "any": {
            "429(retry_after=1)": 0.05,
            "503": 0.05,
            "html": 0.03,
            "reset": 0.03,
            "close": 0.02,
            "close(headers)": 0.02,
            "broken_chunk": 0.03,
            "not_http": 0.02,
            "drip(5000)": 0.03,
            "stall(3)": 0.02,
            "delay(low=0.1, high=2)": 0.05,
        },
    },
}


@dataclass
class Tenant:
    """A session as its clients know it.

    ``heard`` has for each tag the mark of the fault on its reply (``""``: a reply without a mark,
    None: no whole reply); ``left`` are the tags of calls whose reply nobody waited for.
    """

    name: str
    base: str
    key: str
    heard: dict[str, str | None] = field(default_factory=dict)
    left: set[str] = field(default_factory=set)
    tasks: list[str] = field(default_factory=list)

    @property
    def sent(self) -> int:
        """How many calls its clients have made."""
        return len(self.heard) + len(self.left)


@dataclass
class Client:
    """One client of a session; it does one thing after the other."""

    tenant: Tenant
    others: list[Tenant]
    number: int

    async def live(self, goes_on: Callable[[int], bool]) -> None:
        """Call as long as that says, given the number of calls so far."""
        async with Line(self.tenant.base, self.tenant.key) as line:
            number = 0
            while goes_on(number):
                number += 1
                await self._act(line, f"{self.tenant.name}.{self.number}.{number}", number)

    async def _act(self, line: Line, tag: str, number: int) -> None:
        mine, foreign = self.tenant.tasks, self.others[number % len(self.others)].tasks
        match number % 8:
            case 1 | 5:
                await self._submit(line, tag)
            case 2 | 3 | 6 if mine:
                await self._status(line, tag, mine[-1])
            case 4 if foreign:
                self._note(tag, await line.status(foreign[-1], x_soak=tag), 404)
            case 7:
                await line.leave("GET", "/v1/models", x_soak=tag)
                self.tenant.left.add(tag)
            case _:
                self._note(tag, await line.ask("GET", "/v1/balance", x_soak=tag), 200)

    async def _submit(self, line: Line, tag: str) -> None:
        heard = self._note(tag, await line.submit(tag, x_soak=tag), 200)
        if heard is not None:
            self.tenant.tasks.append(heard.json["id"])

    async def _status(self, line: Line, tag: str, task: str) -> None:
        heard = self._note(tag, await line.status(task, x_soak=tag), 200)
        assert heard is None or heard.json["id"] == task

    def _note(self, tag: str, heard: Heard | None, expected: int) -> Heard | None:
        """Note a reply; the same if no fault has struck it, for then it must be as expected."""
        mark = None if heard is None else heard.fault or ""
        self.tenant.heard[tag] = mark
        if heard is None or mark:
            return None
        assert heard.status == expected, (tag, heard)
        return heard


def tenants_of(mock: Running, how_many: int) -> list[Tenant]:
    """New sessions, reached by their prefix, by a port of their own, and by their key, in turn."""
    found = []
    for number in range(how_many):
        wish = {"name": f"t{number}", "scenario": STORY, "seed": number, "speed": 100}
        way = number % 3
        reply = httpx.post(f"{mock.url}/_mock/sessions", json={**wish, "port": way == 1})
        session = reply.raise_for_status().json()
        base = (session["url"], session["port_url"], mock.url)[way]
        found.append(Tenant(f"t{number}", base, session["api_key"]))
    return found


def clients_of(tenants: list[Tenant], how_many: int) -> list[Client]:
    """Clients of these sessions: half of them crowd into the first one."""
    found = []
    for number in range(how_many):
        tenant = tenants[0 if number % 2 else number // 2 % len(tenants)]
        others = [other for other in tenants if other is not tenant]
        found.append(Client(tenant, others, number))
    return found


async def live_all(clients: list[Client], calls: int, seconds: float) -> None:
    """Let all clients live at once, each for so many calls and at least for so long."""
    end = time.monotonic() + seconds
    await asyncio.gather(
        *(client.live(lambda n: n < calls or time.monotonic() < end) for client in clients)
    )


async def settle(tenants: list[Tenant], worlds: dict[str, World]) -> None:
    """Let further calls pass in each session until those have been met that nobody waited for."""
    for tenant in tenants:
        async with Line(tenant.base, tenant.key) as line:
            for number in range(1000):
                if worlds[tenant.name].calls == tenant.sent:
                    break
                tag = f"{tenant.name}.settling.{number}"
                heard = await line.ask("GET", "/v1/balance", x_soak=tag)
                tenant.heard[tag] = None if heard is None else heard.fault or ""


def tag_of(entry: Entry) -> str:
    """The tag of a call."""
    return next(value.decode() for name, value in entry.headers if name == b"x-soak")


def check_journal(tenant: Tenant, world: World, bound: int) -> None:
    """Nothing is lost, doubled or foreign, and what was heard is what the journal tells."""
    kept = {tag_of(entry): entry for entry in world.journal}
    assert len(kept) == len(world.journal) == min(bound, tenant.sent)
    assert len(kept) + world.journal.dropped == world.calls == tenant.sent
    assert kept.keys() <= tenant.heard.keys() | tenant.left
    for tag, entry in kept.items():
        told = {""} if entry.fault is None else {None, entry.fault}
        assert tag in tenant.left or tenant.heard[tag] in told, (tag, tenant.heard[tag], entry)
    for task in world.tasks.values():
        assert task.order.prompt.startswith(f"{tenant.name}."), task


def check_order(world: World) -> None:
    """What the journal keeps of each client is the end of its calls, without a gap."""
    numbers: dict[str, list[int]] = {}
    for entry in world.journal:
        client, _, number = tag_of(entry).rpartition(".")
        numbers.setdefault(client, []).append(int(number))
    for client, kept in numbers.items():
        assert kept == list(range(kept[0], kept[0] + len(kept))), client


def allow_files(wanted: int) -> None:
    """Raise this process's limit on open files as far as that is needed and allowed."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, hard), hard))


@pytest.mark.proof
def test_many_clients_with_mixed_faults_lose_nothing_and_share_nothing(
    proof_size: Callable[[int, int], int],
) -> None:
    bound, how_many = proof_size(200, 4_000), proof_size(50, 1_000)
    allow_files(3 * how_many)
    with start(ports=20, bounds=Bounds(journal=bound)) as mock:
        tenants = tenants_of(mock, proof_size(6, 21))
        worlds = {session.name: session.world for session in mock.mock.sessions}
        clients = clients_of(tenants, how_many)
        asyncio.run(live_all(clients, calls=16, seconds=proof_size(0, 60)))
        asyncio.run(settle(tenants, worlds))
        assert list(mock.application.endpoint.bugs) == []
    assert worlds["default"].calls == 0
    assert worlds["t0"].journal.dropped > 0
    for tenant in tenants:
        check_journal(tenant, worlds[tenant.name], bound)
        check_order(worlds[tenant.name])
