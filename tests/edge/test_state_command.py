"""``safelight serve --state``: what it says of a state that it cannot use, and how it ends then."""

import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import httpx
import pytest

from mock_server.edge.mock import DEFAULT_KEY
from mock_server.edge.state_file import NAME
from tests.conftest import PATIENCE_SECONDS, Start
from tests.edge.callers import FOX, SUBMIT, bearer

Refuse = Callable[..., subprocess.CompletedProcess[str]]


def command(state: Path, *options: str) -> list[str]:
    """The command that serves with a state."""
    serve = [sys.executable, "-m", "mock_server", "serve", "--port", "0", "--log", "off"]
    return [*serve, "--state", str(state), *options]


@pytest.fixture
def refuse(tmp_path: Path, plain_environment: Mapping[str, str]) -> Refuse:
    """``refuse(state, *options)``: a server that must end before it serves."""

    def refuse_one(state: Path, *options: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command(state, *options),
            cwd=tmp_path,
            env=plain_environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_SECONDS,
        )

    return refuse_one


def test_a_file_that_is_no_state_ends_it_with_2_and_one_line(
    refuse: Refuse, tmp_path: Path
) -> None:
    file = tmp_path / NAME
    file.write_text("dear diary")
    done = refuse(tmp_path)
    expected = "expected a state file of safelight, seen something else"
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"safelight: {file}: $: {expected}\n"
    assert file.read_text() == "dear diary"


def test_a_state_is_for_one_server_at_a_time_and_for_the_options_that_it_was_begun_with(
    start: Start, refuse: Refuse, tmp_path: Path, plain_environment: Mapping[str, str]
) -> None:
    state = tmp_path / "state"
    process, output = start(command(state), tmp_path, plain_environment)
    url = output.wait_for(re.compile(r"base URL +(\S+)/v1\n"))[1]
    httpx.post(f"{url}{SUBMIT}", json=FOX, headers=bearer(DEFAULT_KEY)).raise_for_status()
    second = refuse(state)
    assert second.returncode == 2
    assert (
        "expected a state that no other server is using, seen one that is in use" in second.stderr
    )
    process.terminate()
    assert process.wait(PATIENCE_SECONDS) == 0
    other = refuse(state, "--speed", "20")
    assert other.returncode == 2
    assert "--speed: expected 1.0, with which this state was begun, seen 20.0" in other.stderr
