"""Which session a request belongs to: by prefix, by port, by key, else the default one."""

import pytest

from mock_server.edge.clocks import Clock
from mock_server.edge.mock import DEFAULT_KEY, Mock, Settings
from mock_server.edge.sessions import Located, Session, Sessions
from tests.edge.callers import FOX, SUBMIT, Caller, bearer, caller

KEY = "sk-session0123456789abcdefghijklmnopqrstuvwxyz01234"


@pytest.fixture(scope="module")
def mock() -> Mock:
    return Mock(Settings())


def session(mock: Mock, name: str, *keys: str, port: int | None = None) -> Session:
    one = mock.make_session(name, mock.scenario, keys)
    one.port = port
    return one


@pytest.fixture
def sessions(mock: Mock) -> Sessions:
    """The default session, one with a key, one with a port, and one with neither."""
    found = Sessions(session(mock, "default", DEFAULT_KEY))
    found.add(session(mock, "keyed", KEY))
    found.add(session(mock, "ported", port=9001))
    found.add(session(mock, "plain"))
    return found


def bytes_of(key: str) -> bytes:
    return f"Bearer {key}".encode()


@pytest.mark.parametrize(
    ("path", "port", "key", "name"),
    [
        ("/v1/models", 8080, b"", "default"),
        ("/v1/models", None, b"", "default"),
        ("/v1/models", 8080, bytes_of("sk-unknown"), "default"),
        ("/v1/models", 8080, bytes_of(DEFAULT_KEY), "default"),
        ("/v1/models", 8080, bytes_of(KEY), "keyed"),
        ("/v1/models", 9001, b"", "ported"),
        ("/v1/models", 9001, bytes_of(KEY), "ported"),
        ("/s/plain/v1/models", 9001, bytes_of(KEY), "plain"),
        ("/s/keyed/v1/models", 8080, b"", "keyed"),
        ("/s/default/v1/models", 8080, bytes_of(KEY), "default"),
        ("/sessions", 8080, bytes_of(KEY), "keyed"),
    ],
)
def test_the_prefix_comes_before_the_port_and_the_port_before_the_key(
    sessions: Sessions, path: str, port: int | None, key: bytes, name: str
) -> None:
    located = sessions.locate(path, port, key)
    assert located is not None
    assert located.session.name == name


@pytest.mark.parametrize(
    ("path", "rest", "prefix"),
    [
        ("/s/plain/v1/models", "/v1/models", "/s/plain"),
        ("/s/plain/", "/", "/s/plain"),
        ("/s/plain/s/keyed/a", "/s/keyed/a", "/s/plain"),
        ("/v1/models", "/v1/models", ""),
    ],
)
def test_the_prefix_is_taken_off_the_path(
    sessions: Sessions, path: str, rest: str, prefix: str
) -> None:
    located = sessions.locate(path, None, b"")
    assert isinstance(located, Located)
    assert (located.path, located.prefix) == (rest, prefix)


@pytest.mark.parametrize("path", ["/s/nobody/v1/models", "/s//v1/models", "/s/", "/s/Plain/a"])
def test_a_prefix_without_a_session_leads_nowhere(sessions: Sessions, path: str) -> None:
    assert sessions.locate(path, 9001, bytes_of(KEY)) is None


def test_a_session_that_was_removed_is_reached_by_no_way(sessions: Sessions) -> None:
    for name in ("keyed", "ported"):
        assert sessions.remove(name) is not None
        assert sessions.locate(f"/s/{name}/a", None, b"") is None
    assert sessions.locate("/a", 9001, bytes_of(KEY)) is None
    located = sessions.locate("/a", 8080, bytes_of(KEY))
    assert located is not None
    assert located.session is sessions.default


def test_a_session_of_its_own_time_is_gone_when_it_is_not_called(mock: Mock) -> None:
    source = [0.0]
    found = Sessions(session(mock, "default"), Clock(1, 1000.0, lambda: source[0]))
    brief = session(mock, "brief")
    brief.ttl = 10
    brief.stay(found.clock.now())
    found.add(brief)
    for seconds, there in ((9, True), (18, True), (27.9, True), (38, False)):
        source[0] = seconds
        assert (found.locate("/s/brief/a", None, b"") is not None) is there


def test_what_a_key_leads_to_is_reached_by_its_name_afterwards(sessions: Sessions) -> None:
    located = sessions.locate("/v1/models", 8080, bytes_of(KEY))
    assert located is not None
    assert (located.path, located.prefix) == ("/v1/models", "/s/keyed")


def test_what_is_not_there_cannot_be_removed(sessions: Sessions) -> None:
    assert sessions.remove("nobody") is None


def test_a_session_takes_the_place_of_one_of_the_same_name(sessions: Sessions, mock: Mock) -> None:
    newer = session(mock, "keyed")
    sessions.add(newer)
    assert sessions.get("keyed") is newer
    located = sessions.locate("/a", None, bytes_of(KEY))
    assert located is not None
    assert located.session is sessions.default
    assert len(sessions) == len(list(sessions)) == 4


def test_calls_are_numbered_within_their_session(mock: Mock) -> None:
    one, other = session(mock, "one"), session(mock, "other")
    numbers = [one.next_number(), one.next_number(), other.next_number(), one.next_number()]
    assert numbers == [1, 2, 1, 3]


def test_sessions_share_nothing(guide: Caller) -> None:
    mock = guide.app.mock
    mock.sessions.add(mock.make_session("other", mock.scenario, (DEFAULT_KEY,)))
    task = guide.submit()["id"]
    assert guide.get(f"/s/other{SUBMIT}/{task}").status_code == 404
    assert guide.get("/s/other/v1/balance").json()["used_credits"] == 0
    assert guide.get(f"/s/default{SUBMIT}/{task}").status_code == 200


def test_a_key_leads_to_its_session_and_to_no_other() -> None:
    with caller() as one:
        mock = one.app.mock
        mock.sessions.add(mock.make_session("keyed", mock.scenario, (KEY,)))
        assert one.post(SUBMIT, json=FOX, headers=bearer(KEY)).status_code == 200
        keyed = mock.sessions.get("keyed")
        assert keyed is not None
        assert (keyed.world.submitted, one.world.submitted) == (1, 0)
        wrong = one.get("/s/default/v1/balance", headers=bearer(KEY))
        assert wrong.status_code == 401
