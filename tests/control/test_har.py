"""The journal as an HTTP Archive: held against the structure that its specification demands."""

from datetime import datetime
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from mock_server.control import Session
from tests.control.callers import SUBMIT, accepted, call, status, submit

TEXT = {"type": "string"}
NUMBER = {"type": "number"}
SIZE = {"type": "integer", "minimum": -1}


def group(required: dict[str, Any], **optional: Any) -> dict[str, Any]:
    """An object; names that begin with an underscore are additions, which the format allows."""
    return {
        "type": "object",
        "required": list(required),
        "properties": {**required, **optional, "comment": TEXT},
        "patternProperties": {"^_": {}},
        "additionalProperties": False,
    }


def rows(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item}


# HAR 1.2: what is required and what may be there, object by object.
PAIR = group({"name": TEXT, "value": TEXT})
CONTENT = group({"size": SIZE, "mimeType": TEXT}, compression=NUMBER, text=TEXT, encoding=TEXT)
MESSAGE = {
    "httpVersion": TEXT,
    "cookies": rows(PAIR),
    "headers": rows(PAIR),
    "headersSize": SIZE,
    "bodySize": SIZE,
}
REQUEST = group(
    {**MESSAGE, "method": TEXT, "url": TEXT, "queryString": rows(PAIR)},
    postData=group({"mimeType": TEXT, "params": rows(PAIR), "text": TEXT}),
)
RESPONSE = group(
    {
        **MESSAGE,
        "status": {"type": "integer", "minimum": 0},
        "statusText": TEXT,
        "content": CONTENT,
        "redirectURL": TEXT,
    }
)
ENTRY = group(
    {
        "startedDateTime": {
            "type": "string",
            "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$",
        },
        "time": {"type": "number", "minimum": 0},
        "request": REQUEST,
        "response": RESPONSE,
        "cache": group({}, beforeRequest={}, afterRequest={}),
        "timings": group({"send": NUMBER, "wait": NUMBER, "receive": NUMBER}),
    },
    serverIPAddress=TEXT,
    connection=TEXT,
)
LOG = group(
    {
        "version": {"const": "1.2"},
        "creator": group({"name": TEXT, "version": TEXT}),
        "entries": rows(ENTRY),
    }
)
HAR = Draft202012Validator(group({"log": LOG}))


@pytest.mark.parametrize("calls", [0, 1, 45])
def test_an_export_has_the_structure_of_an_archive(session: Session, calls: int) -> None:
    for number in range(calls):
        submit(session, f"prompt {number}")
    archive = session.journal.har()
    HAR.validate(archive)
    assert len(archive["log"]["entries"]) == calls


def test_calls_of_every_kind_fit_into_an_archive(session: Session) -> None:
    session.faults.add(submit=["pass", "reset"], models="redirect")
    task = accepted(session)
    with pytest.raises(OSError, match=r".*"):
        submit(session)
    status(session, task)
    call("POST", f"{session.url}{SUBMIT}", b"\xff\x00", session.api_key)
    call("GET", f"{session.base_url}/models?a=1&a=&b=%20%ff", key=session.api_key)
    archive = session.journal.har()
    HAR.validate(archive)
    entries = archive["log"]["entries"]
    assert [entry["response"]["status"] for entry in entries[:4]] == [200, 0, 200, 400]
    assert [entry["_fault"] for entry in entries] == [
        *[None, "reset", None, None],
        session.journal.call(5).fault,
    ]
    assert entries[4]["response"]["redirectURL"] != ""
    assert [pair["name"] for pair in entries[4]["request"]["queryString"]] == ["a", "a", "b"]


def test_an_archive_tells_urls_as_they_were_called_and_the_sessions_time(session: Session) -> None:
    task = accepted(session)
    session.clock.advance(90)
    status(session, task)
    first, second = session.journal.har()["log"]["entries"]
    assert first["request"]["url"] == f"{session.url}{SUBMIT}"
    assert second["request"]["url"] == f"{session.url}{SUBMIT}/{task}"
    times = [datetime.fromisoformat(entry["startedDateTime"]) for entry in (first, second)]
    assert (times[1] - times[0]).total_seconds() == 90


def test_an_archive_can_hold_a_part_of_the_journal(session: Session) -> None:
    session.faults.add(submit=["429", "pass"])
    submit(session)
    submit(session)
    (entry,) = session.journal.har(status="429")["log"]["entries"]
    assert entry["_number"] == 1
