"""Work is shared among copies of a process, and nothing of it is lost.

Each test has a process of its own: one with threads, as tests may run in, is never copied.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parents[3]
HASTY = "tests.contract_tests.exam.hasty:CLIENT"
MAIN = "from contract_tests.cli import main; main()"
START = "from contract_tests.exam.copies import in_copies\n"


def python(code: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def told(code: str) -> str:
    """What a script prints."""
    done = python(START + code)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_each_copy_does_its_share() -> None:
    assert told("print(sorted(in_copies(3, lambda index: [index, index + 10])))") == str(
        [0, 1, 2, 10, 11, 12]
    )


def test_what_one_copy_tells_comes_in_its_order() -> None:
    assert told("print(list(in_copies(1, lambda index: range(5))))") == str([0, 1, 2, 3, 4])


def test_each_ticket_is_given_to_one_copy_alone() -> None:
    code = """
from contract_tests.exam.copies import Tickets
tickets = Tickets(200)
print(sorted(in_copies(3, lambda index: tickets)) == list(range(200)))
"""
    assert told(code) == "True"


def test_an_error_in_a_copy_is_raised_here() -> None:
    done = python(f"{START}list(in_copies(2, lambda index: [1 // index]))")
    assert done.stderr.splitlines()[-1].startswith("ZeroDivisionError")


def test_an_error_that_cannot_be_sent_is_told_with_its_traceback() -> None:
    code = f"""{START}
class Odd(Exception):
    def __init__(self, first, second):
        super().__init__("too odd")

def work(index):
    raise Odd(1, 2)

list(in_copies(1, work))
"""
    done = python(code)
    assert "RuntimeError: Traceback" in done.stderr
    assert "Odd: too odd" in done.stderr


@pytest.mark.parametrize(
    ("end", "words"),
    [("os._exit(7)", "exit status 7"), ("os.kill(os.getpid(), 9)", "signal SIGKILL")],
)
def test_a_copy_that_ends_on_its_own_is_noticed(end: str, words: str) -> None:
    code = f"import os\n{START}list(in_copies(2, lambda index: [index, {end}]))"
    assert python(code).stderr.splitlines()[-1].endswith(f"CopyEndedError: {words}")


def test_a_copy_that_ends_is_noticed_although_it_has_left_a_process_behind(tmp_path: Path) -> None:
    held, release = os.pipe()
    code = f"""
import os
{START}
def work(index):
    yield index
    if os.fork() == 0:
        os.read({held}, 1)
    os._exit(7)

list(in_copies(1, work))
"""
    try:
        with (tmp_path / "errors").open("w+") as errors:
            command = [sys.executable, "-c", code]
            subprocess.run(
                command, cwd=PROJECT, pass_fds=[held], stderr=errors, timeout=30, check=False
            )
    finally:
        os.close(release)
        os.close(held)
    assert (tmp_path / "errors").read_text().endswith("CopyEndedError: exit status 7\n")


def test_nobody_is_left_when_no_more_is_asked_for() -> None:
    code = """
import itertools, multiprocessing
coming = in_copies(2, lambda index: itertools.count())
next(coming)
coming.close()
print(multiprocessing.active_children())
"""
    assert told(code) == "[]"


def test_a_process_with_threads_is_not_copied() -> None:
    code = """
import threading
from contract_tests.exam.listed import copies_for
print(copies_for(100, 2), copies_for(30, 2), copies_for(100, 1))
threading.Thread(target=threading.Event().wait, daemon=True).start()
print(copies_for(100, 2))
"""
    assert told(code).split() == ["2", "1", "1", "1"]


def report(folder: Path, jobs: int) -> dict[str, Any]:
    """The report of a quick exam of the hasty client in so many processes, without its times."""
    file = folder / f"{jobs}.json"
    words = ["--quick", "--jobs", str(jobs), "--python", HASTY, "--report", f"json={file}"]
    command = [sys.executable, "-c", MAIN, "check-client", *words]
    subprocess.run(command, cwd=PROJECT, capture_output=True, timeout=120, check=False)
    found: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return {name: value for name, value in found.items() if name not in ("began", "lasted")}


def test_copies_find_what_one_process_finds(tmp_path: Path) -> None:
    alone, shared = (report(tmp_path, jobs) for jobs in (1, 2))
    assert [one["name"] for one in shared["stories"]] == [one["name"] for one in alone["stories"]]
    assert verdicts(shared) == verdicts(alone)
    assert any(broken for _, broken in verdicts(alone).values())
    assert shared["notes"] == alone["notes"]


def verdicts(found: dict[str, Any]) -> dict[str, tuple[str, list[str]]]:
    """What was found of each rule, and where it was broken.

    Where it was kept is a little up to the chance in the client's pauses.
    """
    return {one["id"]: (one["verdict"], one["broken_in"]) for one in found["rulings"]}


def test_a_client_that_ends_its_process_cannot_be_examined(tmp_path: Path) -> None:
    (tmp_path / "abrupt.py").write_text("import os\nasync def run(job):\n    os._exit(7)\n")
    command = [sys.executable, "-c", MAIN, "check-client"]
    done = subprocess.run(
        [*command, "--quick", "--jobs", "2", "--python", "abrupt:run"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(PROJECT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr == (
        "safelight: the client ended the process that it ran in: exit status 7\n"
    )
