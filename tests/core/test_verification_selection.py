"""Which calls a check is about, how many there were, in which order, and what came closest."""

from typing import Any

import pytest

from mock_server.core.exchange import Exchange
from mock_server.core.verification.json_match import as_text, difference
from mock_server.core.verification.selector import Selector
from mock_server.core.verification.statuses import is_one_of, shown
from tests.core.verification_samples import refused, submit

CALL = submit(
    7,
    0,
    "a cat",
    path="/v1/images/generations",
    query="lang=en",
    headers=((b"x-test", b"one"), (b"x-test", b"two")),
    body=b'{"prompt": "a cat", "n": 2, "metadata": {"user": "ann"}, "image_urls": ["a", "b"]}',
    content=b'{"id": "t1", "status": "queued"}',
    reply_headers=((b"content-type", b"application/json"),),
    fault="delay(2)",
)


def lacking(where: dict[str, Any], call: Exchange = CALL) -> str | None:
    """What the call lacks of the conditions, in words; None when it meets them."""
    near = Selector(where=where).nearest([call])
    return None if near is None else str(near.words)


@pytest.mark.parametrize(
    "where",
    [
        {"status": 200},
        {"status": "2xx"},
        {"status": [429, "2xx"]},
        {"method": "POST"},
        {"path": "/v1/images/generations"},
        {"path": {"contains": "images"}},
        {"query": "lang=en"},
        {"header": {"X-Test": "two"}},
        {"header": {"x-test": {"contains": "on"}, "x-none": None}},
        {"body": {"n": 2, "metadata": {"user": "ann"}}},
        {"body": {"image_urls": ["a", "b"]}},
        {"body": {}},
        {"body_contains": "cat"},
        {"body_contains": "ann"},
        {"reply": {"status": "queued"}},
        {"reply_header": {"Content-Type": {"contains": "json"}}},
        {"task": "t1"},
        {"phase": "queued"},
        {"created": True},
        {"fault": True},
        {"fault": "delay(2)"},
        {"fault": {"contains": "delay"}},
        {"aborted": False},
    ],
)
def test_a_condition_that_is_met_lacks_nothing(where: dict[str, Any]) -> None:
    assert Selector(where=where).picks(CALL)
    assert lacking(where) is None


@pytest.mark.parametrize(
    ("where", "lacks"),
    [
        ({"status": 429}, "status: expected 429, seen 200"),
        ({"status": [429, "5xx", None]}, "status: expected 429, 5xx or no reply, seen 200"),
        ({"method": "GET"}, 'method: expected "GET", seen "POST"'),
        ({"path": "/v1"}, 'path: expected "/v1", seen "/v1/images/generations"'),
        ({"query": {"contains": "zh"}}, 'query: expected a text with "zh", seen "lang=en"'),
        ({"header": {"x-test": "three"}}, 'header x-test: expected "three", seen "one"'),
        ({"header": {"x-test": None}}, 'header x-test: expected none, seen "one"'),
        ({"header": {"x-none": "1"}}, 'header x-none: expected "1", seen none'),
        ({"header": {"x-none": {"contains": "1"}}}, None),
        ({"body": {"n": 1}}, "body $.n: expected 1, seen 2"),
        ({"body": {"n": True}}, "body $.n: expected true, seen 2"),
        ({"body": {"size": "1:1"}}, 'body $.size: expected "1:1", seen nothing'),
        ({"body": {"metadata": {"user": "bob"}}}, None),
        ({"body": {"image_urls": ["a"]}}, None),
        ({"body": {"image_urls": ["a", "c"]}}, 'body $.image_urls[1]: expected "c", seen "b"'),
        ({"body": []}, None),
        ({"body_contains": "dog"}, 'body: expected a text with "dog", seen no such text'),
        ({"body_contains": "prompt"}, None),
        ({"reply": {"status": "failed"}}, 'reply $.status: expected "failed", seen "queued"'),
        ({"reply_header": {"retry-after": "1"}}, None),
        ({"task": None}, 'task: expected null, seen "t1"'),
        ({"phase": "failed"}, 'phase: expected "failed", seen "queued"'),
        ({"created": False}, "created: expected false, seen true"),
        ({"fault": False}, 'fault: expected none, seen "delay(2)"'),
        ({"fault": None}, 'fault: expected none, seen "delay(2)"'),
        ({"fault": "429"}, 'fault: expected "429", seen "delay(2)"'),
        ({"aborted": True}, "aborted: expected true, seen false"),
        ({"status": 429, "method": "GET"}, "status: expected 429, seen 200, and 1 more"),
    ],
)
def test_a_condition_that_is_not_met_says_what_is_lacking(
    where: dict[str, Any], lacks: str | None
) -> None:
    assert not Selector(where=where).picks(CALL)
    found = lacking(where)
    assert found is not None
    assert lacks in (None, found)


def test_no_fault_and_no_task_and_no_phase_can_be_asked_for() -> None:
    call = refused(1, 0)
    assert Selector(where={"fault": None, "task": None, "phase": None}).picks(call)
    assert lacking({"fault": True}, call) == "fault: expected any, seen none"
    assert lacking({"fault": "429"}, call) == 'fault: expected "429", seen none'


def test_a_status_that_never_reached_the_caller_counts_as_none() -> None:
    left = submit(1, 0, head_wait=9, total_wait=9, ended=1_800_000_003.0, aborted=True)
    assert Selector(where={"status": None}).picks(left)
    assert lacking({"status": 200}, left) == "status: expected 200, seen no reply"


def test_a_text_is_found_in_a_body_that_is_no_json() -> None:
    call = submit(1, 0, body=b"not json: \xff a cat")
    assert Selector(where={"body_contains": "a cat"}).picks(call)
    assert not Selector(where={"body_contains": "a dog"}).picks(call)


@pytest.mark.parametrize(
    ("status", "patterns", "fits"),
    [
        (429, [429], True),
        (429, ["4xx"], True),
        (429, ["5xx", None], False),
        (None, [None], True),
        (None, [429, "4xx"], False),
    ],
)
def test_a_status_is_held_against_codes_classes_and_nothing(
    status: int | None, patterns: list[Any], fits: bool
) -> None:
    assert is_one_of(status, patterns) is fits


def test_statuses_are_told_in_words() -> None:
    assert shown([429]) == "429"
    assert shown([429, "5xx", None]) == "429, 5xx or no reply"


@pytest.mark.parametrize(
    ("expected", "seen", "path"),
    [
        ({"a.b": 1}, {"a.b": 2}, "$['a.b']"),
        ({"it's": 1}, {}, "$['it\\'s']"),
        ({"é": 1}, {}, "$['é']"),
        ([{"a": [1]}], [{"a": [2]}], "$[0].a[0]"),
        (1, 2, "$"),
        (True, 1, "$"),
        (0, False, "$"),
        (None, {}, "$"),
        ({}, [], "$"),
    ],
)
def test_a_difference_names_the_first_place(expected: object, seen: object, path: str) -> None:
    found = difference(expected, seen)
    assert found is not None
    assert found.path == path


@pytest.mark.parametrize(("expected", "seen"), [(1, 1.0), (None, None), ({}, {"a": 1}), ([], [])])
def test_what_is_there_makes_no_difference(expected: object, seen: object) -> None:
    assert difference(expected, seen) is None


def test_long_odd_and_deep_values_are_shown_safely() -> None:
    assert as_text("x" * 500).endswith("...")
    assert len(as_text("x" * 500)) == 200
    assert as_text("\ud800") == '"\\ud800"'
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    assert as_text(deep) == "a deeply nested value"
