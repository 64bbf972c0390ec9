"""The journal tells what happened to every call, within its bounds, and never shows a key."""

import json
from functools import cache
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mock_server.core.call import FilePart, Form
from mock_server.core.journal import CONTENT_BYTES, Entry, Journal
from mock_server.core.keys import Keyring
from mock_server.core.scenario import Scenario
from mock_server.core.world import Bounds
from mock_server.loading.faults import read_fault
from tests.core.clients import (
    AT_ONCE,
    BASE,
    BODY,
    KEY,
    NOW,
    PICTURE,
    SUBMIT,
    UPLOAD,
    Client,
    client,
    file,
    image,
)
from tests.core.values import tokens

HAPPY = Scenario(timelines=(AT_ONCE,))


def last(caller: Client) -> Entry:
    """The entry of the latest call."""
    entry = caller.world.journal.last
    assert entry is not None
    return entry


def everything_shown(entry: Entry) -> str:
    """All that an entry shows of itself."""
    names = [name for name in dir(type(entry)) if not name.startswith("_")]
    hidden = ("call", "script", "secrets")
    return repr([repr(entry), *(getattr(entry, name) for name in names if name not in hidden)])


def test_an_entry_tells_who_called_when_and_what_came_of_it() -> None:
    caller = client()
    task = caller.submit(prompt="A kite").json["id"]
    entry = last(caller)
    assert (entry.number, entry.at, entry.operation) == (1, NOW, "submit")
    assert (entry.method, entry.path, entry.query) == ("POST", SUBMIT, "")
    assert (entry.status, entry.task, entry.phase, entry.created) == (200, task, "queued", True)
    assert (entry.fault, entry.moment, entry.ended, entry.aborted) == (None, None, None, False)
    assert json.loads(entry.body) == {**BODY, "prompt": "A kite"}
    assert json.loads(entry.content)["id"] == task
    assert dict(entry.reply_headers)[b"content-type"] == b"application/json"
    assert entry.steps == ("Head", "Chunk")
    assert entry.body_size == len(entry.body)
    assert entry.content_size == len(entry.content)


def test_a_status_read_tells_the_phase_that_it_saw() -> None:
    caller = client()
    task = caller.submitted()
    phases = []
    for seconds in (0, 1, 5):
        caller.now = NOW + seconds
        caller.status(task)
        phases.append((last(caller).at, last(caller).phase, last(caller).created))
    assert phases == [
        (NOW, "queued", False),
        (NOW + 1, "running", False),
        (NOW + 5, "succeeded", False),
    ]


def test_a_refused_call_is_in_the_journal_too() -> None:
    caller = client()
    caller.submit(n=9)
    entry = last(caller)
    assert (entry.operation, entry.status, entry.task, entry.created) == (
        "submit",
        400,
        None,
        False,
    )


def test_a_path_that_means_nothing_is_an_operation_of_nowhere() -> None:
    caller = client()
    caller.get("/v1/v1/models?type=all")
    assert (last(caller).operation, last(caller).query) == ("nowhere", "type=all")


def test_a_call_that_never_got_a_reply_has_no_status() -> None:
    caller = client()
    caller.struck(read_fault("reset"))
    entry = last(caller)
    assert (entry.fault, entry.moment, entry.status) == ("reset", "before", None)
    assert (entry.steps, entry.reply_headers, entry.content) == (("Reset",), (), b"")


@pytest.mark.parametrize(
    ("caller_at", "shown"), [(("127.0.0.1", 5000), "127.0.0.1:5000"), (None, "")]
)
def test_an_entry_names_the_connection(caller_at: tuple[str, int] | None, shown: str) -> None:
    caller = client()
    caller.get("/v1/models", client=caller_at)
    assert last(caller).connection == shown


def test_the_bytes_of_pictures_are_left_out_and_their_number_is_told() -> None:
    caller = client(scenario=HAPPY)
    url = caller.result_urls(caller.submitted())[0]
    assert caller.get(url).content == PICTURE
    entry = last(caller)
    assert (entry.content, entry.content_size) == (b"", len(PICTURE))
    assert entry.call.picture is None


def test_a_fault_in_the_delivery_of_a_picture_is_seen_in_its_steps() -> None:
    caller = client(scenario=HAPPY)
    url = caller.result_urls(caller.submitted())[0]
    caller.get(url, fault=read_fault("cut"))
    assert last(caller).steps == ("Head", "Chunk", "HangUp")


def test_a_fault_in_the_delivery_of_a_long_reply_is_seen_in_its_steps() -> None:
    caller = client()
    caller.struck(read_fault("cut"), metadata={"note": "x" * 2 * CONTENT_BYTES})
    assert last(caller).steps == ("Head", "Chunk", "HangUp")


def test_of_a_form_the_texts_and_the_names_of_the_files_are_kept() -> None:
    caller = client()
    caller.post_form(SUBMIT, Form(tuple(BODY.items()), (file("reference_images"),)))
    shown = json.loads(last(caller).body)
    assert shown["fields"] == [list(item) for item in BODY.items()]
    assert shown["files"] == [["reference_images", "kite.png", len(b"an image")]]
    assert last(caller).call.form is None


