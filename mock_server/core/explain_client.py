"""A well-behaved client that plays a story against the engine and notes every call."""

import json
from collections import deque
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import TypeAlias
from urllib.parse import quote, urlsplit

from mock_server.core.call import Call, FilePart, Form
from mock_server.core.engine import answer
from mock_server.core.explain_reply import Received, received
from mock_server.core.image_facts import ImageFacts
from mock_server.core.journal import Entry
from mock_server.core.lifecycle import Stage, stage_index
from mock_server.core.routes import Route
from mock_server.core.script import Headers
from mock_server.core.task import Task
from mock_server.core.world import World

BASE = "http://mock.example"
# Some bytes to tell from others: nothing of an explanation depends on what a file shows.
PICTURE = b"the bytes of a picture"
_LONGEST = 3600.0
_FILE = FilePart("file", "reference.png", PICTURE, ImageFacts("image/png", 8, 8, False, 22))

# Each call is a pause in the telling: the seconds until it goes on.
Waits: TypeAlias = Generator[float, None, None]
Answered: TypeAlias = Generator[float, None, tuple[Received, Entry]]


@dataclass(frozen=True, slots=True)
class Row:
    """One call of a story: ``seconds`` since its start, what was called and what came back.

    ``call`` is the operation, or ``release`` where someone outside lets a held task go on. ``task``
    counts the story's tasks from 1 (None: it was not about one), ``fault`` is the text of the fault
    that struck.
    """

    seconds: float
    call: str
    answered: str
    fault: str | None = None
    task: int | None = None


