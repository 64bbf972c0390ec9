"""Verification over HTTP: what is answered, what is refused, and the client that asks."""

import pytest

from mock_server.control import ControlError, Session
from mock_server.core.world import Bounds
from mock_server.edge.control import openapi, schema, table, verify
from mock_server.loading.folders import schemas_folder
from mock_server.loading.profiles import read_document
from tests.control.callers import accepted, status, submit
from tests.control.verify_caller import (
    ONE_SUBMIT,
    ORIGIN,
    QUIET,
    SCHEMA,
    VERIFY,
    Caller,
    Json,
    playing,
)


def test_what_happened_is_held_against_what_is_expected() -> None:
    async def story(one: Caller) -> None:
        await one.submit()
        await one.submit("a dog")
        answer = await one.verified({"check": "submit-once"}, ONE_SUBMIT)
        assert answer["verdict"] == "failed"
        assert [found["verdict"] for found in answer["findings"]] == ["passed", "failed"]
        failed = answer["findings"][1]
        assert failed["expected"]["text"] == "submit calls: exactly 1"
        assert failed["seen"] == {"text": "2", "facts": {"count": 2}}
        assert (failed["call"], failed["evidence"]) == (2, [1, 2])
        assert [call["number"] for call in answer["calls"]] == [1, 2]
        assert answer["calls"][0]["status"] == 200
        assert (answer["looked_at"], answer["dropped"]) == (2, 0)
        assert answer["at"] == one.clock.now()

    playing(story)


def test_the_nearest_miss_comes_with_its_call() -> None:
    async def story(one: Caller) -> None:
        await one.submit(**{"x-mock-fault": "429"})
        expectation = {"check": "count", "operation": "submit", "where": {"status": 200}}
        answer = await one.verified(expectation)
        near = answer["findings"][0]["near"]
        assert near["words"]["text"] == "status: expected 200, seen 429"
        assert [call["fault"] for call in answer["calls"]] == ["429"]

    playing(story)


def test_nothing_that_provokes_a_rule_is_no_pass() -> None:
    async def story(one: Caller) -> None:
        await one.submit()
        assert (await one.verified({"check": "retry-after"}))["verdict"] == "not_exercised"

    playing(story)


def test_calls_that_the_journal_let_go_leave_it_open() -> None:
    async def story(one: Caller) -> None:
        for prompt in "abc":
            await one.submit(prompt)
        answer = await one.verified(ONE_SUBMIT, {"check": "submit-once"})
        assert [found["verdict"] for found in answer["findings"]] == ["failed", "inconclusive"]
        assert (answer["looked_at"], answer["dropped"]) == (2, 1)
        later = await one.verified({"check": "submit-once"}, since=1.0)
        assert (later["verdict"], later["dropped"]) == ("passed", 0)

    playing(story, bounds=Bounds(journal=2))


@pytest.mark.parametrize(
    ("wish", "message"),
    [
        ({}, "$.expectations: expected a value, seen nothing"),
        ({"expectations": []}, "$.expectations: expected minItems: 1"),
        ({"expectations": [{}]}, "$.expectations[0].check: expected a value, seen nothing"),
        ({"expectations": [{"check": "cuont"}]}, "(did you mean 'count'?)"),
        (
            {"expectations": [{"check": "count", "equal": 1}]},
            "$.expectations[0].equal: expected one of at_least, at_most, check, equals, operation,"
            " where, seen 'equal' (did you mean 'equals'?)",
        ),
        (
            {"expectations": [{"check": "count", "where": {"statsu": 1}}]},
            "$.expectations[0].where.statsu: expected one of aborted, body, ",
        ),
        (
            {"expectations": [{"check": "poll-gaps", "at_least": "2"}]},
            "$.expectations[0].at_least: expected type number, seen '2'",
        ),
        (
            {"expectations": [{"check": "count", "at_least": 2, "at_most": 1}]},
            "$.expectations[0]: expected count: bounds that leave a number, seen at least 2 and",
        ),
        ({"expectations": [ONE_SUBMIT], "within": 301}, "$.within: expected maximum 300, seen 301"),
        ({"expectations": [ONE_SUBMIT], "sicne": 1}, "(did you mean 'since'?)"),
    ],
)
def test_a_wish_that_means_nothing_is_refused_with_its_place(wish: Json, message: str) -> None:
    async def story(one: Caller) -> None:
        reply = await one.client.post(VERIFY, json=wish)
        assert reply.status_code == 400
        assert message in reply.json()["error"]["message"]

    playing(story)


def test_an_unknown_session_is_refused() -> None:
    async def story(one: Caller) -> None:
        reply = await one.client.post(
            "/_mock/sessions/nobody/verify", json={"expectations": [QUIET]}
        )
        assert reply.status_code == 404

    playing(story)


def test_an_empty_body_is_refused() -> None:
    async def story(one: Caller) -> None:
        assert (await one.client.post(VERIFY)).status_code == 415

    playing(story)


def test_its_definitions_and_those_of_the_control_plane_have_names_of_their_own() -> None:
    others = read_document(schemas_folder() / schema.NAME)["$defs"]
    assert not set(SCHEMA["$defs"]) & set(others)


def test_the_openapi_document_describes_it() -> None:
    document = openapi.openapi(table.ACTIONS, ORIGIN)
    operation = document["paths"]["/sessions/{session}/verify"]["post"]
    assert operation["operationId"] == "verify"
    assert {"findings", "verification", "check_count"} <= set(document["components"]["schemas"])


def test_a_long_list_of_evidence_is_cut() -> None:
    async def story(one: Caller) -> None:
        for _ in range(4):
            await one.client.get("/v1/models")
        answer = await one.verified({"check": "count", "operation": "models"})
        assert answer["findings"][0]["evidence"] == [1, 2]
        assert [call["number"] for call in answer["calls"]] == [1, 2]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(verify, "_MOST_EVIDENCE", 2)
        playing(story)


def test_the_client_tells_what_was_found(session: Session) -> None:
    task = accepted(session)
    session.clock.advance(5)
    status(session, task)
    status(session, task)
    found = session.verify({"check": "submit-once"}, {"check": "poll-gaps", "at_least": 2})
    assert (found.verdict, found.passed) == ("failed", False)
    gaps = found.findings[1]
    assert (gaps.check, gaps.verdict, gaps.evidence) == ("poll-gaps", "failed", (2, 3))
    assert gaps.seen == "0.000 s from call 2 to call 3, 2 s were due"


def test_the_client_waits_for_what_is_to_come(session: Session) -> None:
    accepted(session)
    assert session.verify(ONE_SUBMIT, within=60).passed


def test_the_client_can_leave_out_what_was_before(session: Session) -> None:
    submit(session)
    before = session.facts().calls
    submit(session)
    assert session.verify(ONE_SUBMIT, since=before).passed
    assert not session.verify(ONE_SUBMIT).passed


def test_the_client_raises_for_what_means_nothing(session: Session) -> None:
    with pytest.raises(ControlError, match="did you mean 'count'") as caught:
        session.verify({"check": "cuont"})
    assert (caught.value.status, caught.value.path) == (400, "$.expectations[0].check")
