"""A long-lived process is told jobs in lines of JSON; whatever it does, the exam goes on."""

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest

from contract_tests.clients.client import ClientError
from contract_tests.clients.json_lines import JsonLinesClient
from contract_tests.outcome import Outcome, OutcomeStatus
from contract_tests.trace import Ability, Done
from mock_server.core.client_plan import Stop, StopBy
from tests.contract_tests.clients.doing import KEY, PATIENCE, job, living

PROGRAM = Path(__file__).with_name("json_lines_client.py")
COMMAND = [sys.executable, "-S", "-I", str(PROGRAM)]
ALWAYS = {Ability.REPORTS, Ability.SIGNALLED, Ability.PRINTS}

T = TypeVar("T")


def client(*, ready: dict[str, Any] | None = None, **options: Any) -> JsonLinesClient:
    env = {} if ready is None else {"READY": json.dumps(ready)}
    return JsonLinesClient(COMMAND, env={**env, **options.pop("env", {})}, **options)


def with_begun(subject: JsonLinesClient, use: Callable[[JsonLinesClient], Awaitable[T]]) -> T:
    """What comes of using a client between its begin and its end."""

    async def run() -> T:
        try:
            await subject.begin()
            return await use(subject)
        finally:
            await subject.end()

    return asyncio.run(run())


async def do(subject: JsonLinesClient, prompt: str, limit: float = PATIENCE, **job_: Any) -> Done:
    return await subject.do(job(prompt=prompt, **job_), time.time, None, limit)


def all_done(subject: JsonLinesClient, *prompts: str, **options: Any) -> list[Done]:
    """What came of jobs that were given one after the other."""

    async def use(begun: JsonLinesClient) -> list[Done]:
        return [await do(begun, prompt, **options) for prompt in prompts]

    return with_begun(subject, use)


def outcome(found: Done) -> Outcome:
    assert found.outcome is not None
    return found.outcome


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


def test_lines_that_are_no_messages_are_passed_over_and_noted() -> None:
    subject = client()
    (found,) = all_done(subject, "garbage")
    assert outcome(found).status is OutcomeStatus.SUCCEEDED
    assert outcome(found).stdout.startswith("Loading model...\n[1]\nxxx")
    assert "no message, which was passed over: 'Loading model...'" in subject.notes[0]
    assert len(subject.notes[2]) < 300


def test_a_key_that_is_printed_is_kept_for_judging_and_out_of_the_notes() -> None:
    subject = client()
    (found,) = all_done(subject, "leak")
    assert (outcome(found).stdout, outcome(found).stderr) == (f"{KEY}\n", f"{KEY}\n")
    assert KEY not in str(subject.notes)


def test_a_flood_does_not_hide_the_result() -> None:
    (found,) = all_done(client(), "flood")
    assert outcome(found).status is OutcomeStatus.SUCCEEDED
    assert len(outcome(found).stdout) < 70_000


def test_a_result_that_cannot_be_read_is_an_unknown_outcome() -> None:
    subject = client()
    (found,) = all_done(subject, "nonsense")
    assert outcome(found).status is OutcomeStatus.UNKNOWN
    assert "$.status: expected one of" in str(outcome(found).message)
    assert "it sent a message that cannot be used" in subject.notes[0]


def test_a_process_that_dies_in_the_middle_crashed_and_is_replaced() -> None:
    first, second = all_done(client(), "die", "again")
    assert (first.raised, first.typed) == ("exit status 7", False)
    assert outcome(first).exit_status == 7
    assert outcome(first).stderr == "boom\n"
    assert "ended with status 7 in the middle of the job" in str(outcome(first).message)
    assert outcome(second).status is OutcomeStatus.SUCCEEDED
    assert first.process != second.process


def test_the_error_that_a_process_died_of_is_told() -> None:
    (found,) = all_done(client(), "crash")
    assert (found.raised, found.typed) == ("KeyError", False)


def test_all_jobs_of_a_process_that_dies_are_over() -> None:
    async def use(begun: JsonLinesClient) -> list[Done]:
        return await asyncio.gather(*(do(begun, word) for word in ("later", "die")))

    assert [one.raised for one in with_begun(client(), use)] == ["exit status 7"] * 2


def test_a_process_that_does_not_answer_is_left_alone_and_replaced() -> None:
    async def use(begun: JsonLinesClient) -> list[Done]:
        return [await do(begun, "hang", limit=0.2), await do(begun, "again")]

    first, second = with_begun(client(), use)
    assert first.outcome is None
    assert outcome(second).status is OutcomeStatus.SUCCEEDED
    assert first.process != second.process


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


def test_connections_of_an_idle_process_are_counted() -> None:
    assert [one.leftovers for one in all_done(client(), "a", "leave", "b", "leave")] == [0, 1, 1, 2]


def refusal(command: list[str], start_up: float = PATIENCE) -> str:
    with pytest.raises(ClientError) as refused:
        with_begun(JsonLinesClient(command, start_up=start_up), lambda begun: do(begun, "a"))
    return str(refused.value)


def test_a_process_that_is_no_long_lived_client_is_refused_with_what_it_printed() -> None:
    message = refusal(["bash", "-c", "echo usage: client PROMPT >&2; exit 2"])
    assert 'expected the line {"type": "ready"} as the answer to {"type": "start"}' in message
    assert "the process ended with status 2; it printed:\nusage: client PROMPT" in message


def test_a_process_that_never_says_that_it_is_ready_is_refused() -> None:
    message = refusal(["bash", "-c", "echo hello; exec sleep 1000"], start_up=0.2)
    assert "within 0.2 s, nothing came; it printed:\nhello" in message


def test_a_process_that_does_not_exist_is_refused() -> None:
    assert "cannot run 'basch'" in refusal(["basch"])


def test_no_command_at_all_is_refused() -> None:
    with pytest.raises(ClientError, match="expected a command"):
        JsonLinesClient([])


def test_a_job_that_finds_no_process_is_not_begun(tmp_path: Path) -> None:
    flag = tmp_path / "flag"
    once = f'if [ -e {flag} ]; then exit 9; fi; touch {flag}; exec "$@"'
    subject = JsonLinesClient(["bash", "-c", once, "once", *COMMAND])
    first, second = all_done(subject, "die", "again")
    assert first.raised == "exit status 7"
    assert outcome(second).status is OutcomeStatus.UNKNOWN
    assert "not begun: expected the line" in str(outcome(second).message)
    assert "a job could not be given to it" in subject.notes[0]
