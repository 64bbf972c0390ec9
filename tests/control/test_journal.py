"""The journal over the control plane: filtered, paged, cut, masked, as JSON lines."""

import json
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from mock_server import start
from mock_server.control import Control, ControlError, Entry, Session
from mock_server.core.world import Bounds
from mock_server.edge.runner import Running
from tests.control.callers import FOX, SUBMIT, accepted, call, status, submit


@pytest.fixture
def eventful(session: Session) -> Session:
    """A session with seven calls of several kinds, two of them struck by faults."""
    session.faults.add(submit=["429(retry_after=2)", "pass", "reset"])
    assert submit(session).status == 429
    task = accepted(session, "the second")
    with pytest.raises(OSError, match=r".*"):
        submit(session)
    status(session, task)
    call("GET", f"{session.base_url}/models?type=all", key=session.api_key)
    call("GET", f"{session.url}/nowhere", key=session.api_key)
    call("GET", f"{session.base_url}/balance")
    return session


def numbers(entries: Any) -> list[int]:
    return [entry.number for entry in entries]


def test_every_call_is_told_with_its_reply(eventful: Session) -> None:
    entries = list(eventful.journal)
    assert numbers(entries) == [1, 2, 3, 4, 5, 6, 7]
    assert [entry.operation for entry in entries] == [
        *["submit"] * 3,
        *["status", "models", "nowhere", "balance"],
    ]
    assert [entry.status for entry in entries] == [429, 200, None, 200, 200, 404, 401]
    assert [entry.created for entry in entries] == [False, True, *[False] * 5]
    second = entries[1]
    assert json.loads(second.body.text)["prompt"] == "the second"
    assert json.loads(second.content.text)["id"] == second.task == entries[3].task
    assert (second.path, second.body.cut, second.phase) == (SUBMIT, False, "queued")
    assert ("retry-after", "2") in entries[0].reply_headers


@pytest.mark.parametrize(
    ("which", "found"),
    [
        ({"operation": "submit"}, [1, 2, 3]),
        ({"operation": "nowhere"}, [6]),
        ({"status": "200"}, [2, 4, 5]),
        ({"status": "none"}, [3]),
        ({"fault": "*"}, [1, 3]),
        ({"fault": "429(retry_after=2)"}, [1]),
        ({"since": 4}, [5, 6, 7]),
        ({"operation": "submit", "since": 1, "status": "200"}, [2]),
        ({"task": "nosuch"}, []),
    ],
)
def test_entries_are_picked(eventful: Session, which: dict[str, Any], found: list[int]) -> None:
    assert numbers(eventful.journal.all(**which)) == found
    assert numbers(eventful.journal.lines(**which)) == found


def test_entries_are_picked_by_task(eventful: Session) -> None:
    (task,) = eventful.tasks
    assert numbers(eventful.journal.all(task=task.id)) == [2, 4]


def test_pages_follow_one_another_without_a_gap(eventful: Session) -> None:
    first = eventful.journal.page(limit=3)
    assert (numbers(first.entries), first.more) == ([1, 2, 3], True)
    second = eventful.journal.page(first.cursor, limit=10)
    assert (numbers(second.entries), second.more) == ([4, 5, 6, 7], False)
    submit(eventful)
    third = eventful.journal.page(second.cursor)
    assert (numbers(third.entries), third.missed) == ([8], 0)


def test_a_page_of_picked_entries_is_as_long_as_was_asked_for(eventful: Session) -> None:
    page = eventful.journal.page(limit=2, status="200")
    assert (numbers(page.entries), page.more) == ([2, 4], True)
    page = eventful.journal.page(page.cursor, limit=2, status="200")
    assert (numbers(page.entries), page.more) == ([5], False)


def test_entries_that_had_to_make_room_are_counted() -> None:
    with start(bounds=Bounds(journal=2)) as running, Control(running.url) as control:
        session = control.create()
        submit(session)
        first = session.journal.page()
        for _ in range(4):
            submit(session)
        page = session.journal.page(first.cursor)
        assert (numbers(page.entries), page.dropped, page.missed) == ([4, 5], 3, 2)


def test_one_call_is_told_whole_and_an_unknown_one_refused(eventful: Session) -> None:
    assert eventful.journal.call(5).query == "type=all"
    for number in (8, 0, 10**30):
        with pytest.raises(ControlError) as refused:
            eventful.journal.call(number)
        assert refused.value.status == 404


