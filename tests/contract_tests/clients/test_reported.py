"""What a process says of its own job is read as the schema has it, and nothing else is."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.clients.reported import (
    BadReportError,
    Reported,
    check_message,
    reported,
    reported_at_end,
)
from contract_tests.outcome import OutcomeStatus
from mock_server.loading.folders import schemas_folder
from mock_server.loading.json_documents import json_document
from mock_server.loading.schema_files import check_schema

WORDS = ("succeeded", "failed", "cancelled", "unknown")
OUTCOMES = st.fixed_dictionaries(
    {"status": st.sampled_from(WORDS)},
    optional={
        "task_id": st.none() | st.text(),
        "urls": st.lists(st.text()),
        "code": st.none() | st.text() | st.integers(),
        "message": st.none() | st.text(),
        "progress": st.lists(st.floats(0, 100)),
    },
)


@pytest.mark.parametrize("name", ["outcome.schema.json", "client-message.schema.json"])
def test_the_schemas_are_sound_and_describe_every_member(name: str) -> None:
    schema = json_document(schemas_folder() / name)
    check_schema(schema, name)
    assert schema["description"]


@given(OUTCOMES, st.booleans())
def test_everything_that_obeys_the_schema_is_read_from_the_last_line(
    outcome: dict[str, Any], is_ascii: bool
) -> None:
    line = json.dumps(outcome, ensure_ascii=is_ascii)
    found = reported_at_end(f"loading...\n{{}}\n{line}\n \n")
    assert found == Reported(
        OutcomeStatus(outcome["status"]),
        outcome.get("task_id"),
        tuple(outcome.get("urls", ())),
        outcome.get("code"),
        outcome.get("message"),
        tuple(outcome.get("progress", ())),
    )


@pytest.mark.parametrize(
    "printed",
    [
        "",
        "\n\n",
        "done",
        "[1, 2]",
        "{}",
        '{"urls": []}',
        '"succeeded"',
        '{"status": "succeeded"}\nbye',
        '{"status": "succeeded", "progress": [NaN]}',
        '{"status": "succeeded"',
        "[" * 100_000,
    ],
)
def test_a_last_line_without_a_status_is_no_report(printed: str) -> None:
    assert reported_at_end(printed) is None


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        ({"status": "success"}, "$.status: expected one of succeeded, failed"),
        ({"status": "succeeded", "url": "u"}, "$.url: expected one of code, message"),
        ({"status": "succeeded", "urls": "u"}, "$.urls: expected type array, seen 'u'"),
        ({"status": "failed", "code": 1.5}, "$.code: expected type"),
        ({"status": 7}, "$.status"),
    ],
)
def test_what_only_looks_like_a_report_is_refused_with_its_place(
    value: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(BadReportError) as refused:
        reported_at_end(json.dumps(value))
    assert complaint in str(refused.value)


def test_the_nearest_name_is_told() -> None:
    with pytest.raises(BadReportError, match="did you mean 'succeeded'"):
        reported({"status": "success"})


def test_a_number_that_is_whole_is_an_integer_code() -> None:
    assert repr(reported({"status": "failed", "code": 401.0}).code) == "401"


def test_half_a_character_becomes_something_that_can_be_printed() -> None:
    (url,) = reported(json.loads('{"status": "succeeded", "urls": ["a\\ud800"]}')).urls
    assert url == "a\\ud800"


@pytest.mark.parametrize(
    "message",
    [
        {"type": "ready"},
        {"type": "ready", "name": "x", "abilities": ["cancels", "parallel"], "most_at_once": 4},
        {"type": "ready", "gives_up_after": 0.5},
        {"type": "progress", "id": "1", "progress": 30},
        {"type": "result", "id": "1", "outcome": {}},
        {"type": "result", "id": "1", "raised": "KeyError"},
    ],
)
def test_a_message_of_the_protocol_is_accepted(message: dict[str, Any]) -> None:
    check_message(message)


@pytest.mark.parametrize(
    ("message", "complaint"),
    [
        ({"type": "redy"}, "did you mean 'ready'"),
        ({"type": "ready", "abilities": ["flies"]}, "expected one of downloads, cancels"),
        ({"type": "ready", "most_at_once": 0}, "$.most_at_once: expected minimum 1, seen 0"),
        ({"type": "ready", "most": 1}, "did you mean 'most_at_once'"),
        ({"type": "progress", "id": "1"}, "$.progress: expected a value, seen nothing"),
        ({"type": "result", "id": 1, "outcome": {}}, "$.id: expected type string, seen 1"),
        ({"type": "result", "id": "1"}, "$.outcome: expected a value, seen nothing"),
        ({"type": "result", "id": "1", "raised": 7}, "$.raised: expected type string, seen 7"),
    ],
)
def test_a_message_that_is_none_is_refused_with_its_place(
    message: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(BadReportError) as refused:
        check_message(message)
    assert complaint in str(refused.value)
