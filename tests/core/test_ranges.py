"""Files are served as RFC 9110 has it: parts, validators and HEAD (sections 9.3.2, 13 and 14)."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mock_server.core.call import Call
from mock_server.core.operations.files import file_reply
from tests.core.clients import PICTURE, fetch, with_result


def part_of(data: bytes, header: str) -> tuple[int, bytes]:
    """The straightforward model: status and content for a Range header field."""
    unit, _, spec = header.partition("=")
    first, dash, last = spec.partition("-")
    if unit != "bytes" or not dash or not (first + last).isdigit():
        return 200, data
    if first and last and int(last) < int(first):
        return 200, data
    if not first:
        found = data[len(data) - min(int(last), len(data)) :]
    else:
        found = data[int(first) : int(last) + 1 if last else None]
    return (206, found) if found else (416, b"")


numbers = st.integers(0, 14).map(str) | st.just("") | st.just("99999")
ranges = st.builds(
    "{}={}{}{}".format,
    st.just("bytes") | st.sampled_from(("items", "Bytes", "")),
    numbers,
    st.just("-") | st.sampled_from(("", "--", "-1,2-")),
    numbers,
)


def reply(data: bytes, method: str = "GET", **fields: str) -> Any:
    """The reply to a call for a file with these header fields."""
    headers = tuple((n.replace("_", "-").encode(), v.encode()) for n, v in fields.items())
    return file_reply(Call(1, method, "/file", headers=headers), data, "image/png")


@given(st.binary(max_size=12), ranges)
@example(b"", "bytes=0-")
@example(b"", "bytes=-5")
def test_a_part_of_a_file_is_served_as_the_model_says(data: bytes, header: str) -> None:
    found = reply(data, range=header)
    assert (found.status, found.content) == part_of(data, header)
    told = dict(found.headers).get(b"content-range")
    if found.status == 206:
        first = data.find(found.content) if len(set(data)) == len(data) else None
        assert told is not None
        start, _, end = told.removeprefix(b"bytes ").partition(b"/")[0].partition(b"-")
        assert told.endswith(b"/%d" % len(data))
        assert data[int(start) : int(end) + 1] == found.content
        assert first in (None, int(start))
    else:
        assert told == (b"bytes */%d" % len(data) if found.status == 416 else None)


@pytest.mark.parametrize(
    ("header", "status", "content"),
    [
        ("bytes=0-", 206, b"abcdef"),
        ("bytes=2-3", 206, b"cd"),
        ("bytes=4-99", 206, b"ef"),
        ("bytes=5-5", 206, b"f"),
        ("bytes=-2", 206, b"ef"),
        ("bytes=-99", 206, b"abcdef"),
        ("bytes=6-", 416, b""),
        ("bytes=-0", 416, b""),
        ("bytes=3-2", 200, b"abcdef"),
        ("bytes=-", 200, b"abcdef"),
        ("bytes=0-1,4-5", 200, b"abcdef"),
        ("items=0-1", 200, b"abcdef"),
        ("", 200, b"abcdef"),
    ],
)
def test_a_range_is_a_part_no_part_or_not_meant(header: str, status: int, content: bytes) -> None:
    found = reply(b"abcdef", range=header)
    assert (found.status, found.content) == (status, content)


def test_every_part_of_a_file_put_together_is_the_file() -> None:
    caller, url = with_result()
    parts = [
        fetch(caller, url, (b"range", b"bytes=%d-%d" % (start, start + 6))).content
        for start in range(0, len(PICTURE), 7)
    ]
    assert b"".join(parts) == PICTURE


def test_a_part_announces_its_own_length_and_its_place() -> None:
    caller, url = with_result()
    seen = fetch(caller, url, (b"range", b"bytes=2-5"))
    assert (seen.status, seen.content) == (206, PICTURE[2:6])
    assert seen.headers["content-length"] == "4"
    assert seen.headers["content-range"] == f"bytes 2-5/{len(PICTURE)}"
    assert seen.headers["accept-ranges"] == "bytes"


def test_a_range_is_served_only_if_the_file_is_still_the_same() -> None:
    etag = dict(reply(b"abc").headers)[b"etag"].decode()
    assert reply(b"abc", range="bytes=1-1", if_range=etag).content == b"b"
    assert reply(b"abc", range="bytes=1-1", if_range='"another"').content == b"abc"
    assert reply(b"abc", range="bytes=1-1", if_range="W/" + etag).status == 200
    assert reply(b"abc", range="bytes=1-1", if_range="Fri, 15 Jan 2027 08:00:00 GMT").status == 200


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ("{etag}", 304),
        ("W/{etag}", 304),
        ('"another", {etag}', 304),
        ("*", 304),
        ('"another"', 200),
        ("", 200),
    ],
)
def test_a_file_that_the_caller_has_is_not_sent_again(form: str, status: int) -> None:
    caller, url = with_result()
    etag = fetch(caller, url).headers["etag"]
    seen = fetch(caller, url, (b"if-none-match", form.format(etag=etag).encode()))
    assert (seen.status, seen.content) == (status, PICTURE if status == 200 else b"")
    assert seen.headers["etag"] == etag
    assert ("content-length" in seen.headers) == (status == 200)


@given(st.binary(max_size=8), st.binary(max_size=8))
def test_files_have_the_same_etag_exactly_when_they_are_the_same(one: bytes, other: bytes) -> None:
    etags = [dict(reply(data).headers)[b"etag"] for data in (one, other)]
    assert (etags[0] == etags[1]) == (one == other)


def test_head_tells_what_get_would_and_sends_nothing() -> None:
    caller, url = with_result()
    got, asked = fetch(caller, url), fetch(caller, url, method="HEAD")
    assert (asked.status, asked.headers, asked.content) == (200, got.headers, b"")


def test_a_range_is_a_matter_of_get_alone() -> None:
    caller, url = with_result()
    seen = fetch(caller, url, (b"range", b"bytes=0-1"), method="HEAD")
    assert (seen.status, seen.headers["content-length"]) == (200, str(len(PICTURE)))
