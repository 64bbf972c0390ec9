"""However a run ends, no process of it is left behind, and no file."""

import os
import re
import signal
import sys
from collections.abc import Callable, Mapping
from itertools import product
from pathlib import Path

import pytest

from tests.conftest import Start
from tests.plugin.conftest import IN_WORKERS, Watched

pytest_plugins = ("pytester",)

Suite = Callable[..., pytest.RunResult]

# It calls the server, tells of it where everybody can see it, and then does nothing for ever.
WAITS = """
import sys
import threading

def test_waits(mock_server, mock_session):
    mock_session.facts()
    print(f"server {mock_server.pid} is up", file=sys.__stderr__, flush=True)
    threading.Event().wait()
"""

CRASHES = """
import os
import pytest
from pathlib import Path

def test_notes(mock_server, mock_session):
    Path(FOLDER, f"{os.getpid()}").write_text(str(mock_server.pid))

@pytest.mark.parametrize("number", range(3))
def test_crashes(mock_server, mock_session, number):
    Path(FOLDER, f"{os.getpid()}").write_text(str(mock_server.pid))
    os._exit(1)

def test_goes_on(mock_server, mock_session):
    Path(FOLDER, f"{os.getpid()}").write_text(str(mock_server.pid))
"""


WAYS = [(), IN_WORKERS]
SIGNALS = [signal.SIGINT, signal.SIGKILL]
# A run in the background of a shell is born deaf to interrupts, and so are its children.
HEEDFUL = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
import pytest
sys.exit(pytest.main(sys.argv[1:]))
"""


def test_a_run_that_is_interrupted_leaves_no_server_and_no_file(
    start: Start, tmp_path: Path, plain_environment: Mapping[str, str]
) -> None:
    runs = []
    # All at once: it takes workers five seconds to give up a test that waits.
    for index, (options, number) in enumerate(product(WAYS, SIGNALS)):
        folder = tmp_path / str(index)
        files = folder / "files"
        files.mkdir(parents=True)
        (folder / "test_waits.py").write_text(WAITS, "utf-8")
        env = {**plain_environment, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "TMPDIR": str(files)}
        usual = ("-p", "safelight", "-p", "no:cacheprovider", "-s", f"--basetemp={folder / 'base'}")
        command = [sys.executable, "-c", HEEDFUL, *usual, *options]
        runs.append((*start(command, folder, env), number, files))
    servers = [
        Watched(int(output.wait_for(re.compile(r"server (\d+) is up"))[1]))
        for _, output, _, _ in runs
    ]
    for process, _, number, _ in runs:
        os.kill(process.pid, number)
    for server, (process, output, _, files) in zip(servers, runs, strict=True):
        server.wait_for_end()
        output.wait_for_end()
        assert list(files.iterdir()) == [], process.args


def test_workers_that_crash_are_replaced_and_go_on_with_the_same_server(
    suite: Suite, pytester: pytest.Pytester
) -> None:
    folder = pytester.mkdir("seen")
    run = suite(CRASHES.replace("FOLDER", repr(str(folder))), *IN_WORKERS)
    run.assert_outcomes(passed=2, failed=3)
    servers = [int(file.read_text("utf-8")) for file in folder.iterdir()]
    # Each crash ended a worker: the two that began, and at least one that came later.
    assert len(servers) >= 3
    assert len(set(servers)) == 1
    with pytest.raises(ProcessLookupError):
        os.kill(servers[0], 0)
