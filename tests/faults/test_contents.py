"""The faults that spoil content or its labels while HTTP itself is kept."""

import gzip as gzip_module
import json
import zlib

import pytest

from mock_server.core.script import content_of
from tests.faults.scenes import DATE, TASK, fields_of, head_of, ordinary, struck


@pytest.mark.parametrize(
    ("what", "content"),
    [
        ("empty", b""),
        ("null", b"null"),
        ("array", b"[]"),
        ("object", b"{}"),
        ("string", b'"ok"'),
        ("number", b"0"),
        ("bom", b"\xef\xbb\xbf" + TASK),
        ("truncated", TASK[: len(TASK) // 2]),
    ],
)
def test_other_content_comes_with_the_right_head_and_length(what: str, content: bytes) -> None:
    script = struck(f"body({what})")
    assert content_of(script) == content
    expected = {**fields_of(ordinary()), b"content-length": b"%d" % len(content)}
    assert fields_of(script) == expected


def test_content_can_be_what_is_no_utf8() -> None:
    with pytest.raises(UnicodeDecodeError):
        content_of(struck("body(invalid_utf8)")).decode()


def test_content_can_be_what_is_no_json() -> None:
    for what in ("text", "truncated", "empty"):
        with pytest.raises(ValueError, match=r"Expecting value|Unterminated"):
            json.loads(content_of(struck(f"body({what})")))


def test_content_can_be_a_text_of_ones_own() -> None:
    assert content_of(struck('body(content="läuft nicht")')) == "läuft nicht".encode()


def test_before_the_work_other_content_looks_like_a_success() -> None:
    script = struck("body(empty, moment=before)")
    assert head_of(script).status == 200
    assert content_of(script) == b""
    assert DATE in head_of(script).headers


def test_half_a_json_text_can_come_before_the_work() -> None:
    assert content_of(struck("body(truncated, moment=before)")) == b'{"id":"'


def test_a_content_type_can_be_wrong_or_absent() -> None:
    assert fields_of(struck("content_type"))[b"content-type"] == b"text/plain"
    assert fields_of(struck("content_type(text/html)"))[b"content-type"] == b"text/html"
    assert b"content-type" not in fields_of(struck('content_type("")'))
    assert content_of(struck("content_type")) == TASK


@pytest.mark.parametrize(
    ("how", "coding", "window"), [("deflate", b"deflate", 15), ("bare_deflate", b"deflate", -15)]
)
def test_content_can_be_deflated_with_and_without_a_frame(
    how: str, coding: bytes, window: int
) -> None:
    script = struck(f"gzip({how})")
    assert fields_of(script)[b"content-encoding"] == coding
    assert zlib.decompress(content_of(script), window) == TASK


def test_sound_gzip_unpacks() -> None:
    script = struck("gzip")
    assert fields_of(script)[b"content-encoding"] == b"gzip"
    assert gzip_module.decompress(content_of(script)) == TASK


@pytest.mark.parametrize(
    ("how", "error"),
    [("plain", gzip_module.BadGzipFile), ("wrong_sum", gzip_module.BadGzipFile), ("cut", EOFError)],
)
def test_broken_gzip_does_not_unpack(how: str, error: type[Exception]) -> None:
    script = struck(f"gzip({how})")
    assert fields_of(script)[b"content-encoding"] == b"gzip"
    with pytest.raises(error):
        gzip_module.decompress(content_of(script))


def test_a_coding_can_be_one_that_nobody_knows() -> None:
    script = struck("gzip(unknown)")
    assert fields_of(script)[b"content-encoding"] == b"x-unknown"
    assert content_of(script) == TASK


def test_an_error_can_be_compressed_too() -> None:
    script = struck("429(retry_after=2) + gzip")
    assert head_of(script).status == 429
    assert fields_of(script)[b"retry-after"] == b"2"
    assert gzip_module.decompress(content_of(script)) == content_of(struck("429"))


def test_content_can_be_put_where_there_was_none() -> None:
    assert content_of(struck("drip + body(null)", ordinary(b""))) == b"null"


@pytest.mark.parametrize("fault", ["body(null)", "gzip", "image(page)"])
def test_a_reply_that_must_have_no_content_gets_none(fault: str) -> None:
    assert content_of(struck(fault, ordinary(b"", status=204))) == b""


def test_header_fields_can_be_set_and_left_out() -> None:
    script = struck('headers(set={"Retry-After": "3"}, drop=[Date, x-ratelimit-limit])')
    expected = dict(fields_of(ordinary()))
    del expected[b"date"], expected[b"x-ratelimit-limit"]
    assert fields_of(script) == {**expected, b"retry-after": b"3"}
    assert content_of(script) == TASK


IMAGE = bytes(range(256)) * 4


@pytest.mark.parametrize(
    ("how", "content"), [("truncated", IMAGE[:512]), ("empty", b""), ("wrong_type", IMAGE)]
)
def test_a_result_file_is_spoiled_under_a_length_that_fits(how: str, content: bytes) -> None:
    script = struck(f"image({how})", ordinary(IMAGE, media_type=b"image/png"))
    assert content_of(script) == content
    assert fields_of(script)[b"content-length"] == b"%d" % len(content)


def test_only_a_mislabelled_image_has_another_type() -> None:
    png = ordinary(IMAGE, media_type=b"image/png")
    for how in ("truncated", "empty", "damaged", "page"):
        assert fields_of(struck(f"image({how})", png))[b"content-type"] == b"image/png"
    assert fields_of(struck("image(wrong_type)", png))[b"content-type"] == b"image/gif"


def test_a_damaged_file_keeps_its_signature_and_its_length() -> None:
    damaged = content_of(struck("image(damaged)", ordinary(IMAGE)))
    assert damaged[:64] == IMAGE[:64]
    assert len(damaged) == len(IMAGE)
    assert all(one != two for one, two in zip(damaged[64:], IMAGE[64:], strict=True))


def test_a_page_can_come_under_an_images_label() -> None:
    assert content_of(struck("image(page)", ordinary(IMAGE))).startswith(b"<!DOCTYPE html>")
