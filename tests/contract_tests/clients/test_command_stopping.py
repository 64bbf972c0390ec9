"""A client is stopped in time and with all that it started, whatever it does against it."""

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest

from contract_tests.clients.client import Traffic
from contract_tests.clients.command import CommandClient
from contract_tests.clients.processes.descendants import Descendants
from contract_tests.outcome import Job, OutcomeStatus
from mock_server.core.client_plan import Stop, StopBy
from tests.contract_tests.clients.doing import PATIENCE, bash, done, job, living, signalled

# Each writes the numbers of its processes into $PIDS, a line for each of the last word's ones.
STUBBORN = {
    "never ends": "echo $$ >> $PIDS; while :; do sleep 1000; done",
    "ignores SIGTERM": "trap '' TERM; echo $$ >> $PIDS; while :; do sleep 1000; done",
    "floods its output": "echo $$ >> $PIDS; while :; do yes; done",
    "floods its errors": "echo $$ >> $PIDS; while :; do yes >&2; done",
    "forks": "sleep 1000 & echo $! $$ >> $PIDS; wait",
    "forks into a session of its own": "setsid sleep 1000 & echo $! $$ >> $PIDS; wait",
    "hides its child": "env -i setsid sleep 1000 & echo $! $$ >> $PIDS; wait",
    "forks again and again": (
        "trap '' TERM; again() { echo $BASHPID >> $PIDS; while :; do sleep 1000; again & done; }"
        "; for i in 1 2 3; do again & done; wait"
    ),
}
LEAVING = {
    "a child": "sleep 1000 & echo $! >> $PIDS",
    "a daemon": "(setsid sleep 1000 <&- >&- 2>&- & echo $! >> $PIDS)",
    "a daemon without an environment": "(env -i setsid sleep 1000 >&- 2>&- & echo $! >> $PIDS)",
    "one that holds its output": "setsid sleep 1000 & echo $! >> $PIDS",
}
stubborn = pytest.mark.parametrize("script", STUBBORN.values(), ids=STUBBORN)


class Pids:
    """The file into which a client writes the numbers of its processes."""

    def __init__(self, file: Path) -> None:
        self.file = file

    @property
    def are_written(self) -> bool:
        return self.file.exists() and bool(self.file.read_text("ascii").strip())

    def client(self, script: str, **options: Any) -> CommandClient:
        """A client, whose first call came when it had written them."""
        client = bash(script, env={"PIDS": str(self.file)}, **options)
        client.watch = lambda one: Traffic(first=time.time() if self.are_written else None)
        return client

    def now(self) -> float:
        """A clock on which all patience has ended when they are written."""
        return 1000.0 if self.are_written else 0.0


@pytest.fixture
def pids(tmp_path: Path) -> Pids:
    return Pids(tmp_path / "pids")


@stubborn
def test_a_client_that_does_not_end_is_ended_with_all_it_started(script: str, pids: Pids) -> None:
    found = asyncio.run(pids.client(script).do(job(), pids.now, None, PATIENCE))
    assert found.outcome is None
    assert (found.stopped, found.leftovers) == (None, 0)
    assert living(pids.file) == []


@stubborn
def test_a_client_that_is_told_to_stop_is_ended_with_all_it_started(
    script: str, pids: Pids
) -> None:
    found = signalled(pids.client(script, patience=0.1))
    assert found.stopped is not None
    assert (found.outcome is None) == ("trap" in script)
    assert living(pids.file) == []


@pytest.mark.parametrize("script", LEAVING.values(), ids=LEAVING)
def test_what_a_client_leaves_behind_is_counted_and_ended(script: str, pids: Pids) -> None:
    client = pids.client(f"{script}; exit 3", grace=0.1)
    found = done(client)
    assert found.outcome is not None
    assert (found.outcome.exit_status, found.leftovers) == (3, 1)
    assert "it left processes running" in client.notes[0]
    assert living(pids.file) == []


def test_what_a_client_printed_before_it_was_ended_is_kept(pids: Pids) -> None:
    client = pids.client("echo out; echo err >&2; echo $$ >> $PIDS; exec sleep 1000")
    found = asyncio.run(client.do(job(), pids.now, None, PATIENCE))
    assert (found.outcome, found.printed) == (None, "out\nerr\n")


