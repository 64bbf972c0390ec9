"""JSON bodies are read strictly: what other readers disagree about is refused with its reason."""

import json
from typing import Any

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mock_server.core.reading import MalformedBodyError, read_json
from tests.core.values import json_values

DEPTH = 64
FRAGMENTS = (
    *'{}[]":,\\ \n\t',
    *("0", "1", "-", "+", ".", "e5", "-1.5E+3", "01", "1e400"),
    *('"a"', '"\\u00e9"', '"\\ud800"', '"\\u0000"', '"\\ud83d\\ude00"', '"\x07"', "'a'"),
    *("true", "false", "null", "NaN", "Infinity", "nul", "/*c*/", "\u00a0", "\ufeff"),
)


def reason(body: bytes, depth: int = DEPTH) -> str:
    """What the caller is told about a body that cannot be read."""
    with pytest.raises(MalformedBodyError) as refused:
        read_json(body, depth)
    return str(refused.value)


def doubted(value: Any) -> bool:
    """Whether a value that was read holds a number or character that readers disagree about."""
    if isinstance(value, dict):
        return any(doubted(key) or doubted(member) for key, member in value.items())
    if isinstance(value, list):
        return any(map(doubted, value))
    return (
        value in (float("inf"), float("-inf")) if isinstance(value, float) else "\0" in str(value)
    )


class Repeated(Exception):
    """An object has two members of one name."""


def without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object, if no name in it comes twice."""
    if len(dict(pairs)) < len(pairs):
        raise Repeated
    return dict(pairs)


@given(json_values, st.sampled_from((None, 2)), st.booleans())
def test_every_json_value_is_read_as_the_standard_library_reads_it(
    value: Any, indent: int | None, ascii_only: bool
) -> None:
    body = json.dumps(value, indent=indent, ensure_ascii=ascii_only).encode()
    assert read_json(body, DEPTH) == json.loads(body) == value


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=8).map("".join))
@example("\ufeff{}")
@example('{"a":1,"\\u0061":2}')
def test_a_text_is_read_exactly_when_a_strict_reader_takes_it_and_nothing_in_it_is_in_doubt(
    text: str,
) -> None:
    body = text.encode()
    try:
        # orjson: RFC 8259 to the letter. The standard library: sees repeated names.
        orjson.loads(body)
        expected = json.loads(body, object_pairs_hook=without_repeats)
        good = not doubted(expected)
    except (ValueError, Repeated):
        good = False
    if good:
        assert read_json(body, DEPTH) == expected
    else:
        assert reason(body)


@given(st.binary(max_size=12))
def test_any_bytes_are_read_or_refused_with_a_reason(body: bytes) -> None:
    told, value = "", None
    try:
        value = read_json(body, DEPTH)
    except MalformedBodyError as error:
        told = str(error)
    assert told.endswith(".") if told else value == json.loads(body)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "The request body is empty."),
        (b"\xef\xbb\xbf{}", "must not begin with a byte order mark"),
        (b"\xff{}", "is not UTF-8: byte 0"),
        (b'{"a": "\xc3"}', "is not UTF-8: byte 7"),
        (b'{"a":', "is not valid JSON: Expecting value at line 1 column 6"),
        (b"{}\n{}", "is not valid JSON: Extra data at line 2 column 1"),
        (b'{"a":1,"a":2}', "repeats the member 'a'"),
        (b'{"o":{"b":1,"\\u0062":2}}', "repeats the member 'b'"),
        (b'{"a":NaN}', "contains NaN, which is not JSON"),
        (b"[-Infinity]", "contains -Infinity, which is not JSON"),
        (b"[1e400]", "a number out of range: 1e400"),
        (b"[-1e400]", "a number out of range: -1e400"),
        (b'{"a":"\\u0000"}', "contains a NUL character"),
        (b'{"\\u0000":1}', "contains a NUL character"),
        (b'[{"a":["\\ud800"]}]', "contains a lone surrogate"),
        (b'"\\udfff\\ud800"', "contains a lone surrogate"),
        (b"1" * 5000, "has a number of"),
    ],
)
def test_what_is_wrong_with_a_body_is_told_in_words(body: bytes, told: str) -> None:
    assert told in reason(body)


def test_a_pair_of_surrogates_is_one_character() -> None:
    assert read_json(b'"\\ud83d\\ude00"', DEPTH) == "\U0001f600"


def test_an_escaped_text_beside_numbers_is_read() -> None:
    assert read_json(b'{"a":"\\u00e9","b":[1,null,true]}', DEPTH) == {
        "a": "é",
        "b": [1, None, True],
    }


def test_an_integer_of_400_digits_is_a_number_like_any_other() -> None:
    assert read_json(b"1" + b"0" * 399, DEPTH) == 10**399


@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"a":', b"}")])
def test_a_body_may_nest_as_deep_as_allowed_and_no_deeper(opening: bytes, closing: bytes) -> None:
    def nested(levels: int) -> bytes:
        return opening * levels + b"0" + closing * levels

    read_json(nested(DEPTH), DEPTH)
    assert f"deeper than {DEPTH} levels" in reason(nested(DEPTH + 1))
    assert f"deeper than {DEPTH} levels" in reason(nested(10_000))


def test_brackets_side_by_side_do_not_count_as_depth() -> None:
    body = b"[" + b"[]," * 10_000 + b"{}]"
    assert len(read_json(body, 2)) == 10_001  # type: ignore[arg-type]


def test_brackets_inside_a_text_do_not_count_as_depth() -> None:
    text = '[[[{{{"\\"[[' * 20
    assert read_json(json.dumps([text]).encode(), 1) == [text]


def test_nesting_that_no_parser_survives_is_refused_whatever_is_allowed() -> None:
    assert "nested too deeply" in reason(b"[" * 200_000, depth=10**9)
