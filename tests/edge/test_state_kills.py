"""A server is killed (kill -9) at any moment under load: what it has told a caller stays so."""

import json
import random
import re
import signal
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from mock_server.edge.mock import DEFAULT_KEY
from mock_server.loading.profiles import load_profile
from tests.conftest import PATIENCE_SECONDS, Start, signal_group
from tests.edge.callers import FOX, SUBMIT, bearer, picture

WORKERS = 4
KILLS_OF_A_STATE = 10
PLANNED = 100_000
STORY = f"""\
title: Every look at the balance fails
why: Each fault that a caller has met is spent, before and after a restart.
faults:
  balance: ["503 x{PLANNED}"]
"""
Serve = Callable[[], str]


@dataclass
class Told:
    """What callers were told, over all lives of a server; ``asked`` counts what they asked for."""

    tasks: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    sessions: list[str] = field(default_factory=list)
    polls: Counter[str] = field(default_factory=Counter)
    faults: int = 0
    asked: Counter[str] = field(default_factory=Counter)
    answers: int = 0
    news: threading.Condition = field(default_factory=threading.Condition)

    def ask(self, what: str) -> None:
        """Note that a call is about to be made."""
        with self.news:
            self.asked[what] += 1

    def hear(self, note: Callable[[], None]) -> None:
        """Note an answer that has arrived whole."""
        with self.news:
            note()
            self.answers += 1
            self.news.notify_all()

    def wait_for(self, answers: int) -> None:
        """Return when so many answers have arrived in all."""
        with self.news:
            assert self.news.wait_for(lambda: self.answers >= answers, PATIENCE_SECONDS)


class Worker(threading.Thread):
    """A caller that submits, polls, uploads and looks at its balance until nobody answers."""

    def __init__(self, url: str, name: str, told: Told) -> None:
        super().__init__(daemon=True)
        self._client = httpx.Client(base_url=url, headers=bearer(DEFAULT_KEY), timeout=60)
        self._name = name
        self._told = told
        self._mine: list[str] = []
        self.problem: str | None = None

    def run(self) -> None:
        """Go round until the connection breaks."""
        number = 0
        with self._client:
            try:
                while self.problem is None:
                    number += 1
                    self._submit(f"{self._name}, picture {number}")
                    self._poll(self._mine[number * 7 % len(self._mine)])
                    if number % 3 == 0:
                        self._upload()
                        self._look_at_balance()
            except httpx.TransportError:
                pass

    def _submit(self, prompt: str) -> None:
        self._told.ask("submit")
        reply = self._answer("POST", SUBMIT, 200, json={**FOX, "prompt": prompt})
        task = reply.json()["id"]
        self._told.hear(lambda: self._told.tasks.update({task: prompt}))
        self._mine.append(task)

    def _poll(self, task: str) -> None:
        self._told.ask(task)
        word = self._answer("GET", f"{SUBMIT}/{task}", 200).json()["status"]

        def note() -> None:
            self._told.polls[task] += 1
            self._told.words[task] = word

        self._told.hear(note)

    def _upload(self) -> None:
        self._told.ask("upload")
        files = {"file": ("fox.png", picture(), "image/png")}
        reply = self._answer("POST", "/v1/uploads/images", 200, files=files)
        url = httpx.URL(reply.json()["data"]["url"]).raw_path.decode()
        self._told.hear(lambda: self._told.files.append(url))

    def _look_at_balance(self) -> None:
        self._told.ask("balance")
        self._answer("GET", "/v1/balance", 503)
        self._told.hear(self._count_fault)

    def _count_fault(self) -> None:
        self._told.faults += 1

    def _answer(self, method: str, path: str, code: int, **options: Any) -> httpx.Response:
        reply = self._client.request(method, path, **options)
        if reply.status_code != code:
            self.problem = f"{method} {path}: {reply.status_code} {reply.text}"
            raise httpx.TransportError(self.problem)
        return reply


@pytest.fixture
def server(start: Start, tmp_path: Path, plain_environment: Mapping[str, str]) -> "Server":
    """Servers that keep one state, one after the other."""
    return Server(start, tmp_path, plain_environment)


class Server:
    """One server at a time; each life begins with what the one before has left."""

    def __init__(self, start: Start, folder: Path, environment: Mapping[str, str]) -> None:
        self._start = start
        self._environment = environment
        self._folder = folder
        self._story = folder / "story.yaml"
        self._story.write_text(STORY, "utf-8")
        self.state = folder / "state"
        self.lives = 0

    def begin(self) -> str:
        """Start a server; the URL at which it can be reached."""
        options = ("--scenario", str(self._story), "--state", str(self.state), "--log", "off")
        command = [sys.executable, "-m", "mock_server", "serve", "--port", "0", *options]
        self._process, output = self._start(command, self._folder, self._environment)
        self.lives += 1
        return output.wait_for(re.compile(r"base URL +(\S+)/v1\n"))[1]

    def kill(self) -> None:
        """End it at once, whatever it is doing."""
        signal_group(self._process, signal.SIGKILL)
        self._process.wait()