def test_long_bodies_and_replies_are_cut_and_their_full_size_is_told() -> None:
    caller = client()
    note = "x" * 2 * CONTENT_BYTES
    caller.submit(metadata={"note": note})
    entry = last(caller)
    assert len(entry.body) == len(entry.content) == CONTENT_BYTES
    assert entry.body_size > len(note)
    assert entry.content_size > len(note)


def test_a_cut_body_still_tells_equal_bodies_from_different_ones() -> None:
    caller = client()
    digests = []
    for end in "aab":
        caller.submit(metadata={"note": "x" * CONTENT_BYTES + end})
        digests.append(last(caller).digest)
    assert digests[0] == digests[1] != digests[2]


def test_bodies_and_forms_have_digests_of_their_own() -> None:
    caller = client()
    digests = []
    for data in (b"one", b"two", b"one"):
        caller.upload(file(data=data))
        digests.append(last(caller).digest)
    caller.submit()
    assert digests[0] == digests[2] != digests[1]
    assert last(caller).digest not in digests


def test_the_oldest_entries_go_when_there_are_too_many_and_are_counted() -> None:
    caller = client(bounds=Bounds(journal=3))
    for _ in range(5):
        caller.get("/v1/models")
    journal = caller.world.journal
    assert [entry.number for entry in journal] == [3, 4, 5]
    assert (len(journal), journal.dropped) == (3, 2)


def test_the_oldest_entries_go_when_they_weigh_too_much() -> None:
    caller = client(bounds=Bounds(journal_bytes=200_000))
    for _ in range(20):
        caller.submit(metadata={"note": "x" * 20_000})
    journal = caller.world.journal
    assert sum(len(entry.body) + len(entry.content) for entry in journal) <= 200_000
    assert journal.weight <= 200_000
    assert len(journal) + journal.dropped == 20
    assert len(journal) >= 4


def test_entries_are_paged_by_their_number() -> None:
    caller = client()
    for _ in range(5):
        caller.get("/v1/models")
    journal = caller.world.journal
    assert [entry.number for entry in journal.since(2, 2)] == [3, 4]
    assert [entry.number for entry in journal.since(0, 99)] == [1, 2, 3, 4, 5]
    assert journal.since(5, 9) == ()


def test_an_empty_journal_has_no_last_entry() -> None:
    assert Journal(10, 1000).last is None


def sends_key(caller: Client, place: str, key: str) -> None:
    """A call that carries the key where it should not be."""
    sent = key.encode()
    calls: dict[str, Any] = {
        "header": lambda: caller.get("/v1/models"),
        "other scheme": lambda: caller.get(
            "/v1/models", (b"proxy-authorization", b"Basic " + sent)
        ),
        "other header": lambda: caller.get("/v1/models", (b"x-note", b"key=" + sent)),
        "cookie": lambda: caller.get("/v1/models", (b"cookie", b"key=" + sent)),
        "query": lambda: caller.get(f"/v1/models?key={key}"),
        "path": lambda: caller.get(f"/v1/{key}"),
        "task": lambda: caller.get(f"{SUBMIT}/{key}"),
        "body": lambda: caller.submit(metadata={"key": key}),
        "model": lambda: caller.submit(model=key),
        "field": lambda: caller.submit(**{key: 1, "n": 9}),
        "broken body": lambda: caller.post(SUBMIT, sent),
        "long body": lambda: caller.post(SUBMIT, b"x" * (CONTENT_BYTES - 9) + sent),
        "long reply": lambda: caller.submit(
            metadata={"a": "x" * (CONTENT_BYTES - 188), "key": key}
        ),
        "form": lambda: caller.post_form(SUBMIT, Form((("prompt", key),))),
        "file name": lambda: caller.post_form(
            UPLOAD, Form(files=(FilePart("file", key, b"", image()),))
        ),
    }
    calls[place]()


PLACES = (
    *("header", "other scheme", "other header", "cookie", "query", "path", "task", "body"),
    *("model", "field", "broken body", "long body", "long reply", "form", "file name"),
)


@pytest.mark.parametrize("place", PLACES)
@given(token=tokens, known=st.booleans())
@example(token=KEY, known=False)
@example(token="a-plain-old-key-of-mine", known=True)
def test_a_key_is_never_shown_wherever_it_was_sent(place: str, token: str, known: bool) -> None:
    keys = Keyring({token: "valid"} if known else {}, any_key=not known)
    caller = client(keys=keys)
    caller.key = token
    sends_key(caller, place, token)
    shown = everything_shown(last(caller))
    # The last four characters may be shown; eight in a row are too many, if they say anything.
    pieces = {token[start : start + 8] for start in range(len(token) - 7)}
    pieces = {piece for piece in pieces if len(set(piece)) > 4}
    usual = everything_shown_without_key(place)
    assert [piece for piece in pieces if piece in shown and piece not in usual] == []


@cache
def everything_shown_without_key(place: str) -> str:
    """What the same call shows when the key is another one."""
    caller = client(keys=Keyring({}, any_key=True))
    caller.key = "-" * 12
    sends_key(caller, place, "-" * 12)
    return everything_shown(last(caller)) + BASE
