"""The faults that break connections and lengths: what is sent, and how it ends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.core.script import Chunk, HangUp, Head, Raw, Reset, Wait, content_of
from mock_server.faults.cut import Cut
from mock_server.faults.reset import Reset as ResetFault
from mock_server.faults.stall import Stall
from tests.faults.scenes import TASK, fields_of, ordinary, struck

FOR_EVER = Wait(1e9)


def test_a_reset_sends_nothing_first() -> None:
    assert struck("reset") == (Reset(),)
    assert struck("reset(after)") == (Reset(),)


def test_a_reset_can_come_in_the_middle_of_the_content() -> None:
    script = struck("reset(after, at=10)")
    assert content_of(script) == TASK[:10]
    assert script[-1] == Reset()


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("lost_reply", (Reset(),)),
        ("lost_reply(close)", (HangUp(),)),
        ("lost_reply(hang)", (FOR_EVER, HangUp())),
    ],
)
def test_a_lost_reply_shows_nothing_of_the_reply(text: str, script: object) -> None:
    assert struck(text) == script


def test_a_connection_can_be_closed_before_the_head() -> None:
    assert struck("close") == (HangUp(),)


def test_a_connection_can_be_closed_within_the_head() -> None:
    part, end = struck("close(headers, moment=after)")
    assert isinstance(part, Raw)
    assert part.data.startswith(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n")
    assert not part.data.endswith(b"\r\n\r\n")
    assert end == HangUp()


def test_a_head_can_break_off_before_the_work_too() -> None:
    part, end = struck("close(headers)")
    assert isinstance(part, Raw)
    assert part.data.startswith(b"HTTP/1.1 200 OK")
    assert b"\r\n\r\n" not in part.data
    assert end == HangUp()


def test_what_is_no_http_comes_without_a_head() -> None:
    assert struck("not_http") == (Raw(b"SSH-2.0-gateway\r\n"), HangUp())


def test_a_cut_reply_announces_its_full_length() -> None:
    script = struck("cut(10)")
    assert fields_of(script)[b"content-length"] == b"%d" % len(TASK)
    assert content_of(script) == TASK[:10]
    assert script[-1] == HangUp()


def test_half_of_the_content_is_cut_off_unless_told_otherwise() -> None:
    assert content_of(struck("cut")) == TASK[: len(TASK) // 2]
    assert content_of(struck("cut(share=0.25)")) == TASK[: len(TASK) // 4]
    assert content_of(struck("cut(share=0)")) == b""


@given(st.binary(min_size=1, max_size=50), st.integers(0, 100))
def test_a_cut_anywhere_leaves_at_least_the_last_byte_out(content: bytes, at: int) -> None:
    faults = (Cut(at=at), ResetFault(moment="after", at=at), Cut(share=1.0))
    for fault in faults:
        sent = content_of(struck(fault, ordinary(content)))
        assert content.startswith(sent)
        assert len(sent) < len(content)


def test_a_cut_counts_bytes_across_the_pieces_of_the_content() -> None:
    pieces = (Head(200, ()), Chunk(b"ab"), Wait(1.0), Chunk(b"cd"), Wait(2.0), Chunk(b"ef"))
    assert struck("cut(3)", pieces) == (
        Head(200, ()),
        Chunk(b"ab"),
        Wait(1.0),
        Chunk(b"c"),
        HangUp(),
    )


@pytest.mark.parametrize(
    ("text", "by"), [("wrong_length", 10), ("wrong_length(-5)", -5), ("wrong_length(1)", 1)]
)
def test_a_wrong_length_stands_over_the_whole_content(text: str, by: int) -> None:
    script = struck(text)
    assert fields_of(script)[b"content-length"] == b"%d" % (len(TASK) + by)
    assert content_of(script) == TASK
    assert script[-1] == HangUp()


def test_a_length_is_never_announced_below_zero() -> None:
    assert fields_of(struck("wrong_length(-1000)"))[b"content-length"] == b"0"


def test_after_too_great_a_length_the_server_can_stay_silent() -> None:
    assert struck("wrong_length(then=hang)")[-2:] == (FOR_EVER, HangUp())


@pytest.mark.parametrize(
    ("where", "raw"),
    [
        ("end", b"2\r\nab\r\n2\r\ncd\r\n"),
        ("data", b"2\r\nab\r\n12\r\ncd\r\n"),
        ("size", b"2\r\nab\r\nno number\r\ncd\r\n"),
    ],
)
def test_chunks_break_off_in_each_way(where: str, raw: bytes) -> None:
    script = struck(f"broken_chunk({where})", ordinary(b"abcd"))
    assert script[1:] == (Raw(raw), HangUp())
    assert fields_of(script)[b"transfer-encoding"] == b"chunked"
    assert b"content-length" not in fields_of(script)


def test_no_transfer_of_broken_chunks_ends_by_itself() -> None:
    for where in ("end", "data", "size"):
        for content in (b"", b"a", b"abc"):
            script = struck(f"broken_chunk({where})", ordinary(content))
            raw = next(step for step in script if isinstance(step, Raw))
            assert not f"\r\n{raw.data.decode()}".endswith("\r\n0\r\n\r\n")


def test_a_stall_lasts_for_ever_unless_told_otherwise() -> None:
    assert struck("stall") == (FOR_EVER, HangUp())
    assert struck("stall(moment=before)") == (FOR_EVER, HangUp())


def test_after_a_stall_the_reply_goes_on() -> None:
    assert struck("stall(3)") == (Wait(3.0), *ordinary())
    script = struck("stall(3, at=10)")
    assert content_of(script) == TASK
    assert script[1:] == (Chunk(TASK[:10]), Wait(3.0), Chunk(TASK[10:]))


def test_after_a_stall_the_server_can_hang_up() -> None:
    assert struck("stall(3, then=close)") == (Wait(3.0), HangUp())
    assert struck("stall(3, moment=before)") == (Wait(3.0), HangUp())
    assert struck("stall(3, at=2, then=close)")[1:] == (Chunk(TASK[:2]), Wait(3.0), HangUp())


@given(st.binary(max_size=50), st.integers(0, 100))
def test_a_stall_that_goes_on_changes_nothing_but_the_time(content: bytes, at: int) -> None:
    script = struck(Stall(seconds=1.0, at=at), ordinary(content))
    assert content_of(script) == content
    assert fields_of(script) == fields_of(ordinary(content))
