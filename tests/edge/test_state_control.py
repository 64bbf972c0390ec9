"""What the control plane has answered is so after the end of the process, too."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.edge.callers import Caller
from tests.edge.state_homes import Home

# The control plane answers to names of this machine only.
CONTROL = "http://127.0.0.1/_mock/sessions"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A folder that is not there yet."""
    return Home(tmp_path / "state")


def act(caller: Caller, path: str, method: str = "POST", **body: Any) -> httpx.Response:
    """An action of the control plane that must succeed."""
    reply = caller.call(method, f"{CONTROL}/{path}".rstrip("/"), json=body)
    assert reply.is_success, reply.text
    return reply


def first_task(caller: Caller) -> str:
    """The id of the first task."""
    return next(iter(caller.world.tasks))


def end_task(caller: Caller, word: str) -> None:
    act(caller, f"default/tasks/{first_task(caller)}/{word}")


def swap_story(caller: Caller) -> None:
    act(caller, "default/scenario", "PUT", scenario="lifecycle/held", seed=5)


def reset(caller: Caller) -> None:
    act(caller, "default/reset")
    # It runs again, and would show another time whenever it is asked.
    act(caller, "default/clock/freeze")


ACTIONS: dict[str, Callable[[Caller], object]] = {
    "faults": lambda one: act(one, "default/faults", submit=["429 x2", "pass"], status="500"),
    "withdrawn faults": lambda one: act(one, "default/faults", "DELETE"),
    "story": swap_story,
    "advanced clock": lambda one: act(one, "default/clock/advance", seconds=3600),
    "failed task": lambda one: end_task(one, "fail"),
    "succeeded task": lambda one: end_task(one, "succeed"),
    "new session": lambda one: act(one, "", name="mine", keys=["sk-mine0123456789"], seed=3),
    "reset": reset,
}


@pytest.mark.parametrize("name", list(ACTIONS))
def test_what_was_asked_for_comes_back(home: Home, name: str) -> None:
    with home.lived_in() as one:
        one.submit()
        act(one, "default/faults", any=["delay(0.001) x3"])
        ACTIONS[name](one)
        before = seen(one)
        left = home.as_killed()
    with left.lived_in() as again:
        assert seen(again) == before


def seen(caller: Caller) -> list[Any]:
    """What the control plane shows of the sessions."""
    parts = ("", "/tasks", "/faults", "/ledger", "/scenario", "/journal", "/limits")
    names = sorted(session.name for session in caller.app.mock.sessions)
    return [
        caller.get(f"{CONTROL}/{name}{part}").json()
        for name in names
        for part in parts
        if part or name == "default"
    ]


def test_a_speed_comes_back(home: Home) -> None:
    with home.lived_in() as one:
        act(one, "default/clock/speed", speed=20)
        left = home.as_killed()
    with left.lived_in() as again:
        assert again.clock.speed == 20


def test_a_session_that_was_deleted_stays_away(home: Home) -> None:
    with home.lived_in() as one:
        act(one, "", name="mine")
        act(one, "mine", "DELETE")
        left = home.as_killed()
    with left.lived_in() as again:
        assert again.get(f"{CONTROL}/mine").status_code == 404


def test_what_could_not_be_kept_is_not_said_to_be_done(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    with home.lived_in() as one:
        one.submit()
        with monkeypatch.context() as broken:
            broken.setattr("mock_server.edge.state_file._BEGIN", "BEGIN NEVER")
            assert one.post(f"{CONTROL}/default/clock/freeze").status_code == 503
        assert list(one.app.endpoint.bugs) == []
