"""Sessions over the control plane: created, found, reset, deleted, gone when their time is up."""

from collections.abc import Iterator

import pytest

from mock_server import start
from mock_server.control import Control, ControlError, Session
from mock_server.edge import mock as mock_module
from mock_server.edge.clocks import Clock
from mock_server.edge.mock import DEFAULT_KEY
from mock_server.edge.runner import Running
from tests.control.callers import FOX, SUBMIT, accepted, call, status, submit
from tests.control.conftest import PORTS


class Hand:
    """A source of time that moves only by hand."""

    def __init__(self) -> None:
        self.shown = 1000.0

    def __call__(self) -> float:
        return self.shown


@pytest.fixture
def lonely() -> Iterator[Running]:
    """A mock of the test's own."""
    with start(ports=1) as running:
        yield running


def refusal(control: Control, **wish: object) -> ControlError:
    """Why a session is not created."""
    with pytest.raises(ControlError) as refused:
        control.create(**wish)  # type: ignore[arg-type]
    return refused.value


def test_a_session_has_a_name_an_address_and_a_key_of_its_own(
    control: Control, mock: Running
) -> None:
    with control.create() as one, control.create() as other:
        assert one.name != other.name
        assert one.url == f"{mock.url}/s/{one.name}"
        assert one.base_url == f"{one.url}/v1"
        assert one.api_key is not None
        assert one.api_key.startswith("sk-")
        assert one.api_key != other.api_key


def test_the_key_of_a_session_follows_from_its_name_and_seed(control: Control) -> None:
    with control.create(name="keyed", seed=7) as session:
        first = session.api_key
    with control.create(name="keyed", seed=7) as session:
        assert session.api_key == first
    with control.create(name="keyed", seed=8) as session:
        assert session.api_key != first


def test_ids_follow_from_name_and_seed_and_differ_between_sessions(control: Control) -> None:
    with control.create(name="same", seed=1) as session:
        first = accepted(session)
    with control.create(name="same", seed=1) as session:
        assert accepted(session) == first
    with control.create(name="other", seed=1) as session:
        assert accepted(session) != first


def test_keys_are_shown_only_when_a_session_is_created(control: Control, mock: Running) -> None:
    key = "sk-0123456789abcdefghij"
    with control.create(keys=[key]) as session:
        assert session.api_key == key
        assert session.facts().keys == ("sk-...ghij",)
        assert key.encode() not in call("GET", f"{mock.url}/_mock/sessions").content
        assert key.encode() not in call("GET", f"{mock.url}/_mock/sessions/{session.name}").content


def test_a_session_is_found_by_its_prefix(session: Session) -> None:
    assert submit(session).status == 200
    assert session.facts().tasks == 1


def test_a_session_is_found_by_its_key(control: Control, mock: Running) -> None:
    with control.create() as session:
        assert call("POST", f"{mock.url}{SUBMIT}", FOX, session.api_key).status == 200
        assert session.facts().tasks == 1


def test_a_session_is_found_by_its_port_whatever_key_comes(control: Control, mock: Running) -> None:
    with control.create(port=True, keys=[DEFAULT_KEY]) as session:
        before = control.session().facts().tasks
        assert call("POST", f"{session.port_url}{SUBMIT}", FOX, DEFAULT_KEY).status == 200
        assert session.facts().tasks == 1
        assert control.session().facts().tasks == before


def test_a_key_leads_to_the_session_that_had_it_first(control: Control, mock: Running) -> None:
    key = "sk-shared-0123456789"
    with control.create(keys=[key]) as first:
        with control.create(keys=[key]) as second:
            assert call("POST", f"{mock.url}{SUBMIT}", FOX, key).status == 200
            assert submit(second).status == 200
        assert call("POST", f"{mock.url}{SUBMIT}", FOX, key).status == 200
        assert first.facts().tasks == 2


@pytest.mark.parametrize("way", ["prefix", "key", "port"])
def test_results_are_found_whatever_way_leads_to_the_session(
    control: Control, mock: Running, way: str
) -> None:
    with control.create("lifecycle/done-at-once", port=way == "port") as session:
        origin = {"prefix": session.url, "key": mock.url, "port": session.port_url}[way]
        task = call("POST", f"{origin}{SUBMIT}", FOX, session.api_key).value
        done = call("GET", f"{origin}{SUBMIT}/{task['id']}", key=session.api_key).value
        picture = call("GET", done["result"]["data"][0]["url"])
        assert (picture.status, picture.headers["content-type"]) == (200, "image/png")


def test_a_key_of_one_session_opens_no_other(control: Control) -> None:
    with control.create() as one, control.create() as other:
        answer = call("POST", f"{one.url}{SUBMIT}", FOX, other.api_key)
        assert answer.status == 401


def test_ports_are_lent_given_back_and_run_out(control: Control) -> None:
    lent = [control.create(port=True) for _ in range(PORTS)]
    assert len({session.port_url for session in lent}) == PORTS
    error = refusal(control, port=True)
    assert (error.status, error.path) == (409, "$.port")
    lent[0].delete()
    with control.create(port=True) as again:
        assert again.port_url == lent[0].port_url
    for session in lent[1:]:
        session.delete()


def test_the_port_of_a_session_that_is_gone_leads_nowhere(lonely: Running) -> None:
    with Control(lonely.url) as control:
        session = control.create(port=True)
        session.delete()
        answer = call("GET", f"{session.port_url}/v1/models", key=DEFAULT_KEY)
        assert (answer.status, answer.headers["x-mock-error"]) == (404, "request")


