"""A long-lived process is told jobs in lines of JSON, and answers in any order."""

import asyncio
import json
import time
from pathlib import Path

import pytest

from contract_tests.clients.json_lines import JsonLinesClient
from contract_tests.outcome import OutcomeStatus
from contract_tests.trace import Ability, Done
from mock_server.core.client_plan import Stop, StopBy
from tests.contract_tests.clients.doing import KEY, PATIENCE, job, living
from tests.contract_tests.clients.long_lived import (
    all_done,
    client,
    do,
    outcome,
    with_begun,
)

ALWAYS = {Ability.PROMPTS, Ability.REPORTS, Ability.SIGNALLED, Ability.PRINTS}


def test_a_client_says_what_it_can() -> None:
    ready = {
        "name": "my client",
        "abilities": ["parallel", "cancels", "downloads", "progress"],
        "most_at_once": 4,
        "gives_up_after": 90,
    }
    subject = client(ready=ready)
    all_done(subject)
    declared = {Ability.PARALLEL, Ability.CANCELS, Ability.DOWNLOADS, Ability.PROGRESS}
    assert subject.abilities == ALWAYS | declared
    assert (subject.most_at_once, subject.gives_up_after) == (4, 90)
    assert subject.name == "my client"


def test_a_client_that_says_nothing_of_itself_can_do_one_job_at_a_time() -> None:
    subject = client(ready={})
    assert all_done(subject) == []
    assert subject.abilities == ALWAYS
    assert subject.most_at_once is None
    assert subject.name.endswith("json_lines_client.py")


def test_the_name_that_the_caller_gives_counts_for_more() -> None:
    subject = client(ready={"name": "its own"}, name="mine")
    all_done(subject)
    assert subject.name == "mine"


def test_a_job_is_told_whole() -> None:
    (found,) = all_done(client(), "tell", size="2:3", n=2, references=("http://h/1",))
    told = json.loads(outcome(found).urls[0])
    assert told["api_key"] == KEY
    assert told["api_root"] + "/v1" == told["base_url"]
    assert told["job"]["references"] == ["http://h/1"]
    assert (told["job"]["size"], told["job"]["n"], told["job"]["mask"]) == ("2:3", 2, None)


def test_many_jobs_are_done_by_one_process() -> None:
    found = all_done(client(), "a", "b", "c")
    assert [outcome(one).status for one in found] == [OutcomeStatus.SUCCEEDED] * 3
    assert len({one.process for one in found}) == 1
    assert outcome(found[0]).message == found[0].process


def test_results_come_in_any_order() -> None:
    async def use(begun: JsonLinesClient) -> list[Done]:
        return await asyncio.gather(*(do(begun, word) for word in ("later", "later", "now")))

    found = with_begun(client(), use)
    assert [outcome(one).task_id for one in found] == ["1", "2", "3"]


def test_jobs_of_one_session_share_a_process_beyond_what_it_declares() -> None:
    ready = {"abilities": ["parallel"], "most_at_once": 1}

    async def use(begun: JsonLinesClient) -> list[Done]:
        return await asyncio.gather(*(do(begun, word) for word in ("later", "now")))

    assert len({one.process for one in with_begun(client(ready=ready), use)}) == 1


@pytest.mark.parametrize("abilities", [[], ["parallel"]])
def test_jobs_of_other_sessions_get_a_process_when_one_is_busy(abilities: list[str]) -> None:
    async def use(begun: JsonLinesClient) -> list[Done]:
        keys = ("sk-1", "sk-2", "sk-3")
        return await asyncio.gather(*(do(begun, "slowly", api_key=key) for key in keys))

    subject = client(ready={"abilities": abilities, "most_at_once": 1})
    assert len({one.process for one in with_begun(subject, use)}) == 3


def test_another_client_is_another_process() -> None:
    async def use(begun: JsonLinesClient) -> list[Done]:
        twin = begun.another()
        await twin.begin()
        try:
            return [await do(begun, "a"), await do(twin, "a")]
        finally:
            await twin.end()

    first, second = with_begun(client(), use)
    assert first.process != second.process


def test_progress_is_told_on_the_way() -> None:
    subject = client()
    (found,) = all_done(subject, "progress")
    assert found.progress == (10.0, 100.0)
    assert Ability.PROGRESS in subject.abilities


def test_a_job_can_be_cancelled() -> None:
    async def use(begun: JsonLinesClient) -> Done:
        stop = Stop(StopBy.CANCEL, 0.05)
        return await begun.do(job(prompt="later"), time.time, stop, PATIENCE)

    found = with_begun(client(), use)
    assert outcome(found).status is OutcomeStatus.CANCELLED
    assert found.stopped is not None
    assert found.stopped >= found.started + 0.05


def test_a_job_that_cannot_be_cancelled_has_no_outcome() -> None:
    async def use(begun: JsonLinesClient) -> Done:
        return await begun.do(job(prompt="hang"), time.time, Stop(StopBy.CANCEL, 0), PATIENCE)

    found = with_begun(client(patience=0.1), use)
    assert found.outcome is None
    assert found.stopped is not None


def test_a_signal_goes_to_a_process_of_its_own() -> None:
    async def use(begun: JsonLinesClient) -> list[Done]:
        stop = Stop(StopBy.SIGNAL, 0.05)
        told = begun.do(job(prompt="hang"), time.time, stop, PATIENCE)
        return [*await asyncio.gather(told, do(begun, "slowly")), await do(begun, "again")]

    told, other, again = with_begun(client(), use)
    assert (outcome(told).status, outcome(told).exit_status) == (OutcomeStatus.CANCELLED, -15)
    assert outcome(other).status is OutcomeStatus.SUCCEEDED
    assert told.process != other.process == again.process


def test_a_process_that_ignores_a_signal_is_ended(tmp_path: Path) -> None:
    async def use(begun: JsonLinesClient) -> Done:
        return await begun.do(job(prompt="later"), time.time, Stop(StopBy.SIGNAL, 0), PATIENCE)

    found = with_begun(client(env={"STUBBORN": "1"}, patience=0.1, grace=0.1), use)
    assert found.outcome is None
    (tmp_path / "pid").write_text(found.process)
    assert living(tmp_path / "pid") == []


@pytest.mark.parametrize("env", [{}, {"STUBBORN": "1"}])
def test_nothing_runs_after_the_end(env: dict[str, str], tmp_path: Path) -> None:
    found = all_done(client(env=env, grace=0.1 if env else PATIENCE), "a", "b")
    (tmp_path / "pids").write_text(" ".join(one.process for one in found))
    assert living(tmp_path / "pids") == []
