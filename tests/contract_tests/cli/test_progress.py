"""A bar on the error stream says how far an exam is, where there is somebody to see it."""

import io
import sys

import pytest

from contract_tests.cli.progress import showing
from contract_tests.exam.settings import Progress, Settings


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_nothing_is_shown_where_there_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    settings = Settings()
    with showing(settings) as shown:
        shown.hear(Progress(1, 2, "lives/plain"))
    assert shown is settings
    assert stream.getvalue() == ""


def test_a_terminal_is_shown_how_many_stories_have_been_played(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")
    with showing(Settings()) as shown:
        shown.hear(Progress(7, 88, "poll-1/429"))
    assert "7/88" in stream.getvalue()
    assert "poll-1/429" in stream.getvalue()
