"""What clients print is kept for their runs, and nobody else's words are taken from them."""

import logging
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from contract_tests.outcome import Job, Outcome, OutcomeStatus
from contract_tests.trace import Done
from tests.contract_tests.clients.stage import alone

SUCCEEDED = Outcome(OutcomeStatus.SUCCEEDED)
either = pytest.mark.parametrize("real", [False, True], ids=["in virtual time", "in real time"])


def printed(done: Done) -> tuple[str, str]:
    assert done.outcome is not None
    return done.outcome.stdout, done.outcome.stderr


@either
def test_both_streams_are_kept_apart(real: bool, capsys: pytest.CaptureFixture[str]) -> None:
    def client(job: Job) -> Outcome:
        print("to stdout")
        print("to stderr", file=sys.stderr)
        sys.stdout.writelines(["a", "b"])
        sys.stdout.buffer.write(b"bytes\n")
        sys.stdout.buffer.flush()
        sys.stdout.flush()
        return SUCCEEDED

    (done,) = alone(client, real=real)
    assert printed(done) == ("to stdout\nabbytes\n", "to stderr\n")
    assert capsys.readouterr() == ("", "")


@either
def test_jobs_at_once_are_told_apart(real: bool) -> None:
    async def client(job: Job) -> Outcome:
        print("job", job.id)
        return SUCCEEDED

    dones = alone(client, jobs=3, real=real)
    assert [printed(done)[0] for done in dones] == ["job 1\n", "job 2\n", "job 3\n"]


@either
def test_a_thread_of_the_client_prints_for_it(real: bool) -> None:
    def client(job: Job) -> Outcome:
        thread = threading.Thread(target=print, args=("in a thread",))
        thread.start()
        thread.join()
        return SUCCEEDED

    (done,) = alone(client, real=real)
    assert printed(done)[0] == "in a thread\n"


def test_an_error_that_ends_a_thread_is_printed_for_the_client(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # pytest has one of its own.
    monkeypatch.setattr(threading, "excepthook", threading.__excepthook__)

    def client(job: Job) -> Outcome:
        thread = threading.Thread(target=os.environ.__getitem__, args=("missing",))
        thread.start()
        thread.join()
        return SUCCEEDED

    (done,) = alone(client)
    assert "KeyError: 'missing'" in printed(done)[1]


@contextmanager
def a_handler() -> Iterator[None]:
    """A handler that was there before, as ``logging.basicConfig`` makes it."""
    one = logging.StreamHandler()
    logger = logging.getLogger("a-client")
    logger.addHandler(one)
    logger.propagate = False
    yield
    logger.removeHandler(one)


@either
def test_what_a_client_logs_is_kept_too(real: bool, capsys: pytest.CaptureFixture[str]) -> None:
    def client(job: Job) -> Outcome:
        logging.getLogger("a-client").warning("logged")
        return SUCCEEDED

    with a_handler():
        (done,) = alone(client, real=real)
        assert printed(done)[1] == "logged\n"
        logging.getLogger("a-client").warning("afterwards")
    assert capsys.readouterr().err == "afterwards\n"


def test_a_flood_is_cut_and_a_key_in_it_is_still_known() -> None:
    def client(job: Job) -> Outcome:
        for number in range(20_000):
            print("a line of a flood", job.api_key if number == 10_000 else "")
        return SUCCEEDED

    (done,) = alone(client)
    assert len(printed(done)[0]) < 100_000
    assert done.job.api_key in printed(done)[0]


def test_others_print_as_ever_meanwhile(capsys: pytest.CaptureFixture[str]) -> None:
    said = threading.Event()
    wanted = threading.Event()

    def bystander() -> None:
        wanted.wait()
        print("from a bystander")
        said.set()

    thread = threading.Thread(target=bystander)
    thread.start()

    def client(job: Job) -> Outcome:
        wanted.set()
        said.wait()
        return SUCCEEDED

    (done,) = alone(client, real=True)
    thread.join()
    assert printed(done) == ("", "")
    assert capsys.readouterr().out == "from a bystander\n"


def test_what_an_error_takes_along_is_added_to_what_was_printed() -> None:
    def client(job: Job) -> Outcome:
        print("printed")
        return Outcome(OutcomeStatus.SUCCEEDED, stdout="told\n")

    (done,) = alone(client)
    assert printed(done)[0] == "told\nprinted\n"
