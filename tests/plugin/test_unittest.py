"""The context managers, for those who do not use pytest."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import pytest

from mock_server.testing import ControlError, MockServer, MockSession, mock_server, mock_session
from tests.plugin.conftest import SABOTAGE

CASES = """
import unittest
import urllib.error
import urllib.request

from mock_server.testing import mock_session

ORDER = b'{"model": "gpt-4o-image", "prompt": "A red fox"}'


def submit(session):
    headers = {
        "Authorization": f"Bearer {session.api_key}", "Content-Type": "application/json"
    }
    url = f"{session.base_url}/images/generations"
    with urllib.request.urlopen(urllib.request.Request(url, ORDER, headers)) as reply:
        return reply.status


class Ordering(unittest.TestCase):
    servers = set()

    def setUp(self):
        self.session = self.enterContext(mock_session(frozen=True))
        self.servers.add(self.session.url.partition("/s/")[0])

    def test_an_order_is_accepted(self):
        self.assertEqual(submit(self.session), 200)

    def test_all_share_one_server(self):
        with mock_session("faults/busy-then-ok", unspent="allowed") as other:
            self.assertRaises(urllib.error.HTTPError, submit, other)
            self.servers.add(other.url.partition("/s/")[0])
        self.assertEqual(len(self.servers), 1)

    def test_an_unspent_fault_is_a_failure(self):
        with mock_session(faults={"submit": "429"}):
            pass
"""


@pytest.fixture(scope="module")
def server() -> Iterator[MockServer]:
    """A mock for the tests of this module."""
    with mock_server("reference", speed=2) as one:
        yield one


def submit(session: MockSession, prompt: str = "A red fox") -> int:
    """Submit an order; the status that is answered."""
    body = {"model": "gpt-4o-image", "prompt": prompt}
    headers = {"Authorization": f"Bearer {session.api_key}"}
    url = f"{session.base_url}/images/generations"
    return httpx.post(url, json=body, headers=headers).status_code


def test_unittest_needs_one_line_and_tells_failures_as_failures(
    tmp_path: Path, plain_environment: Mapping[str, str]
) -> None:
    (tmp_path / "test_orders.py").write_text(CASES, "utf-8")
    command = [sys.executable, "-W", "error", "-m", "unittest"]
    run = subprocess.run(
        command, cwd=tmp_path, env=plain_environment, capture_output=True, text=True, check=False
    )
    assert "Ran 3 tests" in run.stderr, run.stderr
    assert "FAILED (failures=1)" in run.stderr, run.stderr
    assert "AssertionError: 1 planned fault did not strike: submit: 429" in run.stderr


def test_a_server_is_what_was_asked_for(server: MockServer) -> None:
    with mock_session(server=server) as session:
        assert server.control.ready()["profile"] == "reference"
        assert session.clock.facts().speed == 2


def test_faults_and_options_are_those_of_the_markers(server: MockServer) -> None:
    with mock_session(faults={"submit": ["429", "pass"]}, seed=3, server=server) as session:
        assert session.scenario().seed == 3
        assert [submit(session), submit(session)] == [429, 200]


def test_a_file_is_looked_for_where_the_process_runs(
    server: MockServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "busy.yaml").write_text("title: Busy\nwhy: To be found.\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    with mock_session("busy.yaml", server=server) as session:
        assert session.scenario().title == "Busy"


def test_unspent_faults_raise_at_the_end_of_the_block(server: MockServer) -> None:
    with (
        pytest.raises(AssertionError, match="did not strike: submit: reset, status: 503 x2"),
        mock_session(faults={"submit": ["reset"], "status": "503 x2"}, server=server),
    ):
        pass


def test_a_block_that_raises_is_not_told_of_unspent_faults(server: MockServer) -> None:
    with (
        pytest.raises(KeyError, match="of its own"),
        mock_session(faults={"submit": "429"}, server=server),
    ):
        raise KeyError("of its own")


def test_a_session_is_gone_after_its_block(server: MockServer) -> None:
    with mock_session(server=server) as session:
        pass
    with pytest.raises(ControlError, match="there is no session"):
        session.facts()


def test_a_session_whose_faults_are_wrong_is_not_left_behind(server: MockServer) -> None:
    before = len(list(server.control.sessions()))
    with (
        pytest.raises(ControlError, match="did you mean 'submit'"),
        mock_session(faults={"sumbit": "429"}, server=server),
    ):
        raise AssertionError("not reached")
    assert len(list(server.control.sessions())) == before


def test_unspent_is_one_of_two_words(server: MockServer) -> None:
    with (
        pytest.raises(ValueError, match="expected 'fail' or 'allowed', seen 'maybe'"),
        mock_session(unspent="maybe", server=server),  # type: ignore[arg-type]
    ):
        raise AssertionError("not reached")


def test_a_name_that_is_taken_is_made_another(server: MockServer) -> None:
    with server.session(name="mine") as first, server.session(name="mine") as second:
        assert (first.name, second.name) == ("mine", "mine-2")


@pytest.fixture
def sabotaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let servers that are started now make a mistake when a prompt asks for it."""
    (tmp_path / "sitecustomize.py").write_text(SABOTAGE, "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))


@pytest.mark.usefixtures("sabotaged")
def test_a_mistake_of_the_mock_raises_at_the_end_of_the_block() -> None:
    with (
        mock_server() as server,
        pytest.raises(AssertionError, match="LookupError: a mistake of the mock"),
        mock_session(server=server) as session,
    ):
        submit(session, "break")


@pytest.mark.usefixtures("sabotaged")
def test_a_mistake_outside_of_sessions_raises_when_the_server_ends() -> None:
    with (
        pytest.raises(AssertionError, match="the mock itself made a mistake"),
        mock_server() as server,
        server.session() as session,
    ):
        submit(session, "break")
