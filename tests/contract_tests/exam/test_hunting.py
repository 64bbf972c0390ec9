"""What no listed story breaks is looked for by Hypothesis, made small, and kept."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from contract_tests import Overall, Verdict, check_client
from contract_tests.clients.callables import client_of
from contract_tests.exam.hunting import Hunt
from contract_tests.exam.judging import Judged
from contract_tests.exam.playing import VirtualPlayer
from contract_tests.exam.venue import Wish
from contract_tests.stories.levels import stories
from mock_server.loading.profiles import load_profile
from mock_server.loading.scenarios import read_scenario
from tests.good_clients.async_aiohttp import AsyncAiohttp
from tests.good_clients.careful import Careful


class OddWithSome(Careful):
    """Sends a number as a text beside two to four reference images; no listed story has so many."""

    def order(self) -> dict[str, object]:
        is_odd = 1 < len(self.job.references) < 5
        more = {"n": str(self.job.n)} if is_odd else {}
        return super().order() | more


@pytest.fixture
def player(tmp_path: Path) -> Iterator[VirtualPlayer]:
    with VirtualPlayer(client_of(AsyncAiohttp(OddWithSome)), Wish(folder=tmp_path)) as player:
        yield player


def hunted(player: VirtualPlayer, database: Path, most: int, *known: str) -> list[Judged]:
    heard: list[Judged] = []
    guide = load_profile("guide")
    Hunt(guide, player.play, heard.append, 5, database, set(known)).run(most)
    return heard


def broken(judged: Judged) -> bool:
    return judged.found["valid-request"].verdict is Verdict.FAILED


def test_a_rare_fault_is_found_and_its_smallest_story_told(
    player: VirtualPlayer, tmp_path: Path
) -> None:
    heard = hunted(player, tmp_path / "examples", 80)
    smallest = min(filter(broken, heard), key=lambda judged: judged.weight)
    job = smallest.trace.scenario.client.job
    assert (job.references, job.n, job.size, job.mask) == (2, 1, None, False)


def test_stories_that_are_drawn_have_names_of_their_own(
    player: VirtualPlayer, tmp_path: Path
) -> None:
    heard = hunted(player, tmp_path / "examples", 20)
    assert len(heard) >= 20
    assert [judged.name for judged in heard] == [f"drawn/5-{index}" for index in range(len(heard))]


def test_what_was_found_is_played_first_the_next_time(
    player: VirtualPlayer, tmp_path: Path
) -> None:
    hunted(player, tmp_path / "examples", 80)
    assert broken(hunted(player, tmp_path / "examples", 3)[0])


def test_nobody_looks_for_what_is_known_to_be_broken(player: VirtualPlayer, tmp_path: Path) -> None:
    heard = hunted(player, tmp_path / "examples", 60, "valid-request")
    assert any(map(broken, heard))
    assert 60 <= len(heard) < 80


@pytest.mark.proof
def test_a_thorough_exam_finds_what_the_default_one_does_not(
    tmp_path: Path, proof_size: Callable[[int, int], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    few = stories(load_profile("guide"))[: proof_size(5, 1_000)]
    monkeypatch.setattr("contract_tests.exam.exam.stories", lambda contract, level: few)
    examination = check_client(
        AsyncAiohttp(OddWithSome), level="thorough", more=80, seed=5, database=tmp_path
    )
    assert examination.overall is Overall.NOT_CONFORMANT
    (ruling,) = [one for one in examination.rulings if one.broken_in]
    assert ruling.statement.id == "valid-request"
    assert all(name.startswith("drawn/5-") for name in ruling.broken_in)
    assert ruling.counterexample is not None
    (text,) = ruling.counterexample.files.values()
    assert read_scenario(text, load_profile("guide"), name="x").client.job.references == 2
