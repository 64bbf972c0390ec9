"""A state that cannot be used is named with what was expected and seen, and stays as it is."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mock_server.core.scenario import Scenario
from mock_server.edge.state import Store
from mock_server.edge.state_file import APPLICATION_ID, StateFile
from mock_server.edge.state_keeper import StateError
from mock_server.loading.data_error import DataError
from tests.edge.callers import caller
from tests.edge.state_homes import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A folder with the state of a mock that has accepted a task and ended."""
    one = Home(tmp_path / "state")
    with one.lived_in() as caller:
        caller.submit()
    return one


def refusal(home: Home, **settings: Any) -> str:
    """Why a mock does not begin with that state; every byte of it must stay as it is."""
    before = home.contents()
    with caller(**settings) as one, pytest.raises(DataError) as raised:
        Store(home.folder, one.app.mock)
    assert home.contents() == before
    assert raised.value.file == str(home.file)
    return raised.value.lines()[0].removeprefix(f"{home.file}: ")


def test_what_is_no_database_is_refused(home: Home) -> None:
    home.file.write_text("dear diary\n" * 100)
    assert refusal(home) == "$: expected a state file of safelight, seen something else"


def test_a_file_that_is_shorter_than_a_header_is_refused(home: Home) -> None:
    home.file.write_bytes(home.file.read_bytes()[:50])
    assert refusal(home) == "$: expected a state file of safelight, seen something else"


def test_the_database_of_another_program_is_refused(home: Home) -> None:
    home.file.unlink()
    home.change("CREATE TABLE recipes (name)", "INSERT INTO recipes VALUES ('soup')")
    expected = "a state file of safelight"
    seen = "a database of another program (0x00000000)"
    assert refusal(home) == f"$: expected {expected}, seen {seen}"


def test_the_file_of_another_version_is_refused(home: Home) -> None:
    home.change("PRAGMA user_version = 7")
    assert refusal(home) == "$: expected format version 1, seen version 7"


def test_a_file_without_its_tables_is_refused(home: Home) -> None:
    home.change("DROP TABLE task")
    assert refusal(home) == "$: expected the tables task, seen none such"


def test_a_file_that_was_cut_is_refused(home: Home) -> None:
    data = home.file.read_bytes()
    home.file.write_bytes(data[: len(data) // 2 // 4096 * 4096])
    assert refusal(home).startswith("$: expected a whole file")


def test_a_file_with_overwritten_pages_is_refused(home: Home) -> None:
    data = bytearray(home.file.read_bytes())
    for page in range(4096, len(data), 4096):
        data[page : page + 64] = b"\xff" * 64
    home.file.write_bytes(data)
    assert refusal(home).startswith("$: expected a whole file")


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        (
            "UPDATE task SET value = '{}'",
            "session 'default', task 1: expected a row as this server writes it, seen KeyError",
        ),
        (
            "UPDATE task SET value = 'soup'",
            "session 'default', task 1: expected a JSON text, seen Expecting value",
        ),
        (
            "UPDATE entry SET value = x'ff'",
            "session 'default', entry 1: expected a JSON text, seen",
        ),
        (
            "DELETE FROM story",
            "session 'default': expected rows as this server writes them, seen KeyError",
        ),
        ("DELETE FROM about WHERE key = 'named'", "about: expected the options of a server"),
        ("UPDATE about SET value = '[]'", "about: expected the options of a server"),
    ],
)
def test_a_row_that_cannot_be_read_is_named(home: Home, statement: str, told: str) -> None:
    home.change(statement)
    assert refusal(home).startswith(told)


def test_a_state_that_another_server_is_using_is_refused(tmp_path: Path) -> None:
    home = Home(tmp_path / "state")
    with home.lived_in() as one:
        one.submit()
        told = refusal(home)
        one.submit()
    assert told == "$: expected a state that no other server is using, seen one that is in use"


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"profile": "live"}, "--profile: expected guide, with which this state was begun,"),
        ({"speed": 20.0}, "--speed: expected 1.0, with which this state was begun, seen 20.0"),
        (
            {"any_key": True},
            "--any-key: expected off, with which this state was begun, seen on",
        ),
        ({"limits": True}, "--limits: expected off, with which this state was begun, seen on"),
        (
            {"webhook": "http://127.0.0.1:9/hook"},
            "--webhook: expected off, with which this state was begun,",
        ),
        (
            {"scenario": "lifecycle/held"},
            "--scenario: expected the story 'usual', with which this state was begun,"
            " seen the story 'lifecycle/held'",
        ),
    ],
)
def test_a_state_that_was_begun_with_other_options_is_refused(
    home: Home, settings: dict[str, Any], told: str
) -> None:
    assert refusal(home, **settings).startswith(told)


def test_a_state_whose_story_has_been_changed_since_is_refused(home: Home) -> None:
    with caller() as one:
        one.app.mock.scenario = replace(Scenario(), seed=3)
        with pytest.raises(DataError) as raised:
            Store(home.folder, one.app.mock)
    assert "seen one of that name that has been changed since" in str(raised.value)


def test_a_state_that_was_refused_can_be_used_by_who_may(home: Home) -> None:
    refusal(home, speed=20.0)
    with home.lived_in() as one:
        assert len(one.world.tasks) == 1


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    taken = tmp_path / "state"
    taken.write_text("soup")
    with pytest.raises(DataError) as raised:
        StateFile(taken, ("task",))
    assert raised.value.lines() == [f"{taken}: $: expected a folder to write to, seen File exists"]


def test_a_file_of_somebody_else_is_refused(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, mode: int) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "chmod", refuse)
    assert refusal(home) == "$: expected a file of this user, seen Operation not permitted"


def test_limits_that_were_turned_on_are_named_though_they_change_the_story(tmp_path: Path) -> None:
    home = Home(tmp_path / "state")
    with home.lived_in("reference"):
        pass
    told = refusal(home, profile="reference", limits=True)
    assert told == "--limits: expected off, with which this state was begun, seen on"


def test_an_empty_file_becomes_a_state(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.file.touch(0o644)
    with home.lived_in() as one:
        one.submit()
    assert home.file.stat().st_mode & 0o777 == 0o600
    assert int.from_bytes(home.file.read_bytes()[68:72], "big") == APPLICATION_ID


def test_a_file_that_is_closed_cannot_be_written_or_read(tmp_path: Path) -> None:
    file = StateFile(tmp_path, ("task",))
    file.close()
    with pytest.raises(StateError, match="cannot be written"):
        file.write((), {})
    with pytest.raises(DataError, match="a whole file that can be written"):
        file.read("default")


def test_a_transaction_that_breaks_leaves_nothing(tmp_path: Path) -> None:
    file = StateFile(tmp_path, ("task",))
    place = ("task", "a", 1)
    with pytest.raises(StateError):
        file.write((), {place: "1", ("task", "a", 2): object()})  # type: ignore[dict-item]
    assert file.read("a") == {"task": {}}
    file.close()
