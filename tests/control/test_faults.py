"""Planned faults over the control plane: added, struck, accounted for."""

import pytest

from mock_server.control import Control, ControlError, Session
from mock_server.edge.control.schema import definitions
from mock_server.edge.runner import Running
from mock_server.loading.scenario_schema import scenario_schema
from tests.control.callers import FOX, SUBMIT, call, submit


def test_faults_are_added_at_the_end_of_a_queue_and_spent_in_order(session: Session) -> None:
    session.faults.add(submit=["429", "pass"])
    session.faults.add(submit={"fault": "status", "code": 503})
    assert [submit(session).status for _ in range(4)] == [429, 200, 503, 200]


def test_one_entry_needs_no_list(session: Session) -> None:
    account = session.faults.add(submit=429, status="503 x*")
    assert [(one.operation, one.fault, one.left) for one in account.planned] == [
        ("submit", "429", 1),
        ("status", "503", None),
    ]


def test_every_planned_fault_is_planned_fired_or_not_reached(session: Session) -> None:
    account = session.faults.add(submit=["429 x2", "pass", "reset"])
    assert not account.spent
    assert submit(session).status == 429
    account = session.faults.account()
    assert [(one.fault, one.left, one.fired) for one in account.planned] == [
        ("429", 1, 1),
        ("pass", 1, 0),
        ("reset", 1, 0),
    ]
    assert [one.fault for one in account.fired] == ["429"]
    assert [one.fault for one in account.not_reached] == ["429", "reset"]


def test_faults_that_a_call_asked_for_itself_are_among_the_fired(session: Session) -> None:
    url, wish = f"{session.url}{SUBMIT}", {"x-mock-fault": "503"}
    assert call("POST", url, FOX, session.api_key, wish).status == 503
    assert [one.fault for one in session.faults.account().fired] == ["503"]


def test_withdrawn_faults_are_superseded(session: Session) -> None:
    session.faults.add(submit=["429", "pass"])
    account = session.faults.withdraw()
    assert (account.planned, account.spent) == ((), True)
    assert [(one.operation, one.fault) for one in account.superseded] == [("submit", "429")]
    assert submit(session).status == 200


@pytest.mark.parametrize(
    ("queues", "path", "nearest"),
    [
        ({"submti": "429"}, "$.submti", "submit"),
        ({"submit": ["429", "rset"]}, "$.submit[1]", "reset"),
        ({"submit": {"fault": "status", "cod": 3}}, "$.submit", "code"),
        ({"submit": "429(retry_aftre=1)"}, "$.submit", "retry_after"),
        ({"submit": "999"}, "$.submit", None),
        ({"submit": None}, "$.submit", None),
        ({}, "$", None),
    ],
)
def test_unknown_and_impossible_faults_are_refused_and_change_nothing(
    session: Session, queues: dict[str, str], path: str, nearest: str | None
) -> None:
    with pytest.raises(ControlError) as refused:
        session.faults.add(**{"status": "503", **queues} if queues else {})
    error = refused.value
    assert (error.status, error.path, error.nearest) == (400, path, nearest)
    assert session.faults.account().planned == ()


def test_there_is_a_bound_to_what_can_be_planned(session: Session) -> None:
    session.faults.add(submit=["429"] * 9_999)
    with pytest.raises(ControlError) as refused:
        session.faults.add(status=["429"] * 2)
    assert refused.value.status == 409


def test_sessions_share_no_faults(control: Control, session: Session) -> None:
    session.faults.add(submit="429")
    with control.create() as other:
        assert submit(other).status == 200
    assert submit(session).status == 429


def test_faults_can_be_planned_for_the_same_operations_as_in_a_scenario() -> None:
    operations = scenario_schema()["properties"]["faults"]["properties"]
    assert set(definitions()["faults_wish"]["properties"]) == set(operations)


def test_a_body_of_another_type_is_refused(mock: Running, session: Session) -> None:
    url = f"{mock.url}/_mock/sessions/{session.name}/faults"
    answer = call("POST", url, b"submit: 429", headers={"content-type": "text/plain"})
    assert (answer.status, answer.value["error"]["seen"]) == (415, "text/plain")