@dataclass(slots=True)
class Client:
    """Calls the engine at ``now`` (epoch seconds) and writes a row for each call.

    It polls ``every`` so many seconds, backs off as the profile advises, but without jitter, tries
    again what is worth it, and never submits again what was accepted: it knows from the journal
    what a real client can only guess.
    """

    world: World
    every: float
    start: float
    now: float
    rows: list[Row] = field(default_factory=list)

    def order(self, key: str, count: int, prompt: str) -> Waits:
        """Submit one task for ``count`` images, wait for its end and fetch its results."""
        fields = self.world.contract.fields
        model = self.world.contract.default_model
        body = {"model": model, fields.prompt[0]: prompt, fields.count[0]: count}
        send = self._sender("submit", key, json.dumps(body).encode())
        reply, entry = yield from self._insist(send, lambda _, entry: entry.created)
        task = self.world.tasks.get(entry.task or "")
        if task is None or self._told(reply, entry) is None:
            return
        urls = yield from self._follow(task, key)
        for url in urls:
            yield from self._insist(self._file_sender(task, url), _is_whole_file)

    def errand(self, operation: str, key: str) -> Waits:
        """Make one call of another operation, again while that may help.

        A text endpoint is called once: it is the wrong one for an image, and charges for each call.
        """
        payload: bytes | Form = b""
        done = _is_good
        if operation == "upload":
            payload = Form(files=(_FILE,))
        elif operation == "text":
            payload = json.dumps({"model": self.world.contract.default_model}).encode()
            done = _is_enough
        yield from self._insist(self._sender(operation, key, payload), done)

    def _follow(self, task: Task, key: str) -> Generator[float, None, tuple[str, ...]]:
        send = self._sender("status", key, task=task)
        longest = self.world.contract.polling.max_wait
        deadline = task.created + _horizon(task, longest, self.every)
        troubles = 0
        yield self.every
        while self.now <= deadline:
            reply, entry = yield from send()
            wait: float | None = 0.0
            if self._told(reply, entry) is None:
                troubles += 1
                wait = self._wait(reply, troubles, spared=404 if troubles == 1 else 0)
            elif task.stage(entry.at).phase.is_terminal:
                return self._result_urls(reply)
            else:
                troubles = 0
                self._release(task)
            if wait is None:
                return ()
            yield max(wait, self.every)
        return ()

    def _insist(
        self, send: Callable[[], Answered], done: Callable[[Received, Entry], bool]
    ) -> Answered:
        attempt = 1
        while True:
            reply, entry = yield from send()
            wait = None if done(reply, entry) else self._wait(reply, attempt)
            if wait is None:
                return reply, entry
            attempt += 1
            yield wait

    def _wait(self, reply: Received, attempt: int, spared: int = 0) -> float | None:
        """Seconds until the next attempt, None when another one is of no use."""
        contract = self.world.contract
        backoff = contract.backoff
        status = reply.status or 0
        if attempt >= backoff.retries_at_most:
            return None
        if 400 <= status < 500 and status not in (408, 429, spared):
            return None
        asked = reply.retry_after(self.now) or 0.0
        if asked > contract.polling.max_wait:
            return None
        last = len(backoff.steps)
        step = backoff.steps[min(attempt, last) - 1] * 2.0 ** max(0, attempt - last)
        return max(min(step, backoff.cap), asked)

    def _sender(
        self, operation: str, key: str, payload: bytes | Form = b"", task: Task | None = None
    ) -> Callable[[], Answered]:
        route = next(r for r in self.world.contract.routes.all if r.operation == operation)
        path = route.path if task is None else _filled(route, task)
        headers: Headers = ((b"authorization", b"Bearer " + key.encode()),)
        if route.content_types:
            kind = b"application/json" if isinstance(payload, bytes) else b"multipart/form-data"
            headers = (*headers, (b"content-type", kind))
        body = payload if isinstance(payload, bytes) else b""
        form = payload if isinstance(payload, Form) else None
        call = Call(0, route.method, path, headers=headers, body=body, form=form, base=BASE)
        return lambda: self._call(call, operation, task)

    def _file_sender(self, task: Task, url: str) -> Callable[[], Answered]:
        parts = urlsplit(url)
        call = Call(0, "GET", parts.path, parts.query, base=BASE, picture=PICTURE)
        return lambda: self._call(call, "result", task)

    def _call(self, template: Call, operation: str, task: Task | None) -> Answered:
        at = self.now
        call = template._replace(number=self.world.calls + 1)
        reply = received(answer(self.world, call, at))
        entry = deque(self.world.journal, maxlen=1)[0]
        told = self._told(reply, entry)
        about = self.world.tasks.get(entry.task or "") or task
        self.rows.append(
            Row(
                seconds=at - self.start,
                call=operation,
                answered=reply.told(self._codes) if told is None else f"{reply.status} {told}",
                fault=entry.fault,
                task=about.number if about else None,
            )
        )
        yield reply.seconds
        return reply, entry

    def _told(self, reply: Received, entry: Entry) -> str | None:
        """What a reply clearly says of its task, None unless it does."""
        task = self.world.tasks.get(entry.task or "")
        if task is None or reply.status != 200:
            return None
        words = self.world.contract.words
        stage = task.timeline.stages[0] if entry.created else task.stage(entry.at)
        word = stage.word or (words.accepted if entry.created else words.by_phase[stage.phase])
        return _summary(word, stage) if {task.id, word} <= set(reply.texts) else None

    @property
    def _codes(self) -> frozenset[str]:
        entries = self.world.contract.catalogue.entries.values()
        return frozenset(str(word) for entry in entries for word in (entry.code, entry.type))

    def _result_urls(self, reply: Received) -> tuple[str, ...]:
        routes = self.world.contract.routes
        # On whatever host they lie.
        urls = (text for text in reply.texts if text.startswith("http"))
        found = ((url, routes.find("GET", urlsplit(url).path)) for url in urls)
        results = (url for url, match in found if match and match.route.operation == "result")
        return tuple(dict.fromkeys(results))

    def _release(self, task: Task) -> None:
        """Let a task go on that waits for nothing else; the row says that someone has to."""
        elapsed = self.now - task.created
        index = stage_index(task.timeline, elapsed, task.polls, task.released) + 1
        stage = next(iter(task.timeline.stages[index:]), None)
        if stage is None or not stage.held or stage.seconds > elapsed or stage.polls > task.polls:
            return
        task.release(self.now)
        self.rows.append(
            Row(self.now - self.start, "release", f"on to {stage.phase.value}", task=task.number)
        )


def _summary(word: str, stage: Stage) -> str:
    if stage.error is not None:
        return f"{word}: {stage.error.code}"
    return word if stage.progress is None else f"{word}, {stage.progress} %"


def _filled(route: Route, task: Task) -> str:
    head, _, _ = route.path.partition("{")
    return head + quote(task.id, safe="")


def _horizon(task: Task, max_wait: float, interval: float) -> float:
    """Seconds for which it is of use to poll a task."""
    last = task.timeline.stages[-1]
    return min(_LONGEST, max(max_wait, last.seconds + (last.polls + 2) * interval))


def _is_good(reply: Received, entry: Entry) -> bool:
    return reply.broken is None and reply.status is not None and reply.status < 400


def _is_enough(reply: Received, entry: Entry) -> bool:
    return True


def _is_whole_file(reply: Received, entry: Entry) -> bool:
    return reply.status == 200 and reply.content == PICTURE
