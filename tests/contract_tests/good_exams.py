"""Exams of the careful clients: who they are, in which stories, and what was held against them."""

import random
import time
from functools import cache
from pathlib import Path

from contract_tests import Examination
from contract_tests.clients.callables import client_of
from contract_tests.clients.client import Client
from contract_tests.clients.command import CommandClient
from contract_tests.exam.exam import examine
from contract_tests.exam.settings import Settings
from contract_tests.finding import Verdict
from contract_tests.stories.levels import stories
from mock_server.core.scenario import Scenario
from mock_server.loading.profiles import load_profile
from tests.bad_clients.bad_client import AnyClient
from tests.good_clients.async_aiohttp import AsyncAiohttp
from tests.good_clients.async_httpx import AsyncHttpx
from tests.good_clients.careful import Careful
from tests.good_clients.reading import asked_to_wait
from tests.good_clients.steps import Reply
from tests.good_clients.sync_requests import SyncRequests
from tests.good_clients.sync_urllib import SyncUrllib

# Of rules that are meant for a client, and that nothing has shown.
OPEN = (Verdict.NOT_EXERCISED, Verdict.INCONCLUSIVE)
OTHER_PROFILES = ("reference", "live")
PROFILES = ("guide", *OTHER_PROFILES)
LIBRARIES: dict[str, type[AnyClient]] = {
    "aiohttp": AsyncAiohttp,
    "httpx": AsyncHttpx,
    "requests": SyncRequests,
    "urllib": SyncUrllib,
}
_FOLDER = Path(__file__).resolve().parents[1] / "good_clients"
PROGRAMS = {
    "node": ("node", str(_FOLDER / "node_fetch.mjs")),
    "bash": ("bash", str(_FOLDER / "bash_curl.sh")),
}


class Persistent(Careful):
    """As careful, but it takes more refusals, up to pauses that doubling would make too long."""

    steps = (1, 2, 4, 8, 16, 32, 48, 48)


class FullJitter(Careful):
    """As careful, but its pauses are drawn from nothing up to the whole step; 5xx are repeated."""

    def backoff(self, attempt: int, reply: Reply | None = None) -> float:
        """The draw, unless the server asks for more."""
        asked = None if reply is None else asked_to_wait(reply, self.patience, time.time())
        step = self.steps[min(attempt, len(self.steps) - 1)]
        return max(random.random() * step, asked or 0)

    def is_busy(self, reply: Reply) -> bool:
        """Whether to send the same order later: after any answer that is no refusal for good."""
        return reply.status in (408, 409, 425, 429) or reply.status >= 500


def python_client(
    library: str, way: type[Careful] = Careful, at_once: int = 8, name: str | None = None
) -> Client:
    """A careful client over one of the libraries, as an exam takes it."""
    client = LIBRARIES[library](way, at_once)
    return client_of(client, name=name or library, downloads=True, most_at_once=at_once)


@cache
def listed(profile: str) -> tuple[Scenario, ...]:
    """All stories of a default exam."""
    return stories(load_profile(profile))


def some(profile: str, count: int, seed: object) -> tuple[Scenario, ...]:
    """So many of them; the seed decides which."""
    return tuple(random.Random(str(seed)).sample(listed(profile), count))


def telling(profile: str, each: int) -> tuple[Scenario, ...]:
    """The first stories, so many each, of every rule that one is meant for."""
    rules = {rule for story in listed(profile) for rule in story.expect}
    meant = {rule: [one for one in listed(profile) if rule in one.expect] for rule in rules}
    names = {one.name for found in meant.values() for one in found[:each]}
    return tuple(one for one in listed(profile) if one.name in names)


def in_real_time(program: str, settings: Settings) -> Examination:
    """The exam of a program that is started anew for each job."""
    client = CommandClient(PROGRAMS[program], env={"JOB": "{job}"}, name=program)
    return examine(client, settings)


def held_against(examination: Examination, *verdicts: Verdict) -> list[str]:
    """What was found with these verdicts: rule, story, what was seen, and the story as a file."""
    told = []
    for ruling in examination.rulings:
        for story in examination.stories:
            finding = story.found.get(ruling.statement.id)
            if finding is not None and finding.verdict in verdicts:
                told.append(f"{ruling.statement.id}: {story.name}: {finding.seen}\n{story.text}")
    return told


def broken(examination: Examination) -> list[str]:
    """All that was held against a client: failures and advice."""
    return held_against(examination, Verdict.FAILED, Verdict.ADVICE)


def with_verdict(examination: Examination, *verdicts: Verdict) -> set[str]:
    """The rules with one of these verdicts over all stories."""
    return {one.statement.id for one in examination.rulings if one.verdict in verdicts}
