"""Bad input is refused with a 4xx that tells what is wrong, and creates nothing."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.core.lifecycle import Phase
from tests.core.clients import BODY, CHAT, PROFILES, SUBMIT, belongings, client
from tests.core.refusals import is_refused, leaves_no_trace
from tests.core.values import json_values

every_profile = pytest.mark.parametrize("name", PROFILES)
GOOD = json.dumps(BODY).encode()
UNREADABLE = {
    "empty": (b"", "is empty"),
    "no json": (b"prompt=a kite", "is not valid JSON"),
    "half of it": (GOOD[:-10], "is not valid JSON"),
    "twice": (GOOD + GOOD, "is not valid JSON"),
    "a byte order mark": (b"\xef\xbb\xbf" + GOOD, "byte order mark"),
    "not utf-8": (GOOD[:-2] + b'\xff"}', "is not UTF-8"),
    "utf-16": (GOOD.decode().encode("utf-16"), "is not UTF-8"),
    "a name twice": (GOOD[:-1] + b',"prompt":"B"}', "repeats the member 'prompt'"),
    "nan": (GOOD[:-1] + b',"n":NaN}', "contains NaN"),
    "infinity": (GOOD[:-1] + b',"n":-Infinity}', "contains -Infinity"),
    "too large a number": (GOOD[:-1] + b',"n":1e400}', "out of range"),
    "10,000 levels": (GOOD[:-1] + b',"n":' + b"[" * 10_000 + b"]" * 10_000 + b"}", "nested deeper"),
    "10,000 objects": (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "nested deeper"),
    "a lone surrogate": (b'{"model":"gpt-4o-image","prompt":"\\ud800"}', "lone surrogate"),
    "a nul": (b'{"model":"gpt-4o-image","prompt":"a\\u0000b"}', "NUL character"),
    "a raw nul": (b'{"model":"gpt-4o-image","prompt":"a\0b"}', "is not valid JSON"),
    "a number of 5,000 digits": (GOOD[:-1] + b',"n":' + b"1" * 5_000 + b"}", "has a number of"),
    "a list": (b"[" + GOOD + b"]", "must be a JSON object"),
    "a text": (b'"gpt-4o-image"', "must be a JSON object"),
    "null": (b"null", "must be a JSON object"),
}


@every_profile
@pytest.mark.parametrize("path", [SUBMIT, CHAT])
@pytest.mark.parametrize("wrong", UNREADABLE)
def test_a_body_that_cannot_be_read_is_refused_with_the_reason(
    name: str, path: str, wrong: str
) -> None:
    body, told = UNREADABLE[wrong]
    caller = client(name)
    before = belongings(caller.world)
    seen = caller.post(path, body)
    operation = "submit" if path == SUBMIT else "text"
    if operation == "text" and told == "must be a JSON object":
        is_refused(caller.world, before, seen, "invalid_request", operation)
    else:
        is_refused(caller.world, before, seen, "invalid_body", operation)
        assert told in seen.error["message"]
        assert "param" not in seen.error


HUGE = 10**400
WRONG_FIELDS: list[tuple[dict[str, Any], str, str]] = [
    ({"prompt": None}, "prompt", "The 'prompt' field must be of type string."),
    ({"prompt": 5}, "prompt", "The 'prompt' field must be of type string."),
    ({"prompt": ""}, "prompt", "The 'prompt' field must have at least 1 characters."),
    ({"prompt": ["a kite"]}, "prompt", "The 'prompt' field must be of type string."),
    ({"n": "1"}, "n", "The 'n' field must be of type integer."),
    ({"n": True}, "n", "The 'n' field must be of type integer."),
    ({"n": 1.5}, "n", "The 'n' field must be of type integer."),
    ({"n": None}, "n", "The 'n' field must be of type integer."),
    ({"n": []}, "n", "The 'n' field must be of type integer."),
    ({"size": "16:9"}, "size", "The 'size' field must be one of 1:1, 2:3, 3:2."),
    ({"size": 1}, "size", "The 'size' field must be of type string."),
    ({"mask_url": "ftp://a/b"}, "mask_url", "The 'mask_url' field must be an http or https URL."),
    ({"metadata": []}, "metadata", "The 'metadata' field must be of type object."),
    ({"model": 5}, "model", "The 'model' field must be of type string."),
    ({"model": ""}, "model", "The 'model' field must be gpt-4o-image."),
]


@every_profile
@pytest.mark.parametrize(("fields", "param", "message"), WRONG_FIELDS)
def test_a_wrong_field_is_refused_by_its_name(
    name: str, fields: dict[str, Any], param: str, message: str
) -> None:
    caller = client(name)
    before = belongings(caller.world)
    seen = caller.submit(**fields)
    is_refused(caller.world, before, seen, "invalid_request", "submit")
    assert (seen.error["message"], seen.error["param"]) == (message, param)


@every_profile
@pytest.mark.parametrize("n", [0, -1, 5, HUGE, -HUGE, 1e300])
def test_a_number_of_images_out_of_range_is_refused(name: str, n: float) -> None:
    caller = client(name)
    before = belongings(caller.world)
    seen = caller.submit(n=n)
    is_refused(caller.world, before, seen, "invalid_request", "submit")
    assert seen.error["param"] == "n"
    assert seen.error["message"].startswith("The 'n' field must be ")


@every_profile
def test_what_is_missing_is_named_as_the_vendor_names_it(name: str) -> None:
    caller = client(name)
    before = belongings(caller.world)
    seen = caller.post(SUBMIT, {"model": "gpt-4o-image"})
    is_refused(caller.world, before, seen, "invalid_request", "submit")
    assert seen.error["message"] == "The 'prompt' field is required."
    assert seen.error["param"] == "prompt"


@every_profile
def test_all_that_is_wrong_is_told_at_once_in_the_order_of_the_documentation(name: str) -> None:
    seen = client(name).post(SUBMIT, {"n": "1", "size": 2})
    assert seen.error["message"] == (
        "The 'model' field is required. The 'prompt' field is required. "
        "The 'size' field must be of type string. The 'n' field must be of type integer."
    )
    assert seen.error["param"] == "model"


def test_at_most_twenty_complaints_are_told() -> None:
    caller = client()
    seen = caller.submit(reference_images=list(range(500)))
    assert len(seen.error["message"]) < 2_000
    assert seen.error["param"] == "reference_images"


@pytest.mark.parametrize(
    ("name", "field", "value", "told"),
    [
        ("guide", "reference_images", "http://a/b.png", "must be of type array"),
        ("guide", "reference_images", [7], "'reference_images[0]' field must be of type string"),
        ("guide", "reference_images", ["http://a/1"] * 6, "must have at most 5 items"),
        ("guide", "reference_images", ["http://a/1", "data:image/png;base64,AA"], "images[1]"),
        ("reference", "image_urls", ["http://a/1"] * 6, "must have at most 5 items"),
        ("reference", "prompt", "x" * 1001, "must have at most 1000 characters"),
        ("reference", "n", 3, "must be one of 1, 2, 4"),
        ("live", "n", 3, "must be one of 1, 2, 4"),
    ],
)
def test_a_value_that_this_profile_does_not_allow_is_refused_by_its_place(
    name: str, field: str, value: Any, told: str
) -> None:
    caller = client(name)
    before = belongings(caller.world)
    seen = caller.submit(**{field: value})
    is_refused(caller.world, before, seen, "invalid_request", "submit")
    assert told in seen.error["message"]
    assert seen.error["param"] == field


@every_profile
@pytest.mark.parametrize("path", [SUBMIT, CHAT])
@pytest.mark.parametrize(
    "kind", [None, b"", b"text/plain", b"application/jsonp", b"application/json2", b"*/*", b"\xff"]
)
def test_a_wrong_or_missing_content_type_is_refused(
    name: str, path: str, kind: bytes | None
) -> None:
    caller = client(name)
    before = belongings(caller.world)
    fields = () if kind is None else ((b"content-type", kind),)
    seen = caller.send("POST", path, GOOD, (*caller.authorization(), *fields))
    operation = "submit" if path == SUBMIT else "text"
    is_refused(caller.world, before, seen, "wrong_content_type", operation)
    assert "application/json" in seen.error["message"]


@pytest.mark.parametrize(
    "kind", [b"application/json; charset=utf-8", b"Application/JSON", b" application/json "]
)
def test_a_content_type_may_carry_a_charset_and_be_written_in_any_case(kind: bytes) -> None:
    caller = client()
    seen = caller.send("POST", SUBMIT, GOOD, (*caller.authorization(), (b"content-type", kind)))
    assert seen.status == 200


@every_profile
@pytest.mark.parametrize("path", [SUBMIT, CHAT])
def test_a_body_over_the_limit_is_refused_whatever_was_in_it(name: str, path: str) -> None:
    caller = client(name)
    before = belongings(caller.world)
    seen = caller.post(path, b"", oversized=True)
    operation = "submit" if path == SUBMIT else "text"
    is_refused(caller.world, before, seen, "body_too_large", operation)


@every_profile
def test_a_model_that_nobody_knows_is_refused_by_its_name(name: str) -> None:
    caller = client(name)
    before = belongings(caller.world)
    seen = caller.submit(model="gpt-5-image")
    is_refused(caller.world, before, seen, "unknown_model", "submit")
    assert "gpt-5-image" in seen.error["message"]


def test_a_very_long_name_of_a_model_is_not_repeated_in_full() -> None:
    assert len(client().submit(model="m" * 100_000).content) < 500


fields = st.sampled_from(
    ("model", "prompt", "size", "n", "image_urls", "reference_images", "mask_url", "metadata", "")
)
values = json_values | st.sampled_from((HUGE, "gpt-4o-image", "1:1", 1, "http://a/b", {"url": "x"}))


@every_profile
@given(body=st.dictionaries(fields | st.text(max_size=3), values, max_size=5), whole=st.booleans())
def test_whatever_is_sent_is_accepted_or_refused_with_a_4xx_that_leaves_no_trace(
    name: str, body: dict[str, Any], whole: bool
) -> None:
    caller = client(name)
    before = belongings(caller.world)
    seen = caller.post(SUBMIT, {**BODY, **body} if whole else body)
    if seen.status == 200:
        assert seen.json["id"] in caller.world.tasks
        assert caller.world.tasks[seen.json["id"]].stage(caller.now).phase is Phase.QUEUED
    else:
        unknown = caller.world.contract.catalogue.find("unknown_model", "submit")
        assert seen.status in (400, unknown.status)
        leaves_no_trace(caller.world, before, seen)
