"""The limits of a session: the rules that hold and how much of each is left for every user."""

from collections import Counter
from typing import Any

from mock_server.core.contract import LimitRule
from mock_server.core.limits import DAY, IN_FLIGHT, SLIDING_WINDOW, TOKEN_BUCKET, Limiter
from mock_server.core.world import World
from mock_server.edge.control.action import NOT_FOUND, Action, Asked
from mock_server.edge.control.ledger import shown_keys


def _get(asked: Asked) -> dict[str, Any]:
    session = asked.session
    world, now = session.world, session.clock.now()
    keys = shown_keys(world)
    rules = enumerate(world.limiter.rules)
    return {"rules": [_rule_value(world, index, rule, now, keys) for index, rule in rules]}


def _rule_value(
    world: World, index: int, rule: LimitRule, now: float, keys: dict[str, str]
) -> dict[str, Any]:
    return {
        "category": rule.category,
        "operations": list(rule.operations),
        "kind": rule.kind,
        "capacity": rule.capacity,
        "per_second": rule.per_second,
        "window": rule.window,
        "users": [
            {"owner": owner, "key": keys.get(owner), "remaining": max(0.0, round(left, 6))}
            for owner, left in sorted(_left_of(world, index, rule, now).items())
        ],
    }


def _left_of(world: World, index: int, rule: LimitRule, now: float) -> dict[str, float]:
    """What is left (calls, tasks or credits) for everyone whom a rule has counted something for."""
    if rule.kind == IN_FLIGHT:
        running = Counter({task.owner: 0 for task in world.tasks.values()})
        running.update(
            task.owner for task in world.tasks.values() if not task.stage(now).phase.is_terminal
        )
        return {owner: rule.capacity - count for owner, count in running.items()}
    limiter = world.limiter
    counted = {*limiter.buckets, *limiter.windows, *limiter.days}
    return {
        owner: _left(limiter, (place, owner), rule, now)
        for place, owner in counted
        if place == index
    }


def _left(limiter: Limiter, at: tuple[int, str], rule: LimitRule, now: float) -> float:
    if rule.kind == TOKEN_BUCKET:
        bucket = limiter.buckets.get(at)
        if bucket is None:
            return rule.capacity
        tokens, since = bucket
        grown = tokens + max(0.0, now - since) * rule.per_second
        return min(rule.capacity, grown)
    if rule.kind == SLIDING_WINDOW:
        window = limiter.windows.get(at, ())
        return rule.capacity - sum(call > now - rule.window for call in window)
    day, spent = limiter.days.get(at, (0, 0.0))
    return rule.capacity - (spent if day == int(now // DAY) else 0.0)


ACTIONS = (
    Action(
        "GET",
        "/sessions/{session}/limits",
        "get_limits",
        "The limits and what is left.",
        _get,
        "limits",
        refuses=(NOT_FOUND,),
    ),
)
