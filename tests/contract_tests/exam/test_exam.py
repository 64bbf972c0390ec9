"""An exam from its front door: what is played, what is found, and that a replay finds the same."""

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from contract_tests import Examination, Overall, Verdict, check_client
from contract_tests.clients.client import Client, ClientError, Escaped, Now
from contract_tests.exam.settings import Progress
from contract_tests.examination import Ruling
from contract_tests.outcome import Job, Outcome, OutcomeStatus
from contract_tests.trace import Ability, Done
from mock_server.core.client_plan import Stop
from mock_server.loading.data_error import DataError
from mock_server.loading.profiles import load_profile
from mock_server.loading.scenarios import read_scenario
from tests.contract_tests.exam.careless import careless
from tests.good_clients.async_aiohttp import AsyncAiohttp

BUSY = "faults/busy-then-ok"


@pytest.fixture(scope="module")
def found() -> Examination:
    """What an exam of the careless client finds in four stories."""
    stories = ["lifecycle/happy-path", BUSY, "faults/busy-polls", "poll-1/429"]
    return check_client(careless, stories=stories)


def ruling(examination: Examination, rule: str) -> Ruling:
    return next(one for one in examination.rulings if one.statement.id == rule)


def test_a_careful_client_breaks_nothing() -> None:
    examination = check_client(AsyncAiohttp(), stories=["lifecycle/happy-path", BUSY])
    assert [one for one in examination.rulings if one.broken_in] == []
    assert ruling(examination, "backoff-floor").verdict is Verdict.PASSED


def test_a_careless_client_fails_the_rule_that_it_breaks(found: Examination) -> None:
    assert found.overall is Overall.NOT_CONFORMANT
    broken = ruling(found, "backoff-floor")
    assert broken.verdict is Verdict.FAILED
    assert broken.broken_in == (BUSY,)


def test_every_rule_has_a_ruling_in_the_order_of_the_catalogue(found: Examination) -> None:
    numbers = [one.statement.number for one in found.rulings]
    assert len(numbers) == 69
    assert (numbers[0], numbers[-1]) == ("REQ-01", "CON-05")


def test_a_rule_that_nothing_showed_is_never_green(found: Examination) -> None:
    assert ruling(found, "gzip-decoded").verdict is Verdict.NOT_EXERCISED


def test_the_story_with_the_fewest_faults_decides(found: Examination) -> None:
    broken = ruling(found, "retry-429-poll")
    assert set(broken.broken_in) == {"faults/busy-polls", "poll-1/429"}
    assert broken.deciding == "poll-1/429"


def test_a_counterexample_is_a_scenario_file_with_as_few_faults_as_can_be() -> None:
    examination = check_client(careless, stories=[BUSY])
    example = ruling(examination, "backoff-floor").counterexample
    assert example is not None
    ((name, text),) = example.files.items()
    assert name == "found/backoff-floor.yaml"
    story = read_scenario(text, load_profile("guide"), "found/backoff-floor")
    assert [one.text for one in story.plan.queues["submit"]] == ["429 x2"]
    assert story.expect == ("backoff-floor",)
    assert example.faults == 1
    command = "safelight check-client --python tests.contract_tests.exam.careless:careless"
    assert example.replay == f"{command} --story scenarios/found/backoff-floor.yaml"


@pytest.mark.proof
def test_a_replay_of_a_counterexample_gives_the_same_verdict_every_time(
    found: Examination, tmp_path: Path, proof_size: Callable[[int, int], int]
) -> None:
    example = ruling(found, "backoff-floor").counterexample
    assert example is not None
    file = tmp_path / "found.yaml"
    file.write_text(next(iter(example.files.values())), "utf-8")
    stories = [
        read_scenario(file.read_text("utf-8"), load_profile("guide"), f"found-{number}")
        for number in range(proof_size(5, 100))
    ]
    again = check_client(careless, stories=stories)
    assert set(ruling(again, "backoff-floor").broken_in) == {one.name for one in stories}


def test_a_story_tells_its_calls_in_virtual_time(found: Examination) -> None:
    story = next(one for one in found.stories if one.name == BUSY)
    calls = [(one.seconds, one.what, one.answered) for one in story.moments if one.kind == "call"]
    assert calls[2:4] == [(0.0, "submit", "429"), (0.0, "submit", "200 queued")]
    assert story.timing == "virtual"
    assert story.har is not None


def test_an_exam_tells_how_far_it_is() -> None:
    heard: list[Progress] = []
    check_client(careless, stories=["submit/429"], hear=heard.append)
    assert [(one.played, one.planned, one.story) for one in heard] == [(1, 1, "submit/429")]


def test_a_waiver_puts_up_with_a_violation(tmp_path: Path) -> None:
    file = tmp_path / "waivers.yaml"
    row = "{rule: backoff-floor, story: '*', why: a test, until: '2999-01-01'}"
    file.write_text(f"- {row}\n", "utf-8")
    examination = check_client(careless, stories=[BUSY], waivers=file)
    assert ruling(examination, "backoff-floor").waived == "a test"


def test_an_unknown_story_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(DataError, match="faults/busy-then-ok"):
        check_client(careless, stories=["faults/busy-then-okay"])


def test_what_cannot_be_called_is_refused() -> None:
    with pytest.raises(ClientError, match="callable"):
        check_client("careless")  # type: ignore[arg-type]


class Fugitive(Client):
    """Leaves virtual time at once; in real time it makes one call and reports a failure."""

    name = "fugitive"
    abilities = frozenset({Ability.REPORTS})
    is_virtual = True
    has_fled = False

    async def do(self, job: Job, now: Now, stop: Stop | None = None, limit: float = 600.0) -> Done:
        if not self.has_fled:
            self.has_fled = True
            raise Escaped("it waited elsewhere")
        async with httpx.AsyncClient(verify=False) as api:
            await api.get(f"{job.base_url}/models", headers={"Authorization": job.api_key})
        return Done(job, Outcome(OutcomeStatus.FAILED), now(), now())


def test_a_client_that_escapes_virtual_time_is_played_in_real_time_and_that_is_told() -> None:
    heard: list[Progress] = []
    examination = check_client(Fugitive(), stories=["submit/429"], hear=heard.append)
    (story,) = examination.stories
    assert (heard[-1].played, heard[-1].planned) == (1, 1)
    assert story.timing == "real, alone"
    assert any("it waited elsewhere" in note for note in examination.notes)
