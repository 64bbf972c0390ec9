"""Whatever a long-lived process does, the exam goes on and says what was wrong."""

import asyncio
from pathlib import Path

import pytest

from contract_tests.clients.client import ClientError
from contract_tests.clients.json_lines import JsonLinesClient
from contract_tests.outcome import OutcomeStatus
from contract_tests.trace import Done
from tests.contract_tests.clients.doing import KEY, PATIENCE
from tests.contract_tests.clients.long_lived import (
    COMMAND,
    all_done,
    client,
    do,
    outcome,
    with_begun,
)


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


def test_an_error_that_a_job_let_out_is_told() -> None:
    raw, typed = all_done(client(), "raw", "typed")
    assert (raw.raised, raw.typed) == ("KeyError", False)
    assert outcome(raw).status is OutcomeStatus.FAILED
    assert (typed.raised, typed.typed) == ("OrderError", True)
    assert outcome(typed).code == "busy"


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
    assert first.printed in ("", "hanging\n")
    assert outcome(second).status is OutcomeStatus.SUCCEEDED
    assert first.process != second.process


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
