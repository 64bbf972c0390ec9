"""Two lives of a world that must go on alike: as it is, and as it was read back."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mock_server.core.journal import Entry
from mock_server.core.lifecycle import Phase, Stage, TaskError
from mock_server.core.limits import Limiter
from mock_server.core.memo import Memo
from mock_server.core.plan import Plan
from mock_server.core.snapshot import Key, Kind, rows
from mock_server.core.snapshot_changes import Watch
from mock_server.core.snapshot_reading import restored
from mock_server.core.task import Task
from mock_server.core.world import Bounds, World
from mock_server.loading.faults import read_fault, read_faults
from tests.core.clients import (
    BODY,
    CHAT,
    SUBMIT,
    Client,
    Seen,
    client,
    file,
)
from tests.core.snapshot_stories import STORIES, Act


@dataclass
class Life:
    """A world, its client, and what has been told of it since the watching began."""

    client: Client
    seen: list[Seen] = field(default_factory=list)
    told: dict[tuple[Kind, Key], Any] = field(default_factory=dict)
    watch: Watch | None = None

    @property
    def world(self) -> World:
        return self.client.world

    def begin(self) -> None:
        """Write the world down as it is, and watch it from here on."""
        self.take(rows(self.world))
        self.watch = Watch(self.world)

    def take(self, found: Any) -> None:
        """Write rows over those before, as JSON texts."""
        for kind, key, value in found:
            if value is None:
                self.told.pop((kind, key), None)
            else:
                self.told[kind, key] = json.dumps(value)

    def do(self, act: Act) -> None:
        """Do one thing to the world, and write down what that changed."""
        name, *rest = act
        DEEDS[name](self, *rest)
        if self.watch is not None:
            self.take(self.watch.changes())

    def do_all(self, deeds: list[Act]) -> None:
        """Do one thing after the other."""
        for act in deeds:
            self.do(act)

    def read_back(self) -> "Life":
        """A world made of what was written down, with a caller of its own at the same time."""
        world = read_back(self.told, self.world)
        return Life(Client(world, self.client.key, self.client.now, self.client.base))

    def task(self, index: int) -> Task | None:
        """One of the tasks, if there are any; asked for as everybody does."""
        tasks = self.world.tasks
        names = list(tasks)
        return tasks.get(names[index % len(names)]) if names else None


def read_back(told: Mapping[tuple[Kind, Key], str], like: World) -> World:
    """The world that these rows tell of."""
    found: dict[Kind, dict[Key, Any]] = {}
    for (kind, key), text in told.items():
        found.setdefault(kind, {})[key] = json.loads(text)
    return restored(found, like.session, like.contract, like.bounds, read_fault)


def by_kind(world: World) -> dict[Kind, dict[Key, Any]]:
    """All rows of a world."""
    found: dict[Kind, dict[Key, Any]] = {}
    for kind, key, value in rows(world):
        found.setdefault(kind, {})[key] = json.loads(json.dumps(value))
    return found


def lived(profile: str, story: int, bounds: Bounds, *deeds: Act) -> Life:
    """A world in which these things have been done."""
    one = Life(client(profile, STORIES[story], bounds=bounds))
    one.do_all(list(deeds))
    return one


def last(world: World) -> Entry:
    """The newest entry."""
    entry = world.journal.last
    assert entry is not None
    return entry


def shown(entry: Entry) -> dict[str, Any]:
    """All that may be shown of an entry; of its content without the blanks behind a key."""
    names = (
        *("number", "at", "operation", "task", "phase", "created", "fault", "moment", "method"),
        *("path", "query", "headers", "body", "body_size", "digest", "status", "reply_headers"),
        *("steps", "content_size", "weight", "ended", "aborted", "connection"),
    )
    return {**{name: getattr(entry, name) for name in names}, "content": entry.content.rstrip()}


def _send(life: Life, seen: Seen) -> None:
    life.seen.append(seen)


def _submit(life: Life, prompt: str, count: int) -> None:
    metadata = {"note": prompt, "big": 10**30}
    _send(life, life.client.submit(prompt=prompt, n=count, metadata=metadata))


def _submit_named(life: Life, name: str) -> None:
    _send(life, life.client.submit(client_business_id=name))


def _form(life: Life) -> None:
    from mock_server.core.call import Form

    fields = (("model", str(BODY["model"])), ("prompt", "A kite"))
    form = Form(fields, (file("image_urls[]"),))
    _send(life, life.client.post_form(SUBMIT, form))


def _status(life: Life, index: int) -> None:
    task = life.task(index)
    _send(life, life.client.status("task_nobody" if task is None else task.id))


def _result(life: Life, index: int) -> None:
    task = life.task(index)
    if task is not None and task.stage(life.client.now).phase is Phase.SUCCEEDED:
        from mock_server.core.result_url import result_url

        at = task.finished(life.client.now) or 0.0
        _send(life, life.client.get(result_url(life.world, "", task, 0, at)))


def _wish(life: Life, text: str) -> None:
    _send(life, life.client.post(SUBMIT, BODY, fault=read_fault(text)))


def _upload(life: Life, size: int) -> None:
    _send(life, life.client.upload(file(data=b"\x89" * size)))


def _balance(life: Life, is_other: bool) -> None:
    one = life.client.as_another() if is_other else life.client
    _send(life, one.get("/v1/balance"))


def _chat(life: Life, times: int) -> None:
    for _ in range(times):
        _send(life, life.client.post(CHAT, {"model": "gpt-4o-image", "messages": []}))


def _wait(life: Life, seconds: float) -> None:
    life.client.now += seconds


def _release(life: Life, index: int) -> None:
    task = life.task(index)
    if task is not None:
        task.release(life.client.now)


def _fail(life: Life, index: int) -> None:
    task = life.task(index)
    if task is not None:
        task.end(life.client.now, Stage(Phase.FAILED, error=TaskError("ended", "By hand.")))


def _plan(life: Life, text: str) -> None:
    world = life.world
    world.plan = world.plan.add("submit", read_faults([text], "$"))


def _withdraw(life: Life) -> None:
    world = life.world
    world.superseded = (*world.superseded, *world.plan.unspent)
    world.plan = Plan()


def _story(life: Life, index: int) -> None:
    """As the control plane swaps stories."""
    world, story = life.world, STORIES[index]
    _withdraw(life)
    world.limiter = Limiter(story.limits)
    world.secrets = tuple(dict.fromkeys((*world.secrets, *story.keys)))
    world.memo = Memo()
    world.scenario, world.plan = story, story.plan


def _webhook(life: Life, url: str | None) -> None:
    life.world.webhook = url


def _delivered(life: Life, is_aborted: bool) -> None:
    entry = life.world.journal.last
    if entry is not None and entry.ended is None:
        entry.ended, entry.aborted = life.client.now, is_aborted
        if life.watch is not None:
            life.watch.delivered(entry)


DEEDS: dict[str, Callable[..., None]] = {
    "submit": _submit,
    "submit_named": _submit_named,
    "form": _form,
    "status": _status,
    "result": _result,
    "wish": _wish,
    "upload": _upload,
    "get": lambda life, path: _send(life, life.client.get(path)),
    "balance": _balance,
    "chat": _chat,
    "wait": _wait,
    "release": _release,
    "fail": _fail,
    "plan": _plan,
    "withdraw": _withdraw,
    "story": _story,
    "webhook": _webhook,
    "delivered": _delivered,
}
