"""The ledger of a session: charges, refunds, tokens, balances, and orders that were paid twice."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from starlette.concurrency import run_in_threadpool

from mock_server.core.keys import owner_of
from mock_server.core.ledger import Item
from mock_server.core.masking import mask
from mock_server.core.task import Task
from mock_server.core.world import World
from mock_server.edge.control.action import NOT_FOUND, Action, Asked

_KINDS = {"charges": "charge", "refunds": "refund", "tokens": "tokens"}


async def _get(asked: Asked) -> dict[str, Any]:
    session = asked.session
    world, now = session.world, session.clock.now()
    tasks, settled = tuple(world.tasks.values()), dict(world.ledger.settled)
    # Beside the event loop: many tasks take a while.
    return await run_in_threadpool(_value, world, tasks, settled, now, asked.query["limit"])


def _value(
    world: World, tasks: tuple[Task, ...], settled: dict[str, float], now: float, limit: int
) -> dict[str, Any]:
    items = world.ledger.items(tasks, now)
    duplicates = _duplicates(tasks)
    return {
        **{name: _account(items, kind, limit) for name, kind in _KINDS.items()},
        "users": _users(world, settled, items),
        "duplicates": duplicates[:limit],
        "duplicated": len(duplicates),
    }


def _account(items: Iterable[Item], kind: str, limit: int) -> dict[str, Any]:
    """All lines of a kind together, and the latest of them."""
    lines = [item for item in items if item.kind == kind]
    return {
        "count": len(lines),
        "credits": _rounded(sum(item.credits for item in lines)),
        "images": sum(item.images for item in lines),
        "tokens": sum(item.tokens for item in lines),
        "latest": [_line(item) for item in lines[-limit:]],
    }


def _line(item: Item) -> dict[str, Any]:
    return {
        "at": item.at,
        "owner": item.owner,
        "about": item.about,
        "credits": item.credits,
        "images": item.images,
        "tokens": item.tokens,
    }


def _users(world: World, settled: dict[str, float], items: Iterable[Item]) -> list[dict[str, Any]]:
    """What everyone has spent; ``settled`` is for tasks that had to make room."""
    spent: dict[str, float] = defaultdict(float, settled)
    for item in items:
        spent[item.owner] += item.credits
    keys = shown_keys(world)
    granted = world.contract.prices.initial
    return [
        {
            "owner": owner,
            "key": keys.get(owner),
            "granted": granted,
            "spent": _rounded(spent.get(owner, 0.0)),
            "balance": _rounded(granted - spent.get(owner, 0.0)),
        }
        for owner in sorted({*spent, *keys})
    ]


def shown_keys(world: World) -> dict[str, str]:
    """The keys that a session knows, masked, by the names of their owners."""
    return {owner_of(key): mask(key) for key in world.keyring.states}


def _duplicates(tasks: Iterable[Task]) -> list[dict[str, Any]]:
    """Orders of one user that had the same body, and were paid for each time."""
    same: dict[tuple[str, bytes], list[str]] = defaultdict(list)
    credits: dict[tuple[str, bytes], float] = defaultdict(float)
    for task in tasks:
        same[task.owner, task.digest].append(task.id)
        credits[task.owner, task.digest] += task.credits
    return [
        {
            "owner": owner,
            "digest": digest.hex(),
            "tasks": names,
            "credits": _rounded(credits[owner, digest]),
        }
        for (owner, digest), names in same.items()
        if len(names) > 1
    ]


def _rounded(credits: float) -> float:
    return round(credits, 6)


ACTIONS = (
    Action(
        "GET",
        "/sessions/{session}/ledger",
        "get_ledger",
        "What was charged and given back.",
        _get,
        "ledger",
        query="ledger_query",
        refuses=(NOT_FOUND,),
    ),
)
