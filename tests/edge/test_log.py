"""The log: a line for each request, written by a thread of its own, that nobody can forge."""

import json
import threading
from io import StringIO

import pytest

from mock_server.edge.log import Log
from mock_server.edge.mock import DEFAULT_KEY
from tests.edge.callers import FOX, SUBMIT, Caller, caller


class BrokenStream(StringIO):
    """A stream whose reader has gone."""

    def write(self, text: str) -> int:
        raise BrokenPipeError


@pytest.fixture(params=["text", "json"])
def form(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def lines(one: Caller, form: str) -> list[str]:
    """The lines about everything that the caller has done."""
    stream = StringIO()
    log = Log(form, stream)
    for entry in one.world.journal:
        log(one.app.mock.sessions.default, entry)
    log.close()
    return stream.getvalue().splitlines()


def test_a_text_line_tells_method_path_status_task_phase_and_duration(guide: Caller) -> None:
    task = guide.submit()["id"]
    guide.clock.advance(60)
    guide.status(task)
    guide.get("/nowhere")
    assert lines(guide, "text") == [
        f"POST {SUBMIT} 200  {task} queued  0.0ms",
        f"GET  {SUBMIT}/{task} 200  {task} succeeded  0.0ms",
        "GET  /nowhere 404  0.0ms",
    ]


def test_a_json_line_tells_the_same_as_members(guide: Caller) -> None:
    guide.submit()
    (line,) = lines(guide, "json")
    told = json.loads(line)
    assert told["session"] == "default"
    assert (told["method"], told["status"], told["phase"]) == ("POST", 200, "queued")
    assert told["at"] == pytest.approx(guide.clock.now(), abs=1e-5)


def test_an_injected_fault_is_named(guide: Caller, form: str) -> None:
    guide.post(SUBMIT, json=FOX, headers={"X-Mock-Fault": "429(retry_after=2)"})
    (line,) = lines(guide, form)
    assert "429(retry_after=2)" in line


def test_a_line_of_another_session_begins_with_its_name(guide: Caller) -> None:
    mock = guide.app.mock
    mock.sessions.add(mock.make_session("other", mock.scenario, (DEFAULT_KEY,)))
    stream = StringIO()
    log = Log("text", stream)
    guide.app.endpoint.listeners.append(log)
    guide.get("/s/other/v1/models")
    log.close()
    assert stream.getvalue().startswith("[other] GET  /v1/models 200  ")


@pytest.mark.parametrize(
    "path", ["/a%0aGET%20/forged", "/a%0d%0a", "/a\u2028b", "/a%1b[31m", "/%7f", "/a\x85b"]
)
def test_a_path_cannot_write_lines_of_its_own(guide: Caller, form: str, path: str) -> None:
    guide.get(path)
    (line,) = lines(guide, form)
    assert line.isprintable()


@pytest.mark.parametrize("form_of_path", ["/{}", "/a%20{}", "/a/{}/b"])
def test_no_key_stands_in_a_line(guide: Caller, form: str, form_of_path: str) -> None:
    guide.get(form_of_path.format(DEFAULT_KEY))
    (line,) = lines(guide, form)
    assert DEFAULT_KEY not in line


def test_a_fault_of_several_lines_stays_on_one(form: str) -> None:
    with caller() as one:
        fault = '500(message="first\\nsecond")'
        one.post(SUBMIT, json=FOX, headers={"X-Mock-Fault": fault})
        (line,) = lines(one, form)
    assert "first" in line


def test_a_very_long_path_is_cut(guide: Caller) -> None:
    guide.get(f"/{'a' * 5_000}")
    (line,) = lines(guide, "text")
    assert len(line) < 400


def test_a_caller_that_left_is_told(guide: Caller, form: str) -> None:
    guide.get("/v1/models")
    for entry in guide.world.journal:
        entry.aborted = True
    (line,) = lines(guide, form)
    assert "caller left" in line or '"aborted": true' in line


def test_lines_keep_the_order_of_the_replies(guide: Caller, form: str) -> None:
    for number in range(50):
        guide.get(f"/{number}.")
    told = lines(guide, form)
    assert [f"/{number}." in line for number, line in enumerate(told)] == [True] * 50


def test_a_stream_that_breaks_ends_the_log_and_nothing_else(guide: Caller) -> None:
    guide.get("/v1/models")
    before = threading.active_count()
    broken = BrokenStream()
    log = Log("text", broken)
    for entry in guide.world.journal:
        log(guide.app.mock.sessions.default, entry)
    log.close()
    assert broken.closed
    assert threading.active_count() == before