@pytest.mark.proof
def test_nothing_that_was_acknowledged_is_lost_or_done_twice_when_the_server_is_killed(
    server: Server, proof_size: Callable[[int, int], int]
) -> None:
    dice = random.Random(20_260_101)
    kills = proof_size(3, 100)
    told = Told()
    for kill in range(kills):
        if kill % KILLS_OF_A_STATE == 0:
            server.state = server.state.with_name(f"state{kill}")
            told = Told()
        url = server.begin()
        check(url, told)
        live(url, f"life {kill}", told, dice.randint(1, 80), server.kill)
    check(server.begin(), told)


def live(url: str, name: str, told: Told, answers: int, kill: Callable[[], None]) -> None:
    """Load a server until so many answers have arrived; then it is killed."""
    workers = [Worker(url, f"{name}, worker {number}", told) for number in range(WORKERS)]
    goal = told.answers + answers
    for worker in workers:
        worker.start()
    told.wait_for(goal)
    kill()
    for worker in workers:
        worker.join(PATIENCE_SECONDS)
        assert worker.problem is None
        assert not worker.is_alive()


def check(url: str, told: Told) -> None:
    """Hold what a server knows against what callers were told; then a session is begun."""
    with httpx.Client(base_url=f"{url}/_mock/sessions/default", timeout=60) as control:
        tasks = {task["id"]: task for task in pages(control)}
        calls = [json.loads(line) for line in control.get("/journal/lines").text.splitlines()]
        check_tasks(tasks, told)
        check_polls(tasks, calls, told)
        check_ledger(control.get("/ledger?limit=10000").json(), tasks)
        check_faults(control.get("/faults").json(), calls, told)
        assert len({call["number"] for call in calls}) == len(calls)
    with httpx.Client(base_url=url, headers=bearer(DEFAULT_KEY), timeout=60) as client:
        assert {client.get(path).content for path in told.files} <= {picture()}
        sessions = client.get("/_mock/sessions?limit=1000").json()["sessions"]
        assert {"default", *told.sessions} == {session["name"] for session in sessions}
        made = client.post("/_mock/sessions", json={})
        told.sessions.append(made.json()["name"])


def pages(control: httpx.Client) -> Iterator[dict[str, Any]]:
    """All tasks, page by page."""
    after: int | None = 0
    while after is not None:
        page = control.get(f"/tasks?limit=1000&after={after}").json()
        yield from page["tasks"]
        after = page["next"]


def check_tasks(tasks: Mapping[str, Mapping[str, Any]], told: Told) -> None:
    """Every task that was acknowledged is there, and no order became two."""
    assert told.tasks.items() <= {name: task["prompt"] for name, task in tasks.items()}.items()
    assert max(Counter(task["prompt"] for task in tasks.values()).values(), default=1) == 1
    assert len(told.tasks) <= len(tasks) <= told.asked["submit"]
    numbers = [task["number"] for task in tasks.values()]
    assert numbers == list(range(1, len(tasks) + 1))


def check_polls(
    tasks: Mapping[str, Mapping[str, Any]], calls: list[dict[str, Any]], told: Told
) -> None:
    """Every poll that was answered has counted, once, and is in the journal."""
    journaled = Counter(call["task"] for call in calls if call["operation"] == "status")
    made = {call["task"] for call in calls if call["operation"] == "submit"}
    assert made == set(tasks)
    for name, task in tasks.items():
        assert told.polls[name] <= task["polls"] == journaled[name] <= told.asked[name]
    ranks = {word: phase.rank for phase, word in load_profile("guide").words.by_phase.items()}
    for name, word in told.words.items():
        assert ranks[tasks[name]["word"]] >= ranks[word]


def check_ledger(ledger: Mapping[str, Any], tasks: Mapping[str, Mapping[str, Any]]) -> None:
    """Every task was paid for once, and nothing else was."""
    assert ledger["charges"]["count"] == len(tasks)
    assert ledger["charges"]["credits"] == sum(task["credits"] for task in tasks.values())
    assert sum(user["spent"] for user in ledger["users"]) == ledger["charges"]["credits"]
    assert ledger["duplicates"] == []


def check_faults(faults: Mapping[str, Any], calls: list[dict[str, Any]], told: Told) -> None:
    """Every fault that a caller met is spent, and no other."""
    fired = len(faults["fired"])
    assert told.faults <= fired <= told.asked["balance"]
    assert fired == sum(call["fault"] is not None for call in calls)
    assert [planned["left"] for planned in faults["planned"]] == [PLANNED - fired]