def test_the_control_plane_is_not_reachable_through_a_sessions_port(control: Control) -> None:
    with control.create(port=True) as session:
        answer = call("GET", f"{session.port_url}/_mock/sessions")
        assert answer.status == 404
        assert answer.value["error"]["code"] == "invalid_request_error"


def test_a_reset_is_a_new_world_with_the_same_addresses(session: Session) -> None:
    task = accepted(session)
    session.faults.add(status="429")
    session.clock.advance(100)
    facts = session.reset()
    assert (facts.calls, facts.tasks, facts.clock.frozen) == (0, 0, True)
    assert facts.url == session.url
    assert session.faults.account().planned == ()
    assert status(session, task).status == 404
    assert [entry.number for entry in session.journal] == [1]
    assert accepted(session) == task


def test_the_default_session_is_reset_but_never_deleted(lonely: Running) -> None:
    with Control(lonely.url) as control:
        default = control.session()
        assert default.url == lonely.url
        call("GET", f"{lonely.base_url}/models", key=lonely.api_key)
        assert default.facts().calls == 1
        assert default.reset().calls == 0
        call("GET", f"{lonely.base_url}/models", key=lonely.api_key)
        assert default.facts().calls == 1
        with pytest.raises(ControlError) as refused:
            default.delete()
        assert refused.value.status == 409


def test_a_deleted_session_is_gone_for_clients_and_for_control(control: Control) -> None:
    session = control.create()
    session.delete()
    answer = call("GET", f"{session.base_url}/models", key=session.api_key)
    assert (answer.status, answer.headers["x-mock-error"]) == (404, "request")
    with pytest.raises(ControlError) as refused:
        session.facts()
    assert refused.value.status == 404


def test_an_unknown_session_is_refused_with_the_nearest_name(control: Control) -> None:
    with control.create(name="happy-hippo"), pytest.raises(ControlError) as refused:
        control.session("happy-hipo")
    assert refused.value.nearest == "happy-hippo"


def test_a_name_is_given_once(control: Control) -> None:
    with control.create(name="unique"):
        error = refusal(control, name="unique")
    assert (error.status, error.path, error.seen) == (409, "$.name", "'unique'")


@pytest.mark.parametrize(
    ("wish", "path"),
    [
        ({"name": "a/b"}, "$.name"),
        ({"name": "line\n"}, "$.name"),
        ({"name": ""}, "$.name"),
        ({"name": ".hidden"}, "$.name"),
        ({"seed": -1}, "$.seed"),
        ({"speed": 0}, "$.speed"),
        ({"speed": 2.0, "frozen": True}, "$.frozen"),
        ({"keys": ["with space"]}, "$.keys[0]"),
        ({"keys": ["a", "a"]}, "$.keys"),
        ({"ttl": 0}, "$.ttl"),
        ({"scenario": "lost-reply"}, "$.scenario"),
        ({"scenario": {"title": "t", "why": "w", "timline": []}}, "$.timline"),
        ({"scenario": "title: t\nwhy: 7\n"}, "$.why"),
    ],
)
def test_a_wrong_wish_is_refused_with_its_place(
    control: Control, wish: dict[str, object], path: str
) -> None:
    error = refusal(control, **wish)
    assert (error.status, error.path) == (400, path)


def test_an_unknown_wish_is_refused_with_the_nearest_name(mock: Running) -> None:
    answer = call("POST", f"{mock.url}/_mock/sessions", {"sede": 1})
    assert answer.status == 400
    assert answer.value["error"]["nearest"] == "seed"


def test_a_session_has_the_story_seed_and_speed_that_were_asked_for(control: Control) -> None:
    with control.create("faults/busy-then-ok", seed=5, speed=20) as session:
        facts = session.facts()
        assert (facts.scenario.name, facts.scenario.seed) == ("faults/busy-then-ok", 5)
        assert (facts.clock.speed, facts.clock.frozen) == (20, False)
        assert submit(session).status == 429


def test_sessions_are_listed_page_by_page(control: Control, mock: Running) -> None:
    made = [control.create() for _ in range(3)]
    names = [facts.name for facts in control.sessions()]
    assert [session.name for session in made] == names[-3:]
    page = call("GET", f"{mock.url}/_mock/sessions?offset=1&limit=2").value
    assert [one["name"] for one in page["sessions"]] == names[1:3]
    assert page["total"] == len(names)
    for session in made:
        session.delete()


def test_a_session_is_gone_after_its_time_to_live_unless_it_is_called() -> None:
    time = Hand()
    with start() as running, Control(running.url) as control:
        running.mock.clock = running.mock.sessions.clock = Clock(source=time)
        session = control.create(ttl=60)
        time.shown += 59
        assert call("GET", f"{session.base_url}/models", key=session.api_key).status == 200
        time.shown += 59
        assert session.facts().expires_in == 60
        time.shown += 60
        assert call("GET", f"{session.base_url}/models", key=session.api_key).status == 404
        assert [facts.name for facts in control.sessions()] == ["default"]


def test_sessions_over_their_time_are_swept_when_another_is_created() -> None:
    time = Hand()
    with start(ports=1) as running, Control(running.url) as control:
        running.mock.clock = running.mock.sessions.clock = Clock(source=time)
        control.create(ttl=10, port=True)
        control.create(ttl=None)
        time.shown += 10
        with control.create(port=True):
            assert len(running.mock.sessions) == 3


def test_there_is_room_for_so_many_sessions(
    control: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mock_module, "MOST_SESSIONS", 1)
    assert refusal(control).status == 409
