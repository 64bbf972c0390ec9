"""Random lives of a world, and two worlds that must go on alike: one as it is, one read back."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from mock_server.core.contract import LimitRule
from mock_server.core.lifecycle import Phase, Stage, TaskError
from mock_server.core.limits import DAILY_CREDITS, IN_FLIGHT, SLIDING_WINDOW, TOKEN_BUCKET, Limiter
from mock_server.core.memo import Memo
from mock_server.core.plan import Plan
from mock_server.core.scenario import (
    Chance,
    Lognormal,
    Scenario,
    StagePlan,
    TimelinePlan,
    Uniform,
    fixed,
)
from mock_server.core.snapshot import Key, Kind, rows
from mock_server.core.snapshot_changes import Watch
from mock_server.core.snapshot_reading import restored
from mock_server.core.task import Task
from mock_server.core.world import Bounds, World
from mock_server.loading.faults import read_fault, read_faults
from tests.core.clients import (
    BODY,
    CHAT,
    KEY,
    SUBMIT,
    Client,
    Seen,
    client,
    file,
)

HIDDEN = "hidden-key-that-looks-like-none"
WISHES = ("429", "lost_reply", "reset", "drip(1000)", "html", "not_http", "429 + gzip", "redirect")
PROMPTS = ("A red kite", f"Sign with {KEY}", "\u00e4\u20ac\U0001f98a", f"and {HIDDEN} too")

FEW = Bounds(
    tasks=4,
    task_lifetime=400.0,
    uploads=3,
    upload_bytes=40,
    upload_lifetime=300.0,
    journal=6,
    journal_bytes=40_000,
    token_lines=2,
    fired=3,
)
LIMITS = (
    LimitRule("bucket", ("submit", "status"), TOKEN_BUCKET, 6, per_second=0.5),
    LimitRule("window", ("submit", "balance"), SLIDING_WINDOW, 5, window=60.0),
    LimitRule("flying", ("submit",), IN_FLIGHT, 5),
    LimitRule("credits", ("submit",), DAILY_CREDITS, 30_000),
)
DRAWN = TimelinePlan(
    (
        StagePlan(Stage(Phase.QUEUED), 0.0),
        StagePlan(Stage(Phase.RUNNING, progress=None, held=True), Uniform(1.0, 9.0)),
        StagePlan(
            Stage(Phase.FAILED, polls=2, error=TaskError("broken", "It broke.")),
            Lognormal(5.0, 0.5, 60.0),
        ),
    ),
    None,
    times=2,
)
PARTIAL = fixed(
    Stage(Phase.QUEUED),
    Stage(Phase.SUCCEEDED, 100, seconds=3, word="done", results=1, lifetime=90.0),
    Stage(Phase.SUCCEEDED, 100, seconds=500, gone=True),
)
USUAL = Scenario()
CROWDED = Scenario(
    name="crowded",
    seed=7,
    timelines=(DRAWN, PARTIAL),
    plan=Plan({"status": read_faults(["pass x2", "500", "429 x*"], "$"), "submit": ()}),
    limits=LIMITS,
    chaos={"any": (Chance(read_fault("lost_reply"), 0.2), Chance(read_fault("503"), 0.2))},
    keys={HIDDEN: "valid"},
    expect=("submit-once",),
)
STORIES = (USUAL, CROWDED)


Act = tuple[Any, ...]

acts: st.SearchStrategy[list[Act]] = st.lists(
    st.one_of(
        st.tuples(st.just("submit"), st.sampled_from(PROMPTS), st.integers(0, 5)),
        st.tuples(st.just("submit_named"), st.sampled_from(("mine", "yours"))),
        st.tuples(st.just("form")),
        st.tuples(st.just("status"), st.integers(0, 5)),
        st.tuples(st.just("result"), st.integers(0, 5)),
        st.tuples(st.just("wish"), st.sampled_from(WISHES)),
        st.tuples(st.just("upload"), st.integers(1, 30)),
        st.tuples(st.just("get"), st.sampled_from(("/v1/models", f"/v1/{KEY}", "/v1/balance"))),
        st.tuples(st.just("balance"), st.booleans()),
        st.tuples(st.just("chat"), st.integers(1, 3)),
        st.tuples(st.just("wait"), st.sampled_from((0.25, 1.0, 7.0, 100.0, 90_000.0))),
        st.tuples(st.just("release"), st.integers(0, 5)),
        st.tuples(st.just("fail"), st.integers(0, 5)),
        st.tuples(st.just("plan"), st.sampled_from(("429", "pass", "reset x2", "status(503) x*"))),
        st.tuples(st.just("withdraw")),
        st.tuples(st.just("story"), st.integers(0, 1)),
        st.tuples(st.just("webhook"), st.sampled_from(("http://127.0.0.1:9/hook", None))),
        st.tuples(st.just("delivered"), st.booleans()),
    ),
    max_size=25,
)


# Everything that can happen to a world, so that every kind of row is written and read in each run.
EVERYTHING: list[Act] = [
    ("webhook", "http://127.0.0.1:9/hook"),
    *(("submit", prompt, 2) for prompt in PROMPTS),
    ("submit_named", "mine"),
    ("form",),
    ("upload", 12),
    ("chat", 3),
    ("story", 1),
    ("balance", False),
    ("balance", True),
    ("submit", "A kite", 1),
    *(("wish", text) for text in WISHES),
    *(("status", index) for index in range(4)),
    ("release", 0),
    ("fail", 1),
    ("wait", 7.0),
    ("result", 2),
    ("delivered", True),
    ("plan", "reset x2"),
    ("withdraw",),
    ("webhook", None),
    ("wait", 90_000.0),
    ("submit", "A kite", 1),
    ("upload", 20),
    ("get", "/v1/models"),
]


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


def life(profile: str, story: int, bounds: Bounds) -> Life:
    """A world in which nothing has happened."""
    return Life(client(profile, STORIES[story], bounds=bounds))


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
