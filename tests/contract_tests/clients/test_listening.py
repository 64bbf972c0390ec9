"""A client that is driven from elsewhere is told where to call, and heard until it is done."""

import asyncio
from collections.abc import Iterator

import pytest

from contract_tests.clients.client import ClientError, Traffic
from contract_tests.clients.listening import ListeningClient, show
from contract_tests.outcome import Job, OutcomeStatus
from contract_tests.trace import Ability, Done
from tests.contract_tests.clients.doing import KEY, NOWHERE, job

START = 1000.0
CREATED = Traffic(first=START + 1, last=START + 1, tasks=1, open_tasks=1)
OVER = Traffic(first=START + 1, last=START + 15, tasks=1)
REFUSED = Traffic(first=START + 1, last=START + 1)
ANSWERING = Traffic(first=START + 1, last=START + 1, in_flight=1)


class Stage:
    """Traffic as it stands at each look, on a clock that goes on by so many seconds with each."""

    def __init__(self, *looks: Traffic, step: float = 4.0) -> None:
        self.told: list[str] = []
        self.time = START
        self._step = step
        self._looks: Iterator[Traffic] = iter(looks)
        self._last = Traffic()

    def watch(self, one: Job) -> Traffic:
        self.time += self._step
        self._last = next(self._looks, self._last)
        return self._last

    def play(self, client: ListeningClient, one: Job | None = None, limit: float = 600.0) -> Done:
        client.watch = self.watch

        async def run() -> Done:
            await client.begin()
            return await client.do(one or job(), lambda: self.time, None, limit)

        return asyncio.run(run())

    def client(self) -> ListeningClient:
        return ListeningClient(self.told.append, look=0.0)


def test_its_user_is_told_where_to_call_and_what_to_order() -> None:
    stage = Stage(OVER)
    stage.play(stage.client(), job(n=2, size="3:2", references=("http://h/1",), mask="http://h/m"))
    text = "\n".join(stage.told)
    for word in (NOWHERE, KEY, "'A red fox'", "n 2", "size 3:2", "http://h/1", "http://h/m"):
        assert word in text


def test_a_story_is_over_some_quiet_seconds_after_the_end_of_its_tasks() -> None:
    stage = Stage(Traffic(), CREATED, CREATED, OVER)
    found = stage.play(stage.client())
    assert found.outcome is not None
    assert found.outcome.status is OutcomeStatus.UNKNOWN
    assert START + 15 + 5 < found.ended <= START + 15 + 5 + 4
    assert (found.process, found.stopped) == ("", None)


def test_while_a_task_goes_on_a_long_silence_is_waited_for() -> None:
    stage = Stage(Traffic(), CREATED)
    assert stage.play(stage.client()).ended > START + 1 + 65


def test_a_client_may_be_backing_off_where_no_task_was_made() -> None:
    stage = Stage(REFUSED)
    assert stage.play(stage.client()).ended > START + 1 + 65


def test_a_call_that_is_still_being_answered_is_waited_for() -> None:
    stage = Stage(*[ANSWERING] * 50, OVER)
    assert stage.play(stage.client()).ended > START + 200


def test_traffic_without_an_end_has_no_outcome() -> None:
    stage = Stage(*[ANSWERING] * 200)
    found = stage.play(stage.client(), limit=300)
    assert found.outcome is None
    assert found.ended > START + 300


def test_a_story_that_nobody_plays_is_passed_over_and_noted() -> None:
    stage = Stage(step=100.0)
    client = stage.client()
    found = stage.play(client)
    assert found.outcome is not None
    assert found.ended > START + 600
    assert client.notes == ("a story was not played: nobody called within 600 s",)


def test_nothing_is_known_of_its_outcome() -> None:
    assert Ability.REPORTS not in ListeningClient().abilities
    assert ListeningClient(name="the page").name == "the page"


def test_it_cannot_be_listened_to_where_nobody_watches() -> None:
    with pytest.raises(ClientError, match="nobody watches"):
        asyncio.run(ListeningClient().begin())


def test_lines_are_shown_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    show("call me")
    assert capsys.readouterr().out == "call me\n"
