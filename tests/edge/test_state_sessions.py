"""Sessions come and go in a state as they do in the server, in the order in which they came."""

from collections.abc import Callable
from pathlib import Path

import pytest

from mock_server.core.scenario import Scenario
from mock_server.edge.mock import DEFAULT_KEY
from mock_server.edge.sessions import Located
from tests.edge.callers import FOX, SUBMIT, bearer
from tests.edge.state_homes import Home

Locate = Callable[[str, int | None, bytes], Located | None]

KEY = "sk-session0123456789abcdefghijklmnopqrstuvwxyz01234"
FURTHER_KEY = "sk-further0123456789abcdefghijklmnopqrstuvwxyz01234"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A folder that is not there yet."""
    return Home(tmp_path / "state")


def test_a_session_that_was_created_comes_back_under_its_name_and_with_its_key(home: Home) -> None:
    with home.lived_in() as one:
        session = one.app.mock.create_session(speed=0, ttl=60.0)
        (key,) = session.keys
        task = one.post(SUBMIT, json=FOX, headers=bearer(key)).json()["id"]
        left = home.as_killed()
    with left.lived_in() as again:
        back = again.app.mock.sessions.get("s1")
        assert back is not None
        assert (back.keys, back.ttl, back.speed, back.clock.speed) == ((key,), 60.0, 0.0, 0.0)
        assert back.expires is not None
        path = f"/s/s1{SUBMIT}/{task}"
        assert again.get(path, headers=bearer(key)).json()["id"] == task


def test_a_session_that_nobody_has_called_comes_back_with_its_story(home: Home) -> None:
    story = Scenario(name="mine", seed=99)
    with home.lived_in() as one:
        one.app.mock.create_session("quiet", story)
        left = home.as_killed()
    with left.lived_in() as again:
        back = again.app.mock.sessions.get("quiet")
        assert back is not None
        assert back.is_untouched
        assert back.scenario == story


def test_a_session_that_was_deleted_stays_away_and_its_name_is_not_given_again(home: Home) -> None:
    with home.lived_in() as one:
        session = one.app.mock.create_session()
        one.get(f"/s/s1{SUBMIT}/none", headers=bearer(session.keys[0]))
        one.app.mock.delete_session(session)
        left = home.as_killed()
    with left.lived_in() as again:
        assert again.app.mock.sessions.get("s1") is None
        assert again.app.mock.create_session().name == "s2"


def test_a_session_that_was_reset_comes_back_empty(home: Home) -> None:
    with home.lived_in() as one:
        one.submit()
        one.app.mock.reset_session(one.app.mock.sessions.default)
        left = home.as_killed()
    with left.lived_in() as again:
        assert again.world.tasks == {}
        assert again.world.calls == 0


def test_what_was_changed_from_outside_comes_back(home: Home) -> None:
    with home.lived_in() as one:
        one.submit()
        world = one.world
        world.scenario = one.app.mock.sessions.default.scenario = Scenario(name="other", seed=5)
        one.clock.advance(500)
        shown = one.clock.now()
        one.app.mock.keep("default")
        one.app.mock.keep("nobody")
        left = home.as_killed()
    with left.lived_in() as again:
        assert again.world.scenario.name == again.app.mock.sessions.default.scenario.name == "other"
        assert again.clock.now() == shown


def test_a_key_of_two_sessions_leads_to_the_same_one_as_before(home: Home) -> None:
    with home.lived_in() as one:
        first = one.app.mock.create_session("first", keys=(KEY,))
        one.app.mock.create_session("second", keys=(KEY,))
        one.app.mock.create_session("third", keys=(DEFAULT_KEY,))
        one.app.mock.reset_session(first)
        one.app.mock.reset_session(one.app.mock.sessions.default)
        before = led_to(one.app.mock.sessions.locate, KEY, DEFAULT_KEY)
        left = home.as_killed()
    with left.lived_in() as again:
        assert led_to(again.app.mock.sessions.locate, KEY, DEFAULT_KEY) == before
    assert before == ["first", "default"]


def led_to(locate: Locate, *keys: str) -> list[str]:
    """The names of the sessions that these keys lead to."""
    found = [locate("/v1/models", None, f"Bearer {key}".encode()) for key in keys]
    return [located.session.name for located in found if located is not None]


def test_a_port_comes_back_with_its_session_if_the_server_has_it(home: Home) -> None:
    with home.lived_in(ports=(9001, 9002)) as one:
        assert one.app.mock.create_session("ported", port=True).port == 9001
    for ports, port, free in (((9002, 9001), 9001, [9002]), ((9003,), None, [9003])):
        with home.lived_in(ports=ports) as again:
            back = again.app.mock.sessions.get("ported")
            assert back is not None
            assert back.port == port
            assert list(again.app.mock.free_ports) == free


@pytest.mark.parametrize("is_called", [False, True])
def test_keys_may_be_added_from_one_start_to_the_next(home: Home, is_called: bool) -> None:
    with home.lived_in(api_keys=(DEFAULT_KEY, KEY)) as one:
        if is_called:
            one.submit()
    with home.lived_in(api_keys=(DEFAULT_KEY, FURTHER_KEY)) as again:
        codes = [
            again.get("/v1/models", headers=bearer(key)).status_code
            for key in (DEFAULT_KEY, KEY, FURTHER_KEY, KEY[:-1])
        ]
        assert codes == [200, 200, 200, 401]
        left = home.as_killed()
    with left.lived_in() as once_more:
        assert once_more.get("/v1/models", headers=bearer(FURTHER_KEY)).status_code == 200
        assert FURTHER_KEY in once_more.world.secrets
