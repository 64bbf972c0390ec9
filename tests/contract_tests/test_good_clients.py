"""The good clients break no rule: not in one of many stories, in virtual time and in real time."""

from collections.abc import Callable
from pathlib import Path

import pytest

from contract_tests.clients.callables import client_of
from contract_tests.clients.client import Client
from contract_tests.clients.command import CommandClient
from contract_tests.exam.exam import examine
from contract_tests.exam.settings import Settings
from contract_tests.exam.venue import Wish
from contract_tests.examination import Examination
from contract_tests.finding import Verdict
from contract_tests.stories.levels import Level, stories
from mock_server.core.scenario import Scenario
from mock_server.loading.profiles import load_profile
from tests.bad_clients.bad_client import GOOD_CLIENTS, AnyClient
from tests.bad_clients.playing import BROKEN, story_named
from tests.good_clients.async_aiohttp import AsyncAiohttp
from tests.good_clients.async_httpx import AsyncHttpx
from tests.good_clients.sync_requests import SyncRequests
from tests.good_clients.sync_urllib import SyncUrllib

IN_PYTHON: tuple[type[AnyClient], ...] = (AsyncHttpx, AsyncAiohttp, SyncRequests, SyncUrllib)
PROGRAMS = {"node_fetch.mjs": "node", "bash_curl.sh": "bash"}
MANY = 5_000
# Every so many stories of a quick exam, another set for each client.
APART = 7
# A success, and what shows in a moment how a program takes errors.
SHORT = ("lives/usual", "submit/400", "submit/401", "submit/lost-reply", "submit/redirect-302")
# They wait for a free place where twenty jobs are refused at once, and give up before any cap.
NEVER_SHOWN = {"no-herd", "backoff-cap"}
GREEN = (Verdict.PASSED, Verdict.NOT_APPLICABLE)

ProofSize = Callable[[int, int], int]


def examined(client: Client, folder: Path, chosen: tuple[Scenario, ...] | None) -> Examination:
    """The exam of a client with these stories, or with all of the usual ones."""
    settings = Settings(wish=Wish(folder=folder), chosen=chosen, shrinks=False)
    return examine(client, settings)


def complaints(exam: Examination) -> dict[str, str]:
    """What was found wrong, rule by rule."""
    return {
        one.statement.id: f"{one.broken_in}: {one.finding and one.finding.seen}"
        for one in exam.rulings
        if one.verdict in BROKEN
    }


def not_green(exam: Examination) -> set[str]:
    """The rules that were neither kept nor out of place."""
    return {one.statement.id for one in exam.rulings if one.verdict not in GREEN}


@pytest.mark.proof
@pytest.mark.parametrize("build", IN_PYTHON)
def test_a_good_client_in_python_breaks_nothing(
    build: type[AnyClient], tmp_path: Path, proof_size: ProofSize
) -> None:
    good = build()
    client = client_of(good, downloads=True, most_at_once=good.at_once)
    contract = load_profile("guide")
    is_full = proof_size(0, 1) == 1
    if is_full:
        listed = stories(contract, Level.DEFAULT)
        chosen = stories(contract, Level.THOROUGH, more=MANY - len(listed))
    else:
        chosen = stories(contract, Level.QUICK)[IN_PYTHON.index(build) :: APART]
    exam = examined(client, tmp_path, chosen)
    assert complaints(exam) == {}
    assert not any("real time" in note for note in exam.notes)
    assert len(exam.stories) == len(chosen)
    assert not is_full or not_green(exam) == NEVER_SHOWN


@pytest.mark.proof
@pytest.mark.parametrize("program", PROGRAMS)
def test_a_good_program_breaks_nothing(program: str, tmp_path: Path, proof_size: ProofSize) -> None:
    command = (PROGRAMS[program], str(GOOD_CLIENTS / program))
    short = tuple(story_named()[name] for name in SHORT)
    for _ in range(proof_size(1, 3)):
        client = CommandClient(command, env={"JOB": "{job}"}, name=program)
        exam = examined(client, tmp_path, None if proof_size(0, 1) else short)
        assert complaints(exam) == {}
