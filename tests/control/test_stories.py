"""Swapping the story of a session while it runs, and writing down the exact plan of a run."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mock_server import start
from mock_server.control import Control, ControlError, Session
from mock_server.core.world import Bounds
from mock_server.edge.runner import Running
from mock_server.loading.profiles import load_profile
from mock_server.loading.scenarios import read_scenario, scenario_names
from tests.control.callers import FOX, SUBMIT, accepted, call, status, submit

LOST = {"title": "t", "why": "w", "faults": {"submit": ["429", "reset"], "status": "503 x2"}}
KEY = "sk-extra-0123456789"


@pytest.fixture
def faulty(control: Control) -> Iterator[Session]:
    """A session whose submits meet a fault, a pass and another fault, and one that stays."""
    faults = {"submit": ["429", "pass", "503"], "any": ["500 x2"]}
    with control.create({"title": "t", "why": "w", "faults": faults}) as session:
        yield session


@pytest.mark.parametrize(
    "story",
    [
        "faults/busy-then-ok",
        'title: t\nwhy: w\nfaults: {submit: ["429"]}\n',
        '{"title": "t",\n "why": "w", "faults": {"submit": ["429"]}}',
        {"title": "t", "why": "w", "faults": {"submit": ["429"]}},
        {"title": "t", "why": "w", "extends": "faults/busy-then-ok"},
    ],
)
def test_a_story_is_swapped_by_name_as_text_or_as_a_value(session: Session, story: object) -> None:
    assert submit(session).status == 200
    session.play(story)  # type: ignore[arg-type]
    assert submit(session).status == 429


def test_a_story_is_read_from_a_file_by_the_client(session: Session, tmp_path: Path) -> None:
    file = tmp_path / "story.yaml"
    file.write_text("{title: told in a file, why: w}", "utf-8")
    session.play(file, seed=9)
    facts = session.scenario()
    assert (facts.title, facts.seed) == ("told in a file", 9)


@pytest.mark.parametrize("media", ["application/yaml", "text/yaml; charset=utf-8"])
def test_yaml_is_taken_as_it_is(mock: Running, session: Session, media: str) -> None:
    url = f"{mock.url}/_mock/sessions/{session.name}/scenario"
    answer = call("PUT", url, b"{title: t, why: w}", headers={"content-type": media})
    assert (answer.status, answer.value["scenario"]["title"]) == (200, "t")


def test_the_server_reads_no_files_for_a_caller(session: Session, tmp_path: Path) -> None:
    file = tmp_path / "secret.yaml"
    file.write_text("password: hunter2", "utf-8")
    for name in (str(file), "../schemas/guide/profile.json", "faults/../faults/lost-reply"):
        with pytest.raises(ControlError) as refused:
            session.play(name)
        assert (refused.value.status, refused.value.path) == (400, "$.scenario")
        assert "hunter2" not in str(refused.value)


def test_a_wrong_story_is_refused_with_line_and_path_and_changes_nothing(session: Session) -> None:
    session.play(LOST)
    with pytest.raises(ControlError, match=r"inline:3: \$\.timline") as refused:
        session.play("title: t\nwhy: w\ntimline: []\n")
    assert refused.value.nearest == "timeline"
    assert not session.faults.account().spent
    assert session.scenario().title == "t"


def test_tasks_ledger_and_journal_outlive_a_swap(session: Session) -> None:
    task = accepted(session)
    session.play("lifecycle/stuck", seed=3)
    session.clock.advance(10)
    assert status(session, task).value["status"] == "succeeded"
    stuck = accepted(session, "another")
    session.clock.advance(10_000)
    assert status(session, stuck).value["status"] != "succeeded"
    assert session.ledger().charges.count == 2
    assert len(list(session.journal)) == 4


def test_faults_that_did_not_strike_are_superseded_by_a_swap(session: Session) -> None:
    session.play(LOST)
    assert submit(session).status == 429
    assert session.play("lifecycle/happy-path") == ("submit: reset", "status: 503 x2")
    account = session.faults.account()
    assert [(one.operation, one.fault) for one in account.superseded] == [
        ("submit", "reset"),
        ("status", "503 x2"),
    ]
    assert [(one.operation, one.fault) for one in account.fired] == [("submit", "429")]
    assert (account.planned, account.not_reached, account.spent) == ((), (), True)


def test_the_keys_of_a_story_hold_from_the_swap_on(session: Session) -> None:
    def answer() -> int:
        return call("POST", f"{session.url}{SUBMIT}", FOX, KEY).status

    assert answer() == 401
    session.play({"title": "t", "why": "w", "keys": {"valid": [KEY]}})
    assert answer() == 200
    session.play({"title": "t", "why": "w", "keys": {"revoked": [KEY]}})
    assert answer() == 401
    assert submit(session).status == 200


def test_the_limits_of_a_story_hold_from_the_swap_on(session: Session) -> None:
    session.play("limits/small-burst")
    (limit, *_) = session.limits()
    for _ in range(int(limit.capacity)):
        assert submit(session).status == 200
    assert submit(session).status == 429
    session.play("lifecycle/happy-path")
    assert submit(session).status == 200
    assert session.limits() == ()


def test_the_names_of_all_scenarios_are_listed(control: Control) -> None:
    assert control.scenarios() == scenario_names()


def test_the_exact_plan_has_what_struck_where_it_struck(faulty: Session) -> None:
    assert [submit(faulty).status for _ in range(4)] == [429, 200, 503, 500]
    assert call("GET", f"{faulty.base_url}/models", key=faulty.api_key).status == 500
    story = read_scenario(faulty.export(), load_profile("guide"))
    queues = {name: [one.text for one in row] for name, row in story.plan.queues.items()}
    assert queues == {"submit": ["429", "pass", "503", "500"], "models": ["500"]}


def test_the_exact_plan_keeps_what_is_still_planned(faulty: Session) -> None:
    assert submit(faulty).status == 429
    story = read_scenario(faulty.export(), load_profile("guide"))
    queues = {name: [one.text for one in row] for name, row in story.plan.queues.items()}
    assert queues == {"submit": ["429", "pass", "503"], "any": ["500 x2"]}


def test_a_run_by_chance_is_played_again_by_its_exact_plan(control: Control) -> None:
    chaos = {"submit": {"429": 0.4, "503": 0.2}}
    with control.create({"title": "t", "why": "w", "chaos": chaos}, seed=4) as first:
        statuses = [submit(first, f"prompt {number}").status for number in range(12)]
        exported = first.export()
    assert {200, 429} <= set(statuses)
    assert "chaos" not in exported
    with control.create(exported, seed=1) as again:
        assert [submit(again, f"prompt {number}").status for number in range(12)] == statuses
        assert again.faults.account().spent


def test_the_exact_plan_of_a_run_is_not_known_once_entries_were_dropped() -> None:
    with start(bounds=Bounds(journal=3)) as running, Control(running.url) as control:
        session = control.create()
        for _ in range(4):
            submit(session)
        with pytest.raises(ControlError, match="had to drop 1 entries") as refused:
            session.export()
        assert refused.value.status == 409
