"""Python callables as clients: what they can do, what they return and what they raise."""

import functools
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from contract_tests.clients.callables import client_of
from contract_tests.clients.client import ClientError
from contract_tests.outcome import Job, Outcome, OutcomeStatus
from contract_tests.trace import Ability
from mock_server.core.client_plan import Stop, StopBy
from tests.contract_tests.clients.stage import alone, play

SUCCEEDED = Outcome(OutcomeStatus.SUCCEEDED)


def plain(job: Job) -> Outcome:
    return SUCCEEDED


async def coroutine(job: Job) -> Outcome:
    return SUCCEEDED


class Api:
    def order(self, job: Job) -> Outcome:
        return SUCCEEDED

    async def __call__(self, job: Job) -> Outcome:
        return SUCCEEDED


def returned(value: object) -> Outcome:
    (done,) = alone(lambda job: value)
    assert done.outcome is not None
    return done.outcome


def odd(**members: Any) -> Outcome:
    """An outcome as a client without type checks may put it together."""
    return Outcome(**{"status": OutcomeStatus.SUCCEEDED, **members})


def picture() -> bytes:
    file = io.BytesIO()
    Image.effect_noise((32, 32), 50).save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize(
    ("client", "name"),
    [
        (plain, "tests.contract_tests.clients.test_callables:plain"),
        (functools.partial(plain), "tests.contract_tests.clients.test_callables:plain"),
        (Api().order, "tests.contract_tests.clients.test_callables:Api.order"),
        (Api(), "tests.contract_tests.clients.test_callables:Api"),
    ],
)
def test_a_client_is_named_after_its_callable(client: Callable[..., Any], name: str) -> None:
    assert client_of(client).name == name
    assert client_of(client, name="ours").name == "ours"


@pytest.mark.parametrize("client", [coroutine, Api(), functools.partial(coroutine)])
def test_a_coroutine_function_can_be_cancelled(client: Callable[..., Any]) -> None:
    assert Ability.CANCELS in client_of(client).abilities
    assert Ability.CANCELS not in client_of(client, cancels=False).abilities


def test_a_function_that_waits_cannot_be_cancelled() -> None:
    assert Ability.CANCELS not in client_of(plain).abilities
    with pytest.raises(ClientError, match=r"cancels: expected an async function, seen .*:plain"):
        client_of(plain, cancels=True)


def test_what_a_caller_declares_is_what_the_client_can_do() -> None:
    client = client_of(plain, downloads=True, parallel=False, most_at_once=4, gives_up_after=90.0)
    always = {Ability.PROMPTS, Ability.REPORTS, Ability.PRINTS}
    assert client.abilities == always | {Ability.DOWNLOADS}
    assert client.is_virtual
    assert (client.most_at_once, client.gives_up_after) == (4, 90.0)
    assert Ability.PARALLEL in client_of(plain).abilities


@pytest.mark.parametrize(
    ("client", "words"),
    [
        (None, "expected a callable, seen NoneType None"),
        ("client.py", "expected a callable, seen str 'client.py'"),
        (lambda: None, r"<lambda>\(\): expected a callable that takes a job alone, but too many"),
        (lambda job, key: None, "takes a job alone, but missing a required argument: 'key'"),
    ],
)
def test_what_cannot_be_called_with_a_job_is_refused(client: Any, words: str) -> None:
    with pytest.raises(ClientError, match=words):
        client_of(client)


@pytest.mark.parametrize(
    "client",
    [
        lambda job, report: report(10) or report(55.5) or report("half") or SUCCEEDED,
        lambda job, *, on_progress: on_progress(10) or on_progress(55.5) or SUCCEEDED,
        lambda job, progress=None: progress(10) or progress(55.5) or SUCCEEDED,
    ],
)
def test_a_client_that_takes_a_callable_for_it_reports_progress(client: Any) -> None:
    (done,) = alone(client)
    assert done.progress == (10, 55.5)


def test_progress_is_an_ability_only_of_those_who_take_such_a_callable() -> None:
    assert Ability.PROGRESS in client_of(lambda job, report=None: SUCCEEDED).abilities
    assert Ability.PROGRESS not in client_of(plain).abilities


def test_an_outcome_is_passed_on() -> None:
    outcome = Outcome(OutcomeStatus.FAILED, "task-1", ("http://a/1",), 402, "no credits")
    found = returned(outcome)
    assert (found.status, found.task_id, found.urls) == (outcome.status, "task-1", ("http://a/1",))
    assert (found.code, found.message, found.duration) == (402, "no credits", 0.0)


def test_a_status_by_its_name_and_urls_in_a_list_are_forgiven() -> None:
    found = returned(odd(status="succeeded", urls=["http://a/1", "http://a/2"]))
    assert found.status is OutcomeStatus.SUCCEEDED
    assert found.urls == ("http://a/1", "http://a/2")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "expected an Outcome, seen None: return contract_tests.outcome.Outcome("),
        ({"status": "succeeded"}, "expected an Outcome, seen dict {'status': 'succeeded'}: "),
        (odd(status="done"), "a status of succeeded, failed, cancelled, unknown, seen 'done'"),
        (odd(urls="http://a"), "expected urls as a list of texts, seen 'http://a'"),
        (odd(urls=(1,)), "expected urls as a list of texts, seen (1,)"),
    ],
)
def test_anything_else_leaves_the_outcome_unknown_and_says_why(value: Any, words: str) -> None:
    found = returned(value)
    assert found.status is OutcomeStatus.UNKNOWN
    assert words in (found.message or "")


def test_files_that_a_client_leaves_are_noted_and_show_that_it_downloads(tmp_path: Path) -> None:
    def client(job: Job) -> Outcome:
        assert job.out_dir is not None
        (job.out_dir / "image.png").write_bytes(picture())
        (job.out_dir / "cut.png").write_bytes(picture()[:400])
        return SUCCEEDED

    examined = client_of(client)
    files = play(examined, folder=tmp_path).done.files
    assert [(one.name, one.is_image) for one in files] == [("cut.png", False), ("image.png", True)]
    assert Ability.DOWNLOADS in examined.abilities


def test_a_signal_is_for_processes_only() -> None:
    async def client(job: Job) -> Outcome:
        return SUCCEEDED

    assert play(client_of(client), stop=Stop(StopBy.SIGNAL, 0.0)).done.stopped is None
