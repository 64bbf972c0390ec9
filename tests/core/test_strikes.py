"""Chaos by rate: seed and call decide who is struck, in whatever order the calls come."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.core.fault import Moment, Scene
from mock_server.core.lifecycle import Phase, Stage
from mock_server.core.plan import Plan, Planned
from mock_server.core.scenario import Chance, Scenario, fixed
from mock_server.core.script import HangUp, Head, Script
from mock_server.core.world import Bounds
from tests.core.clients import AT_ONCE, SUBMIT, Client, Seen, client, file


@dataclass(frozen=True)
class Marks:
    """A fault that hangs up after the reply, and tells its chance."""

    text: str = "marks"
    moment: Moment = "after"

    def rewrite(self, script: Script, scene: Scene) -> Script:
        head, *rest = script
        assert isinstance(head, Head)
        chance = (b"x-chance", repr(scene.chance).encode())
        return (Head(head.status, (*head.headers, chance)), *rest, HangUp())


Chaos = Mapping[str, tuple[Chance, ...]]
HALF: Chaos = {"any": (Chance(Marks(), 0.5),)}
ALIVE = fixed(Stage(Phase.RUNNING))


def stormy(name: str = "guide", chaos: Chaos = HALF, **parts: object) -> Client:
    """The first caller of a world where chance strikes."""
    story = Scenario(chaos=chaos, **parts)  # type: ignore[arg-type]
    return client(name, story)


def fate(seen: Seen) -> str | None:
    """The chance of a call that was struck, None for one that was not."""
    return seen.headers.get("x-chance")


def fates(caller: Client, prompts: Iterable[str]) -> dict[str, list[str | None]]:
    """What becomes of submits with these prompts, one after the other."""
    found: dict[str, list[str | None]] = {}
    for prompt in prompts:
        found.setdefault(prompt, []).append(fate(caller.submit(prompt=prompt)))
    return found


@given(st.permutations([*"abcdef"] * 3))
def test_each_body_meets_the_same_fate_in_whatever_order_they_come(order: list[str]) -> None:
    assert fates(stormy(), order) == fates(stormy(), sorted(order))


def test_every_attempt_of_a_call_is_drawn_anew() -> None:
    (found,) = fates(stormy(), ["again"] * 50).values()
    struck = [one for one in found if one]
    assert 10 < len(struck) < 40
    assert len(set(struck)) == len(struck)


def test_another_seed_or_session_has_other_fates() -> None:
    prompts = [str(number) for number in range(40)]
    usual, reseeded = stormy(), stormy(seed=1)
    elsewhere = stormy()
    elsewhere.world.session = "b"
    found = [fates(caller, prompts) for caller in (usual, reseeded, elsewhere)]
    assert found[0] != found[1] != found[2] != found[0]


@pytest.mark.parametrize(
    ("rate", "least", "most"), [(0.0, 0, 0), (0.2, 150, 250), (1.0, 1000, 1000)]
)
def test_as_many_calls_are_struck_as_the_rate_says(rate: float, least: int, most: int) -> None:
    caller = stormy(chaos={"submit": (Chance(Marks(), rate),)})
    struck = sum(fate(caller.submit(prompt=str(number))) is not None for number in range(1000))
    assert least <= struck <= most


def test_chances_of_one_operation_share_its_calls() -> None:
    chances = (Chance(Marks("one"), 0.3), Chance(Marks("other"), 0.3))
    caller = stormy(chaos={"submit": chances})
    for number in range(1000):
        caller.submit(prompt=str(number))
    fired = list(caller.world.fired)
    for text in ("submit: one", "submit: other"):
        assert 230 < fired.count(text) < 370


def test_chances_for_any_operation_come_on_top_of_its_own() -> None:
    caller = stormy(chaos={"submit": (Chance(Marks("own"), 0.5),), "any": (Chance(Marks(), 0.5),)})
    for number in range(50):
        assert fate(caller.submit(prompt=str(number))) is not None
    assert {"submit: own", "submit: marks"} == set(caller.world.fired)


def test_an_operation_without_chances_is_left_alone() -> None:
    caller = stormy(chaos={"status": (Chance(Marks(), 1.0),)})
    assert fate(caller.submit()) is None


def test_what_is_planned_comes_before_chance() -> None:
    plan = Plan({"submit": (Planned(Marks("planned")),)})
    caller = stormy(chaos={"submit": (Chance(Marks("chaos"), 1.0),)}, plan=plan)
    for _ in range(2):
        caller.submit()
    assert list(caller.world.fired) == ["submit: planned", "submit: chaos"]


def polls(caller: Client, names: Iterable[str]) -> dict[str, list[str | None]]:
    """What becomes of status reads of these tasks."""
    found: dict[str, list[str | None]] = {}
    for name in names:
        found.setdefault(name, []).append(fate(caller.status(name)))
    return found


@given(st.permutations(["one", "two", "three"] * 4))
def test_the_reads_of_each_task_meet_the_same_fates_in_whatever_order_they_come(
    order: list[str],
) -> None:
    found = []
    for names in (order, sorted(order)):
        caller = stormy(chaos={"status": HALF["any"]}, timelines=(ALIVE,))
        ids = {name: caller.submitted(prompt=name) for name in ("one", "two", "three")}
        seen = polls(caller, [ids[name] for name in names])
        found.append({name: seen[task] for name, task in ids.items()})
    assert found[0] == found[1]


def test_reads_by_the_callers_own_id_meet_the_fates_of_the_task() -> None:
    found = []
    for by_own_id in (True, False):
        caller = stormy("reference", chaos={"status": HALF["any"]}, timelines=(ALIVE,))
        task = caller.submitted(client_business_id="order_7")
        name = "order_7" if by_own_id else task
        found.append([fate(caller.status(name)) for _ in range(12)])
    assert found[0] == found[1]


@pytest.mark.parametrize("first", [0, 1])
def test_the_downloads_of_each_result_meet_the_same_fates_in_whatever_order_they_come(
    first: int,
) -> None:
    def downloads(order: list[int]) -> dict[int, list[str | None]]:
        caller = stormy(chaos={"result": HALF["any"]}, timelines=(AT_ONCE,))
        tasks = [caller.submitted(prompt=prompt) for prompt in ("one", "two")]
        urls = [caller.result_urls(task)[0] for task in tasks]
        found: dict[int, list[str | None]] = {0: [], 1: []}
        for number in order:
            found[number].append(fate(caller.get(urls[number])))
        return found

    one_by_one = [first] * 8 + [1 - first] * 8
    assert downloads(one_by_one) == downloads([0, 1] * 8)


def test_uploads_are_told_apart_by_their_files() -> None:
    def found(order: list[bytes]) -> dict[bytes, list[str | None]]:
        caller = stormy(chaos={"upload": HALF["any"]})
        fates: dict[bytes, list[str | None]] = {}
        for data in order:
            fates.setdefault(data, []).append(fate(caller.upload(file(data=data))))
        return fates

    files = [b"one", b"two", b"three"] * 4
    assert found(files) == found(sorted(files))


def test_only_so_many_of_the_faults_that_struck_are_remembered() -> None:
    story = Scenario(chaos={"submit": (Chance(Marks(), 1.0),)})
    caller = client("guide", story, bounds=Bounds(fired=3))
    for _ in range(5):
        caller.submit()
    assert len(caller.world.fired) == 3


def test_only_so_many_attempts_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mock_server.core.strikes._MOST_ATTEMPTS", 3)
    caller = stormy()
    for number in range(5):
        caller.submit(prompt=str(number))
    assert len(caller.world.attempts) == 3


def test_without_chaos_nothing_is_counted() -> None:
    caller = client()
    caller.submit()
    caller.get(SUBMIT)
    assert caller.world.attempts == {}
