"""Webhook events: which are owed by now, what an attempt sends, and what it leaves behind."""

import hmac
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlsplit

from mock_server.core.call import Call
from mock_server.core.callback import WEBHOOK
from mock_server.core.contract import Webhooks
from mock_server.core.fault import Scene
from mock_server.core.ids import make_id
from mock_server.core.journal import Entry
from mock_server.core.lifecycle import Phase, Stage
from mock_server.core.record import entry_of
from mock_server.core.reply import Reply
from mock_server.core.script import (
    Chunk,
    Head,
    Headers,
    Script,
    Wait,
    content_of,
    head_of,
    is_orderly,
)
from mock_server.core.strikes import Strike, choose_event
from mock_server.core.task import Task
from mock_server.core.task_facts import task_facts
from mock_server.core.world import World


class Delivery(NamedTuple):
    """An attempt that is owed: ``at`` is when it fell due (session's clock)."""

    task: Task
    at: float


@dataclass(frozen=True, slots=True)
class Sending:
    """One attempt under way, begun at ``begun`` as number ``number`` of the session.

    It is sent ``wait`` seconds later (session's clock) if ``is_sent``; the answer counts only if
    ``is_heard``.
    """

    task: Task
    number: int
    begun: float
    url: str
    headers: Headers
    body: bytes
    wait: float
    is_sent: bool
    is_heard: bool
    strike: Strike | None


def due(world: World, now: float) -> list[Delivery]:
    """The attempts owed by now, the longest overdue first; those under way are not among them.

    Each task that has ended owes one event, until an attempt succeeded or all retries are used up.
    """
    found = []
    for task_id, owed in world.owed.items():
        if owed.sending or owed.due > now:
            continue
        task = world.tasks[task_id]
        ended = task.finished(now)
        if ended is not None:
            found.append(Delivery(task, max(ended, owed.due)))
    return sorted(found, key=lambda delivery: delivery.at)


def begin(world: World, delivery: Delivery, number: int, now: float) -> Sending:
    """Begin an attempt: what is to be sent, after the fault that the plan holds for it, if any.

    The fault rewrites a success whose content is the event. What it leaves whole is sent: late,
    changed, and signed as it is sent. Where it breaks the success, its moment decides. ``before``:
    this attempt never leaves. ``after``: the event arrives and its acknowledgement is lost, so
    that it comes once more.
    """
    task = delivery.task
    owed = world.owed[task.id]
    owed.attempts += 1
    owed.sending = True
    script = plain = _script(world, task, now)
    strike = choose_event(world, WEBHOOK, task)
    url = task.order.callback or world.webhook or ""
    if strike is not None:
        parts = urlsplit(url)
        scene = Scene(WEBHOOK, parts.path, parts.query, "", now, strike.chance, _error)
        script = strike.fault.rewrite(script, scene)
    is_whole = _is_success(script)
    shown = script if is_whole else plain
    return Sending(
        task,
        number,
        now,
        url,
        _signed(world.contract.webhooks, plain, shown),
        content_of(shown),
        sum(step.seconds for step in shown if isinstance(step, Wait)),
        is_whole or (strike is not None and strike.moment == "after"),
        is_whole,
        strike,
    )


def delivered(world: World, sending: Sending, now: float, status: int | None) -> Entry:
    """Note how an attempt ended at ``now``: with this status, or None where no answer came.

    Only 2xx succeeds; else the next attempt falls due as the profile says. Returns the entry that
    the journal has of it.
    """
    heard = status if sending.is_heard and sending.is_sent else None
    owed = world.owed.get(sending.task.id)
    if owed is not None:
        owed.sending = False
        retries = world.contract.webhooks.retries
        if (heard is not None and 200 <= heard < 300) or owed.attempts > len(retries):
            del world.owed[sending.task.id]
        else:
            owed.due = now + retries[owed.attempts - 1]
    world.calls += 1
    entry = _entry(world, sending, heard)
    world.journal.append(entry)
    return entry


def signature(webhooks: Webhooks, event_id: str, timestamp: str, body: bytes) -> str:
    """The content of the signature field (REF webhooks/task-webhooks)."""
    text = f"{event_id}.{timestamp}.".encode("latin-1") + body
    return "v1=" + hmac.new(webhooks.key, text, "sha256").hexdigest()


def _script(world: World, task: Task, now: float) -> Script:
    """A success whose header fields and content are those of the event."""
    webhooks = world.contract.webhooks
    ended = task.finished(now)
    stage = _end(task)
    finished = now if ended is None else ended
    event_id = make_id(webhooks.event_id, world.seed, world.session, task.number, finished)
    facts = task_facts(world, task, stage, now, world.owed[task.id].base)
    facts.update(event_id=event_id, finished_at=int(finished))
    shape = webhooks.completed if stage.phase is Phase.SUCCEEDED else webhooks.failed
    body = world.contract.encode(shape(facts))
    timestamp = str(int(now))
    fields = {
        "content-type": "application/json",
        "user-agent": webhooks.user_agent,
        webhooks.id_field: event_id,
        webhooks.timestamp_field: timestamp,
        webhooks.signature_field: signature(webhooks, event_id, timestamp, body),
    }
    headers = tuple((_name(field), value.encode()) for field, value in fields.items())
    return (Head(200, headers), Chunk(body))


def _end(task: Task) -> Stage:
    return next(stage for stage in task.timeline.stages if stage.phase.is_terminal)


def _error(what: str | int, message: str | None) -> Script:
    """An error in place of a success: who answers is the receiver, so it has no words of ours."""
    return (Head(what if isinstance(what, int) else 500, ()), Chunk((message or "").encode()))


def _is_success(script: Script) -> bool:
    head = head_of(script)
    return head is not None and 200 <= head.status < 300 and is_orderly(script)


def _signed(webhooks: Webhooks, plain: Script, shown: Script) -> Headers:
    """The header fields to send; a signature that no fault has touched fits the content."""
    fields = _fields_of(shown)
    name = _name(webhooks.signature_field)
    if fields.get(name) == _fields_of(plain)[name]:
        event_id = fields.get(_name(webhooks.id_field), b"").decode("latin-1")
        timestamp = fields.get(_name(webhooks.timestamp_field), b"").decode("latin-1")
        fields[name] = signature(webhooks, event_id, timestamp, content_of(shown)).encode()
    return tuple(fields.items())


def _name(field: str) -> bytes:
    return field.lower().encode()


def _fields_of(script: Script) -> dict[bytes, bytes]:
    head = head_of(script)
    return dict(head.headers) if head is not None else {}


def _entry(world: World, sending: Sending, status: int | None) -> Entry:
    parts = urlsplit(sending.url)
    base = f"{parts.scheme}://{parts.netloc}"
    path = parts.path or "/"
    call = Call(sending.number, "POST", path, parts.query, sending.headers, sending.body, base)
    script: Script = () if status is None else (Head(status, ()), Chunk(b""))
    reply = Reply(status or 0, task=sending.task, phase=_end(sending.task).phase)
    return entry_of(world, call, WEBHOOK, sending.strike, reply, script, sending.begun)
