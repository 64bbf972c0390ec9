"""What a mock has told a caller is so after the end of its process, however that came."""

import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mock_server.core.masking import mask
from mock_server.core.plan import Plan
from mock_server.edge.clocks import Clock
from mock_server.edge.control.entries import entry_value
from mock_server.edge.mock import DEFAULT_KEY, Mock, Settings
from mock_server.edge.sessions import Session
from mock_server.edge.state import Store
from mock_server.edge.state_keeper import StateError
from mock_server.edge.state_sessions import made_session, session_value
from mock_server.loading.faults import read_faults
from tests.edge.callers import FOX, SUBMIT, Caller, bearer, caller, picture
from tests.edge.state_homes import Home

FURTHER_KEY = "sk-further0123456789abcdefghijklmnopqrstuvwxyz01234"
EPOCH = 1_800_000_000.0


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A folder that is not there yet."""
    return Home(tmp_path / "kept" / "state")


def test_a_task_that_was_accepted_is_there_and_was_paid_for_once(home: Home) -> None:
    with home.lived_in() as one:
        task = one.submit()
        balance = one.get("/v1/balance").json()
        left = home.as_killed()
    with left.lived_in() as again:
        assert again.status(task["id"])["id"] == task["id"]
        assert again.get("/v1/balance").json() == balance
        assert again.submit()["id"] != task["id"]


def test_what_polls_and_releases_have_done_to_a_task_is_not_undone(home: Home) -> None:
    with home.lived_in(scenario="lifecycle/held") as one:
        task = one.submit()["id"]
        one.status(task)
        one.world.tasks[task].release(one.clock.now())
        one.app.mock.keep("default")
        one.status(task)
        before = facts(one.world.tasks[task])
        left = home.as_killed()
    with left.lived_in(scenario="lifecycle/held") as again:
        assert facts(again.world.tasks[task]) == before


def facts(task: Any) -> tuple[Any, ...]:
    """What moves a task along."""
    return task.polls, task.released, task.moved, task.timeline


def test_a_file_that_was_uploaded_is_given_back_byte_for_byte(home: Home) -> None:
    content = picture()
    with home.lived_in() as one:
        files = {"file": ("fox.png", content, "image/png")}
        url = one.post("/v1/uploads/images", files=files).json()["data"]["url"]
        left = home.as_killed()
    with left.lived_in() as again:
        assert again.get(url).content == content


def test_results_are_signed_and_drawn_as_before(home: Home) -> None:
    with home.lived_in() as one:
        url = one.finished()["result"]["data"][0]["url"]
        content = one.get(url).content
        one.app.mock.keep("default")
        left = home.as_killed()
    with left.lived_in() as again:
        assert again.get(url).content == content


def test_a_plan_goes_on_where_it_was(home: Home) -> None:
    with home.lived_in() as one:
        one.world.plan = Plan({"submit": read_faults(["429 x2", "pass", "500"], "$")})
        assert one.post(SUBMIT, json=FOX).status_code == 429
        left = home.as_killed()
    with left.lived_in() as again:
        assert list(again.world.fired) == ["submit: 429"]
        codes = [again.post(SUBMIT, json=FOX).status_code for _ in range(4)]
        assert codes == [429, 200, 500, 200]
        assert again.world.plan.unspent == ()


def test_the_journal_is_there_with_how_deliveries_ended(home: Home) -> None:
    with home.lived_in() as one:
        one.post(SUBMIT, json=FOX, headers={**bearer(DEFAULT_KEY), "x-note": "first"})
        one.bare("GET", "/nowhere")
        before = [entry_value(entry, 1000) for entry in one.world.journal]
    with home.lived_in() as again:
        assert [entry_value(entry, 1000) for entry in again.world.journal] == before
        again.get("/v1/models")
        assert [entry.number for entry in again.world.journal] == [1, 2, 3]


def test_no_key_is_in_the_journal_that_is_kept(home: Home) -> None:
    with home.lived_in() as one:
        one.get(f"/v1/models?key={DEFAULT_KEY}")
    (text,) = home.texts("entry")
    assert DEFAULT_KEY not in text
    assert mask(DEFAULT_KEY) in text


def test_the_folder_and_its_file_are_for_their_owner_alone(home: Home) -> None:
    with home.lived_in() as one:
        one.submit()
        assert stat.S_IMODE(home.folder.stat().st_mode) == 0o700
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in home.folder.iterdir()}
    assert modes == {"state.sqlite": 0o600, "state.sqlite-wal": 0o600}


def test_a_call_that_could_not_be_kept_is_not_acknowledged(home: Home) -> None:
    with home.lived_in() as one:
        kept, one.app.endpoint.keeper = one.app.endpoint.keeper, Full()
        refused = one.post(SUBMIT, json=FOX)
        one.app.endpoint.keeper = kept
        assert refused.status_code == 500
        assert refused.headers["x-mock-error"] == "state"
        assert list(one.app.endpoint.bugs) == []
        accepted = one.submit()["id"]
        left = home.as_killed()
    with left.lived_in() as again:
        assert again.status(accepted)["id"] == accepted
        assert len(again.world.tasks) == 2


class Full:
    """Keeps nothing, as where the disk is full."""

    def begun(self, session: Session) -> None:
        raise StateError("full")

    def gone(self, name: str) -> None:
        raise StateError("full")

    def called(self, session: Session) -> None:
        raise StateError("full")

    def keep(self, session: Session) -> None:
        raise StateError("full")


def test_what_could_not_be_written_is_written_with_what_follows(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    with home.lived_in() as one:
        with monkeypatch.context() as broken:
            broken.setattr("mock_server.edge.state_file._BEGIN", "BEGIN NEVER")
            assert one.post(SUBMIT, json=FOX).status_code == 500
        first, second = one.submit()["id"], one.submit()["id"]
        left = home.as_killed()
    with left.lived_in() as again:
        assert list(again.world.tasks)[1:] == [first, second]
        assert len(again.world.tasks) == 3


def test_a_server_that_cannot_write_any_more_still_ends_in_peace(
    home: Home, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with home.lived_in() as one:
        one.submit()
        monkeypatch.setattr("mock_server.edge.state_file._BEGIN", "BEGIN NEVER")
    assert f"{home.file} cannot be written" in caplog.text
    monkeypatch.undo()
    with home.lived_in() as again:
        assert len(again.world.tasks) == 1


@pytest.fixture
def plain() -> Iterator[Caller]:
    """A caller of a mock that keeps nothing."""
    with caller() as one:
        yield one


def test_without_a_folder_nothing_is_kept(plain: Caller) -> None:
    plain.submit()
    assert plain.app.mock.keeper is None
    assert plain.app.endpoint.keeper is None
    assert type(plain.world.tasks) is dict
    plain.app.mock.keep("default")


def mock_at(epoch: float) -> Mock:
    """A mock whose own clock stands still."""
    return Mock(Settings(clock=lambda: Clock(0, epoch)))


@pytest.mark.parametrize(
    ("speed", "down", "passed"), [(0.0, 50.0, 0.0), (2.0, 50.0, 100.0), (2.0, -50.0, 0.0)]
)
def test_a_clock_ran_on_while_the_server_was_down_and_never_runs_backwards(
    speed: float, down: float, passed: float
) -> None:
    before, after = mock_at(EPOCH), mock_at(EPOCH + down)
    session = before.sessions.default
    session.clock = Clock(speed, EPOCH + 7, lambda: 0.0)
    value = session_value(session, 1, before.clock.now())
    again = made_session(after, "a", value, [3, EPOCH], before.scenario, ())
    assert again.clock.speed == speed
    again.clock.run(0)
    assert again.clock.now() >= EPOCH + 7 + passed
    assert again.next_number() == 4


def test_a_clock_shows_no_time_before_the_last_call(home: Home) -> None:
    mock = mock_at(EPOCH)
    value = session_value(mock.sessions.default, 1, EPOCH)
    again = made_session(mock, "a", value, [3, EPOCH + 60], mock.scenario, ())
    assert again.clock.now() == EPOCH + 60


def test_a_fast_clock_does_not_leave_the_calendar_while_the_server_is_down() -> None:
    mock = mock_at(EPOCH)
    session = mock.sessions.default
    session.clock = Clock(1_000_000, EPOCH, lambda: 0.0)
    value = session_value(session, 1, EPOCH - 1e9)
    assert made_session(mock, "a", value, [0, 0.0], mock.scenario, ()).clock.now() < 4e10


def test_a_call_that_began_before_a_reset_is_not_kept(home: Home) -> None:
    with home.lived_in() as one:
        old = one.app.mock.sessions.default
        one.submit()
        one.app.mock.reset_session(old)
        store = one.app.mock.keeper
        assert isinstance(store, Store)
        entry = old.world.journal.last
        assert entry is not None
        store.called(old)
        store.keep(old)
        store.delivered(old, entry)
        left = home.as_killed()
    with left.lived_in() as again:
        assert again.app.mock.sessions.default.is_untouched
