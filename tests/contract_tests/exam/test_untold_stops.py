"""Stories in which nobody can be stopped take no time of an exam in real time."""

import asyncio
import sys

import httpx

from contract_tests.clients.client import Client, Now
from contract_tests.clients.command import CommandClient
from contract_tests.clients.listening import ListeningClient
from contract_tests.exam.exam import examine
from contract_tests.exam.settings import Progress, Settings
from contract_tests.exam.untold import told_stops
from contract_tests.outcome import Job, Outcome, OutcomeStatus
from contract_tests.stories.levels import Level, stories
from contract_tests.trace import Ability, Done
from mock_server.core.client_plan import Stop, StopBy
from mock_server.core.scenario import Scenario
from mock_server.loading.profiles import load_profile

COMMAND = [sys.executable, "-c", "raise SystemExit('told: {base_url} {api_key}')"]


def quick() -> tuple[Scenario, ...]:
    return stories(load_profile("guide"), Level.QUICK)


def stopped_by(client: Client) -> set[StopBy]:
    """The ways to stop in the stories that the client is given."""
    played, _ = told_stops(client, quick())
    return {one.client.stop.by for one in played if one.client.stop is not None}


def test_a_command_is_only_stopped_by_signals() -> None:
    client = CommandClient(COMMAND)
    assert stopped_by(client) == {StopBy.SIGNAL}
    _, notes = told_stops(client, quick())
    assert notes == ("left out, 3 of the stories: stops that the client cannot be told (cancel)",)


def test_whoever_is_driven_from_elsewhere_is_not_stopped_at_all() -> None:
    assert stopped_by(ListeningClient()) == set()
    _, (note,) = told_stops(ListeningClient(), quick())
    assert "(cancel, signal)" in note


def test_a_client_that_can_be_told_everything_is_given_everything() -> None:
    client = CommandClient(COMMAND)
    client.abilities |= {Ability.CANCELS}
    assert told_stops(client, quick()) == (quick(), ())


class Glance(Client):
    """Looks at the models, and has done its job."""

    name = "glance"
    abilities = frozenset({Ability.PROMPTS})

    async def do(self, job: Job, now: Now, stop: Stop | None = None, limit: float = 600.0) -> Done:
        assert stop is None
        started = now()
        await asyncio.to_thread(httpx.get, f"{job.base_url}/models")
        return Done(job, Outcome(OutcomeStatus.FAILED), started, now())


def test_an_exam_tells_how_far_it_is_of_what_is_really_played() -> None:
    heard: list[Progress] = []
    examination = examine(Glance(), Settings(level=Level.QUICK, hear=heard.append))
    assert [one.played for one in heard] == list(range(len(examination.stories) + 1))
    assert heard[-1].played == heard[-1].planned < len(quick())
