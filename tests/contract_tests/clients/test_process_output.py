"""What processes print is kept within bounds, and read for what ended them."""

import signal

import pytest

from contract_tests.clients.processes.bounded_text import BoundedText
from contract_tests.clients.processes.crashes import crash, is_mistake
from contract_tests.clients.processes.lines import Lines

PYTHON = """Traceback (most recent call last):
  File "client.py", line 3, in <module>
    print(task["id"])
          ~~~~^^^^^^
{}
"""
NODE = """file:///client.mjs:12
  return task.result.data;
                     ^

{}
    at file:///client.mjs:12:22

Node.js v20.20.2
"""


def kept(pieces: list[bytes], size: int = 8, secret: str = "") -> BoundedText:
    text = BoundedText(size, secret)
    for piece in pieces:
        text.feed(piece)
    return text


@pytest.mark.parametrize("pieces", [[b"12345678"], [b"123", b"45678"], [b"1"] * 8, []])
def test_what_fits_is_kept_whole(pieces: list[bytes]) -> None:
    text = kept(pieces)
    assert text.text() == text.end() == b"".join(pieces).decode()


@pytest.mark.parametrize("step", [1, 3, 7, 100])
def test_of_more_the_beginning_and_the_end_are_kept(step: int) -> None:
    whole = b"abcd" + b"." * 1000 + b"wxyz"
    text = kept([whole[at : at + step] for at in range(0, len(whole), step)])
    assert text.text() == "abcd\n[1000 bytes left out]\nwxyz"
    assert text.end() == "wxyz"
    assert text.size == 1008


def test_a_character_that_was_fed_in_two_pieces_is_one() -> None:
    assert kept(["é".encode()[:1], "é".encode()[1:]]).text() == "é"


def test_bytes_that_are_no_text_are_replaced() -> None:
    assert kept([b"a\xffb"]).text() == "a\ufffdb"


@pytest.mark.parametrize("step", [1, 2, 5, 1000])
def test_a_secret_in_what_is_thrown_away_is_told(step: int) -> None:
    whole = b"x" * 300 + b"sk-1" + b"y" * 300
    text = kept([whole[at : at + step] for at in range(0, len(whole), step)], secret="sk-1")
    assert "bytes left out, sk-1 among them" in text.text()


def test_lines_are_handed_on_as_they_end() -> None:
    seen: list[bytes] = []
    lines = Lines(seen.append)
    for piece in (b"on", b"e\ntw", b"o\n\nth", b"ree"):
        lines.feed(piece)
    assert seen == [b"one", b"two"]
    lines.end()
    assert seen == [b"one", b"two", b"three"]


def test_a_line_without_an_end_is_cut_once() -> None:
    seen: list[bytes] = []
    lines = Lines(seen.append, longest=4)
    for _ in range(1000):
        lines.feed(b"xxx")
    lines.feed(b"\nnext\n")
    assert seen == [b"xxxx", b"next"]


@pytest.mark.parametrize(
    ("stderr", "name"),
    [
        (PYTHON.format("KeyError: 'id'"), "KeyError"),
        (
            PYTHON.format("json.decoder.JSONDecodeError: Expecting value"),
            "json.decoder.JSONDecodeError",
        ),
        (PYTHON.format("client.OrderError"), "client.OrderError"),
        (NODE.format("TypeError: Cannot read properties of undefined"), "TypeError"),
        (NODE.format("TypeError: fetch failed"), "FetchError"),
        (NODE.format("TypeError [ERR_INVALID_URL]: Invalid URL"), "TypeError"),
        (
            "panic: runtime error: index out of range\n\ngoroutine 1",
            "panic: runtime error: index out of range",
        ),
    ],
)
def test_an_error_that_ended_a_process_is_found_in_what_it_printed(stderr: str, name: str) -> None:
    assert crash(1, f"starting\n{stderr}") == name


def test_the_last_of_two_errors_is_the_one_that_ended_it() -> None:
    stderr = (
        PYTHON.format("KeyError: 'id'") + "\nDuring handling...\n" + PYTHON.format("OSError: x")
    )
    assert crash(1, stderr) == "OSError"


@pytest.mark.parametrize("stderr", ["", "error: no luck\n", PYTHON.format("")])
def test_a_process_that_only_failed_did_not_crash(stderr: str) -> None:
    assert crash(1, stderr) is None


def test_a_process_that_succeeded_did_not_crash() -> None:
    assert crash(0, PYTHON.format("KeyError: 'id'")) is None


def test_a_signal_that_nobody_sent_is_a_crash() -> None:
    assert crash(-signal.SIGSEGV, "") == "SIGSEGV"
    assert crash(-signal.SIGTERM, "") is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("KeyError", True),
        ("json.decoder.JSONDecodeError", True),
        ("SIGSEGV", True),
        ("panic: index out of range", True),
        ("FetchError", False),
        ("requests.exceptions.HTTPError", False),
        ("client.OrderError", False),
    ],
)
def test_mistakes_are_told_from_errors_that_a_caller_can_catch(name: str, expected: bool) -> None:
    assert is_mistake(name) is expected