def test_bodies_are_cut_at_a_bound(session: Session) -> None:
    body = json.dumps({**FOX, "prompt": "\u00e9" * 20_000}, ensure_ascii=False).encode()
    call("POST", f"{session.url}{SUBMIT}", body, session.api_key)
    (short,) = session.journal.page().entries
    assert (short.body.data, short.body.cut) == (body[: len(short.body.data)], True)
    assert len(short.body.data) in (4095, 4096)
    (whole,) = session.journal.all()
    assert (whole.body.cut, whole.body.data) == (False, body)


def test_bodies_are_kept_up_to_a_bound(session: Session) -> None:
    submit(session, "x" * 70_000)
    (entry,) = session.journal
    assert (len(entry.body.data), entry.body.cut) == (65_536, True)
    assert entry.body.size > 70_000


def test_a_body_that_is_no_text_is_told_as_base64(session: Session) -> None:
    body = b"\xff\xfe\x00"
    call("POST", f"{session.url}{SUBMIT}", body, session.api_key)
    (entry,) = session.journal
    assert (entry.body.encoding, entry.body.data) == ("base64", body)


def test_keys_are_masked_wherever_they_stand(session: Session) -> None:
    key = str(session.api_key)
    url = f"{session.base_url}/models?key={key}"
    call("GET", url, None, key, {"x-api-key": key, "x-other": f"see {key}", "cookie": f"k={key}"})
    submit(session, f"my key is {key}")
    (entry, _) = session.journal
    assert ("authorization", f"Bearer sk-...{key[-4:]}") in entry.headers
    for text in (repr(list(session.journal)), repr(session.journal.har()), session.export()):
        assert key not in text


def test_keys_that_do_not_look_like_keys_are_masked_too(control: Control) -> None:
    key = "a-very-special-credential"
    with control.create(keys=[key]) as session:
        call("POST", f"{session.url}{SUBMIT}", {**FOX, "prompt": f"{key}!"}, key)
        text = repr(list(session.journal)) + repr(session.journal.har()) + repr(session.facts())
        assert key not in text


def test_uploads_and_pictures_are_not_copied(control: Control) -> None:
    file = BytesIO()
    Image.new("RGB", (64, 64), "teal").save(file, "PNG")
    form = b"".join(
        (
            b'--x\r\ncontent-disposition: form-data; name="file"; filename="a.png"\r\n',
            b"content-type: image/png\r\n\r\n",
            file.getvalue(),
            b"\r\n--x--\r\n",
        )
    )
    with control.create("lifecycle/done-at-once") as session:
        kind = {"content-type": "multipart/form-data; boundary=x"}
        upload = call("POST", f"{session.base_url}/uploads/images", form, session.api_key, kind)
        assert upload.status == 200, upload.content
        done = status(session, accepted(session)).value
        picture = call("GET", done["result"]["data"][0]["url"]).content
        entries = list(session.journal)
        assert [entry.operation for entry in entries] == ["upload", "submit", "status", "result"]
        assert "a.png" in entries[0].body.text
        assert entries[3].content.size == len(picture)
        assert entries[3].content.text == ""
        assert all(len(entry.body.data + entry.content.data) < 1500 for entry in entries)


def test_an_export_is_a_file(mock: Running, session: Session) -> None:
    url = f"{mock.url}/_mock/sessions/{session.name}/journal/lines"
    headers = call("GET", url).headers
    assert headers["content-type"].startswith("application/x-ndjson")
    assert headers["content-disposition"] == f'attachment; filename="{session.name}.jsonl"'


def test_exported_lines_are_the_entries(eventful: Session) -> None:
    lines: list[Entry] = list(eventful.journal.lines())
    assert lines == list(eventful.journal)


@pytest.mark.parametrize(
    ("query", "path", "nearest"),
    [
        ("operaton=submit", "$.operaton", "operation"),
        ("limit=0", "$.limit", None),
        ("limit=x", "$.limit", None),
        ("limit=-1", "$.limit", None),
        ("status=20", "$.status", None),
        ("since=99999999999999999999", "$.since", None),
        ("body_bytes=65537", "$.body_bytes", None),
        ("limit=1&limit=2", "$.limit", None),
    ],
)
def test_a_wrong_query_is_refused_with_its_place(
    mock: Running, session: Session, query: str, path: str, nearest: str | None
) -> None:
    answer = call("GET", f"{mock.url}/_mock/sessions/{session.name}/journal?{query}")
    error = answer.value["error"]
    assert (answer.status, error["path"], error["nearest"]) == (400, path, nearest)
