"""What no listed story breaks is looked for by Hypothesis, made small, and kept."""

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from contract_tests import Examination, Overall, Verdict, check_client
from contract_tests.clients.callables import client_of
from contract_tests.clients.client import Escaped
from contract_tests.exam.hunting import Hunt
from contract_tests.exam.judging import Judged
from contract_tests.exam.kept import keep, kept_stories
from contract_tests.exam.playing import VirtualPlayer
from contract_tests.exam.venue import Wish
from contract_tests.stories.levels import stories
from contract_tests.stories.searching import search
from contract_tests.trace import Trace
from mock_server.core.scenario import Scenario
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


def hunted(player: VirtualPlayer, most: int, *known: str) -> list[Judged]:
    heard: list[Judged] = []
    guide = load_profile("guide")
    Hunt(guide, player.play, heard.append, no_loss, 5, set(known)).run(most)
    return heard


def no_loss(story: Scenario, why: str) -> None:
    raise AssertionError(f"{story.name}: {why}")


def broken(judged: Judged) -> bool:
    return judged.found["valid-request"].verdict is Verdict.FAILED


def test_a_rare_fault_is_found_and_its_smallest_story_told(player: VirtualPlayer) -> None:
    heard = hunted(player, 80)
    smallest = min(filter(broken, heard), key=lambda judged: judged.weight)
    job = smallest.trace.scenario.client.job
    assert (job.references, job.n, job.size, job.mask) == (2, 1, None, False)


def test_stories_that_are_drawn_have_names_of_their_own(player: VirtualPlayer) -> None:
    heard = hunted(player, 20)
    assert len(heard) >= 20
    assert [judged.name for judged in heard] == [f"drawn/5-{index}" for index in range(len(heard))]


def test_nobody_looks_for_what_is_known_to_be_broken(player: VirtualPlayer) -> None:
    heard = hunted(player, 60, "valid-request")
    assert any(map(broken, heard))
    assert 60 <= len(heard) < 80


def test_stories_that_the_client_left_virtual_time_in_are_told_apart() -> None:
    lost: list[str] = []

    def play(story: Scenario) -> Trace:
        raise Escaped("it waits natively")

    def lose(story: Scenario, why: str) -> None:
        lost.append(f"{story.name}: {why}")

    Hunt(load_profile("guide"), play, lambda judged: None, lose, 5).run(10)
    assert len(lost) >= 10
    assert lost[0] == "drawn/5-0: it waits natively"


def test_an_error_of_ours_is_no_finding() -> None:
    failing = iter([OSError("too many open files")])

    def breaks(story: Scenario) -> bool:
        for error in failing:
            raise error
        return False

    with pytest.raises(Exception, match=r"too many open files|[Ff]laky|inconsistent"):
        search(load_profile("guide"), breaks, examples=5)


def thorough(folder: Path, more: int) -> Examination:
    client = AsyncAiohttp(OddWithSome)
    return check_client(client, level="thorough", more=more, seed=5, database=folder)


@pytest.mark.proof
def test_a_thorough_exam_finds_what_the_default_one_does_not_and_keeps_it(
    tmp_path: Path, proof_size: Callable[[int, int], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    few = stories(load_profile("guide"))[: proof_size(5, 1_000)]
    monkeypatch.setattr("contract_tests.exam.exam.stories", lambda contract, level: few)
    examination = thorough(tmp_path, 80)
    assert examination.overall is Overall.NOT_CONFORMANT
    (ruling,) = [one for one in examination.rulings if one.broken_in]
    assert ruling.statement.id == "valid-request"
    assert all(name.startswith("drawn/5-") for name in ruling.broken_in)
    (file,) = tmp_path.iterdir()
    story = read_scenario(file.read_text("utf-8"), load_profile("guide"), name="x")
    assert story.client.job.references == 2
    again = thorough(tmp_path, 1)
    assert [one.broken_in for one in again.rulings if one.broken_in] == [(f"kept/{file.stem}",)]
    assert list(tmp_path.iterdir()) == [file]


def test_a_kept_file_that_is_no_story_is_passed_over_with_a_note(tmp_path: Path) -> None:
    (tmp_path / "odd.yaml").write_text("titel: A typing error\n", "utf-8")
    found, (note,) = kept_stories(tmp_path, load_profile("guide"))
    assert found == []
    assert note.startswith("passed over: ")
    assert "odd.yaml" in note


def test_what_cannot_be_kept_is_noted(tmp_path: Path) -> None:
    file = tmp_path / "a-file"
    file.write_text("", "utf-8")
    ruling = SimpleNamespace(
        deciding="drawn/0-1", counterexample=SimpleNamespace(files={"found/x.yaml": "title: x"})
    )
    (note,) = keep(file, [cast(Any, ruling)])
    assert note.endswith("could not be kept: Not a directory") or "File exists" in note
