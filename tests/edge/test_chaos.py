"""Chaos by rate: the same faults strike however many callers there are, and can be replayed."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from mock_server import start
from mock_server.core.journal import Entry
from mock_server.core.script import Wait
from mock_server.core.world import World
from mock_server.edge.runner import Running
from tests.edge.callers import caller
from tests.edge.many_callers import SUBMIT, Heard, Line

ORDERS = 80
STORY = """
title: Much goes wrong
why: The faults must not depend on how many callers there are.
seed: 11
timeline:
  - {phase: queued}
  - {phase: running, polls: 2, progress: 50}
  - {phase: succeeded, polls: 3}
chaos:
  submit: {"429": 0.1, lost_reply: 0.1, reset: 0.05, html(502): 0.05}
  status: {"503": 0.08, reset: 0.08, cut: 0.08}
  any: {"delay(low=0.1, high=2)": 0.2}
"""


class Struck(NamedTuple):
    """One call as any order of calls has it: what it was about, not when or under which id."""

    operation: str
    request: str
    attempt: int
    fault: str | None
    waits: tuple[float, ...]


@pytest.fixture
def story(tmp_path: Path) -> str:
    """The path of the story."""
    path = tmp_path / "chaos.yaml"
    path.write_text(STORY, "utf-8")
    return str(path)


def world_after(story: str, callers: int) -> World:
    """The world after all orders were placed and polled to their end by so many callers."""
    with start(scenario=story, speed=1000) as mock:
        asyncio.run(place_all(mock, callers))
        return mock.mock.sessions.default.world


async def place_all(mock: Running, callers: int) -> None:
    prompts = iter([f"order {number}" for number in range(ORDERS)])
    await asyncio.gather(*(place(mock, prompts) for _ in range(callers)))


async def place(mock: Running, prompts: Iterator[str]) -> None:
    """Take one order after the other and repeat each call until it is answered."""
    async with Line(mock.url, mock.api_key) as line:
        for prompt in prompts:
            task = None
            while task is None:
                task = told(await line.submit(prompt)).get("id")
            phase = None
            while phase != "succeeded":
                phase = told(await line.status(task)).get("status")


def told(heard: Heard | None) -> dict[str, str]:
    """What a call was answered; nothing where a fault stood in the way."""
    if heard is None or heard.status != 200:
        assert heard is None or heard.fault is not None, heard
        return {}
    value: dict[str, str] = heard.json
    return value


def calls_of(world: World) -> list[Struck]:
    """The calls in the order in which they came."""
    prompts: dict[str, str] = {}
    attempts: Counter[tuple[str, str]] = Counter()
    found = []
    for entry in world.journal:
        request = request_of(entry, prompts)
        attempts[entry.operation, request] += 1
        attempt = attempts[entry.operation, request]
        waits = tuple(step.seconds for step in entry.script if isinstance(step, Wait))
        found.append(Struck(entry.operation, request, attempt, entry.fault, waits))
    return found


def request_of(entry: Entry, prompts: dict[str, str]) -> str:
    """The prompt that a call is about; ``prompts`` has those of the tasks so far."""
    if entry.operation == "submit":
        prompt = str(json.loads(entry.body)["prompt"])
        if entry.task is not None:
            prompts[entry.task] = prompt
        return prompt
    return prompts[entry.path.rpartition("/")[2]]


def test_the_same_faults_strike_one_caller_16_and_64(story: str) -> None:
    alone, some, many = (calls_of(world_after(story, callers)) for callers in (1, 16, 64))
    assert Counter(alone) == Counter(some) == Counter(many)
    assert alone != some != many, "the calls must have come in another order"


def test_every_fault_of_the_story_strikes(story: str) -> None:
    faults = {call.fault for call in calls_of(world_after(story, 16))}
    assert faults == {
        *(None, "429", "lost_reply", "reset", "html", "503", "cut"),
        "delay(low=0.1, high=2)",
    }


def test_calls_with_equal_bodies_share_their_attempts(story: str) -> None:
    async def twins(mock: Running, callers: int) -> None:
        numbers = iter(range(ORDERS))
        await asyncio.gather(*(twin(mock, numbers) for _ in range(callers)))

    async def twin(mock: Running, numbers: Iterator[int]) -> None:
        async with Line(mock.url, mock.api_key) as line:
            for _ in numbers:
                await line.submit("twin")

    runs = []
    for callers in (1, 16):
        with start(scenario=story, speed=1000) as mock:
            asyncio.run(twins(mock, callers))
            runs.append(calls_of(mock.mock.sessions.default.world))
    assert runs[0] == runs[1]


@pytest.fixture
def busy_files(tmp_path: Path) -> str:
    """The path of a story in which many downloads are refused at first."""
    path = tmp_path / "files.yaml"
    path.write_text(
        "title: Files\nwhy: They are refused.\nchaos: {result: {'503': 0.5}}\n", "utf-8"
    )
    return str(path)


def test_the_same_files_are_refused_in_whatever_order_they_are_fetched(busy_files: str) -> None:
    forth, back = (refused_files(busy_files, order) for order in ("abcd", "dcba"))
    assert forth == back
    assert {fault for *_, fault in forth} == {None, "503"}


def refused_files(story: str, prompts: str) -> set[tuple[str, int, str | None]]:
    """What strikes each file of the tasks with these prompts, ordered and fetched in this order."""
    found = set()
    with caller(scenario=story) as one:
        for prompt in prompts:
            task = one.finished(prompt=prompt, n=2, size="1:1")
            for index, file in enumerate(task["result"]["data"]):
                one.get(file["url"])
                entry = one.world.journal.last
                assert entry is not None
                found.add((prompt, index, entry.fault))
    return found


@pytest.mark.parametrize("path", ["/nowhere", "/v1/models"])
def test_calls_without_a_task_or_a_body_are_told_apart_by_their_path(
    busy_files: str, path: str
) -> None:
    with caller(scenario=busy_files) as one:
        for other in ("/v1/balance", path, "/elsewhere", path):
            one.get(other)
        assert sorted(one.world.attempts.values()) == [1, 1, 2]


def test_a_world_remembers_so_many_attempts_and_no_more(
    busy_files: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mock_server.core.strikes._MOST_ATTEMPTS", 3)
    with caller(scenario=busy_files) as one:
        for number in range(5):
            one.get(f"/{number}")
        assert len(one.world.attempts) == 3


def test_the_exported_plan_lets_the_same_faults_strike_the_same_calls(
    story: str, tmp_path: Path
) -> None:
    with start(scenario=story, speed=1000) as mock:
        asyncio.run(place_all(mock, 16))
        first = mock.mock.sessions.default.world
        exported = httpx.get(f"{mock.url}/_mock/sessions/default/export").text
    exact = tmp_path / "exact.yaml"
    exact.write_text(exported, "utf-8")
    with start(scenario=str(exact), speed=1000) as mock:
        asyncio.run(repeat(mock, list(first.journal)))
        second = mock.mock.sessions.default.world
    assert (second.scenario.chaos, second.plan.unspent) == ({}, ())
    assert calls_of(second) == calls_of(first)
    assert answers(second) == answers(first)


async def repeat(mock: Running, entries: list[Entry]) -> None:
    """Make the calls of a journal once more, one after the other."""
    tasks = [entry.task for entry in entries if entry.created]
    async with Line(mock.url, mock.api_key) as line:
        for entry in entries:
            if entry.operation == "submit":
                await line.ask("POST", SUBMIT, entry.body)
            else:
                place = tasks.index(entry.path.rpartition("/")[2])
                await line.status(list(mock.mock.sessions.default.world.tasks)[place])


def answers(world: World) -> list[tuple[object, ...]]:
    """What was answered, call by call."""
    return [(e.operation, e.phase, e.status, e.created) for e in world.journal]
