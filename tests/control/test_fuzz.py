"""Whatever is sent to the control plane: an answer below 500, in its own words, at once."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_server import start
from mock_server.control import Control
from mock_server.edge.control.answering import MOST_BYTES
from mock_server.edge.control.refused import MOST_LINES
from mock_server.edge.control.table import ACTIONS
from mock_server.edge.runner import Running
from tests.control.callers import accepted, call

PLACES = sorted({action.path for action in ACTIONS if not action.endless})
METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE"]
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(["429", "reset x2", "pass", "faults/lost-reply", "../x.yaml", "*", "a\nb"]),
)
NAMES = st.one_of(
    st.sampled_from(
        [
            *[
                "name",
                "scenario",
                "seed",
                "speed",
                "frozen",
                "keys",
                "ttl",
                "port",
                "submit",
                "any",
            ],
            *["seconds", "time", "results", "code", "message", "expectations", "title", "why"],
            *["timeline", "tasks", "limits", "chaos", "extends", "fault", "times", "check"],
        ]
    ),
    st.text(max_size=10),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)
BODIES = st.one_of(
    st.dictionaries(NAMES, VALUES, max_size=6).map(lambda value: json.dumps(value).encode()),
    VALUES.map(lambda value: json.dumps(value).encode()),
    st.binary(max_size=200),
    st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")),
)
MEDIA = st.sampled_from(
    ["application/json", "application/yaml", "text/yaml", "text/plain", "x", ""]
)
WORDS = st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="#?/"))


@pytest.fixture(scope="module")
def fuzzed() -> Iterator[Running]:
    """A mock that nobody else uses; leaving it raises what a bug of the mock raised meanwhile."""
    with start() as running:
        yield running


def told(mock: Running, path: str, word: str) -> str:
    """The URL of a path of the control plane, its parameters filled in."""
    with Control(mock.url) as control:
        names = {facts.name for facts in control.sessions()}
        session = control.session("fuzzed") if "fuzzed" in names else control.create(name="fuzzed")
        if "{task}" in path:
            tasks = list(session.tasks)
            word = tasks[0].id if tasks else accepted_by(mock)
    filled = path.replace("{session}", "fuzzed").replace("{task}", word).replace("{number}", word)
    return f"{mock.url}/_mock{filled}"


def accepted_by(mock: Running) -> str:
    """The id of a task that the session has accepted, whatever its story is by now."""
    with Control(mock.url) as control:
        control.session("fuzzed").delete()
        return accepted(control.create(name="fuzzed"))


@pytest.mark.proof
def test_whatever_is_sent_is_answered_below_500_and_in_json(
    fuzzed: Running, proof_size: Callable[[int, int], int]
) -> None:
    @settings(max_examples=proof_size(150, 3_000))
    @given(
        method=st.sampled_from(METHODS),
        path=st.sampled_from(PLACES),
        word=WORDS,
        query=st.dictionaries(NAMES, st.text(max_size=10), max_size=3),
        body=BODIES,
        media=MEDIA,
    )
    def check(
        method: str, path: str, word: str, query: dict[str, str], body: bytes, media: str
    ) -> None:
        url = told(fuzzed, path, word)
        fields = "&".join(f"{quoted(key)}={quoted(value)}" for key, value in query.items())
        sent = None if method in ("GET", "HEAD", "TRACE") else body
        answer = call(method, f"{url}?{fields}", sent, headers={"content-type": media})
        assert answer.status < 500, answer.content
        if answer.status >= 400 and method != "HEAD":
            assert set(answer.value["error"]) == {"message", "path", "expected", "seen", "nearest"}
            assert b"Traceback" not in answer.content

    check()


def quoted(text: str) -> str:
    """Every byte percent-encoded, lone surrogates too."""
    return "".join(f"%{byte:02x}" for byte in text.encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"\xef\xbb\xbf{}",
        b'{"name": "a", "name": "b"}',
        b'{"seed": NaN}',
        b'{"seed": 1' + b"0" * 5_000 + b"}",
        b"[" * 100_000,
        b'{"name": "\\ud800"}',
        b'{"name": "\\u0000"}',
        b'{"keys": [' + b"1," * 50_000 + b"1]}",
        b'{"x' + b"x" * 100_000 + b'": 1}',
        b"{" + b",".join(b'"a%d": 1' % number for number in range(100_000)) + b"}",
        b'{"scenario": ' + b'{"a":' * 60 + b"1" + b"}" * 60 + b"}",
        b'{"scenario": "a: &a [1]\\nb: [*a, *b]\\n"}',
    ],
)
def test_an_odd_body_is_refused_with_a_short_reason(mock: Running, body: bytes) -> None:
    for path in ("/sessions/default/scenario", "/sessions/default/faults"):
        method = "PUT" if path.endswith("scenario") else "POST"
        answer = call(method, f"{mock.url}/_mock{path}", body)
        assert 400 <= answer.status < 500
        assert len(answer.content) < 10_000
        assert answer.value["error"]["message"]


def test_a_story_that_would_grow_without_end_is_refused(mock: Running) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    url = f"{mock.url}/_mock/sessions/default/scenario"
    answer = call("PUT", url, "\n".join(lines).encode(), headers={"content-type": "text/yaml"})
    assert answer.status == 400
    assert "aliases" in answer.value["error"]["message"]


def test_a_body_that_is_too_large_is_refused(mock: Running) -> None:
    answer = call("POST", f"{mock.url}/_mock/sessions", b" " * (MOST_BYTES + 1))
    assert answer.status == 413


def test_only_so_many_wrong_places_are_told(mock: Running) -> None:
    wrong: Any = {"submit": ["nosuch"] * 500}
    answer = call("POST", f"{mock.url}/_mock/sessions/default/faults", wrong)
    lines = answer.value["error"]["message"].splitlines()
    assert len(lines) == MOST_LINES + 1
    assert lines[-1] == f"and {500 - MOST_LINES} more"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("PATCH", "/sessions", 405),
        ("DELETE", "/sessions", 405),
        ("GET", "/sessions/default/reset", 405),
        ("GET", "", 404),
        ("GET", "/", 404),
        ("GET", "/nosuch", 404),
        ("GET", "/sessions/", 404),
        ("GET", "/sessions//journal", 404),
        ("GET", "/sessions/default/journal/", 404),
        ("GET", "/sessions/%2e%2e/journal", 404),
        ("GET", "/sessions/default%2fjournal", 200),
        ("GET", "/docs/assets/nosuch", 404),
    ],
)
def test_a_wrong_way_is_refused(mock: Running, method: str, path: str, status: int) -> None:
    answer = call(method, f"{mock.url}/_mock{path}")
    assert answer.status == status
    if status == 405:
        assert answer.headers["allow"] == answer.value["error"]["expected"]