def test_a_child_that_ends_soon_after_is_not_held_against_a_client() -> None:
    client = bash("(exec >&- 2>&-; sleep 0.05) &", grace=PATIENCE)
    assert done(client).leftovers == 0
    assert client.notes == ()


def test_a_client_that_obeys_a_signal_was_cancelled() -> None:
    found = signalled(bash("exec sleep 1000"))
    assert found.outcome is not None
    assert (found.outcome.status, found.outcome.exit_status) == (OutcomeStatus.CANCELLED, -15)
    assert found.raised is None
    assert found.stopped is not None
    assert found.started <= found.stopped <= found.ended


def test_a_client_can_say_how_it_ended_after_a_signal(pids: Pids) -> None:
    report = '{"status": "cancelled", "task_id": "t1"}'
    trap = f"trap 'echo '\\''{report}'\\''; exit 1' TERM"
    found = signalled(pids.client(f"{trap}; echo $$ >> $PIDS; sleep 1000 & wait"))
    assert found.outcome is not None
    assert (found.outcome.status, found.outcome.task_id) == (OutcomeStatus.CANCELLED, "t1")


def test_the_moment_to_stop_is_counted_from_the_first_call() -> None:
    client = bash("exec sleep 1000")
    calls: list[float] = []

    def watch(one: Job) -> Traffic:
        calls.append(time.time())
        return Traffic(first=calls[2] if len(calls) > 2 else None)

    client.watch = watch
    found = signalled(client, after=0.1)
    assert found.stopped is not None
    assert found.stopped >= calls[2] + 0.1


def test_a_client_that_ends_before_it_is_told_to_stop_is_not_told() -> None:
    found = signalled(bash("exit 0"), after=PATIENCE)
    assert found.stopped is None
    assert found.outcome is not None
    assert found.outcome.status is OutcomeStatus.SUCCEEDED


def test_a_command_cannot_be_cancelled() -> None:
    stop = Stop(StopBy.CANCEL, 0.0)
    found = asyncio.run(bash("sleep 0.05").do(job(), time.time, stop, PATIENCE))
    assert found.stopped is None
    assert found.outcome is not None


def test_patience_is_counted_by_the_clock_of_the_session() -> None:
    now = lambda: time.time() * 1000  # noqa: E731 - a clock that runs fast
    found = asyncio.run(bash("exec sleep 1000").do(job(), now, None, 100.0))
    assert found.outcome is None
    assert found.ended - found.started >= 100


def test_a_clock_that_stands_still_does_not_hold_a_client_up_for_ever() -> None:
    found = asyncio.run(bash("exec sleep 1000").do(job(), lambda: 7.0, None, 0.2))
    assert found.outcome is None


def test_a_job_that_is_given_up_takes_its_client_with_it(pids: Pids) -> None:
    client = pids.client("echo $$ >> $PIDS; exec sleep 1000")

    async def give_up() -> None:
        has_begun = asyncio.Event()

        def watch(one: Job) -> Traffic:
            if pids.are_written:
                has_begun.set()
            return Traffic()

        client.watch = watch
        never = Stop(StopBy.SIGNAL, PATIENCE)
        doing = asyncio.ensure_future(client.do(job(), time.time, never))
        await has_begun.wait()
        doing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await doing

    asyncio.run(give_up())
    assert living(pids.file) == []


def test_the_exam_goes_on_with_the_same_client(pids: Pids) -> None:
    client = pids.client("if [ -e $PIDS ]; then echo ok; else echo $$ > $PIDS; sleep 1000; fi")
    assert asyncio.run(client.do(job(), pids.now, None, PATIENCE)).outcome is None
    second = done(client).outcome
    assert second is not None
    assert second.stdout == "ok\n"


def test_two_families_do_not_take_each_other_for_their_own() -> None:
    assert Descendants().mark != Descendants().mark
    first, second = bash("exec sleep 1000"), bash("sleep 0.3; echo ok")

    async def both() -> None:
        brief = first.do(job(), time.time, None, 0.1)
        found = (await asyncio.gather(brief, second.do(job(), time.time)))[1]
        assert found.outcome is not None
        assert found.outcome.stdout == "ok\n"

    asyncio.run(both())
