"""Seconds that an exam takes, for a client in Python and for commands in real time."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.errors import CannotMeasure
from benchmarks.process import on_all_cores
from benchmarks.rounds import Effort
from benchmarks.rows import Row, amount_row

EXAMS = 3
PROJECT = Path(__file__).resolve().parents[2]
PYTHON = ("--python", "tests.good_clients.async_aiohttp:CLIENT")
NODE = ("--env", "JOB={job}", "--", "node", "tests/good_clients/node_fetch.mjs")
# It has room for all jobs of an exam.
PROCESS = ("--json-lines", "--", sys.executable, "-m", "tests.good_clients.json_lines", "200")


def measure(effort: Effort) -> Iterator[Row]:
    """Exams of careful clients, one after the other; the bars are those of the project."""
    yield exams("exam quick, async Python", ("--quick", *PYTHON), 2, EXAMS)
    yield exams("exam, async Python", PYTHON, 5, EXAMS)
    yield exams("exam quick, a process a job", ("--quick", *NODE), 25, 1)
    yield exams("exam quick, a long-lived process", ("--quick", *PROCESS), 12, 1)


def exams(title: str, words: tuple[str, ...], at_most: float, times: int) -> Row:
    """The seconds of so many exams, each in a process of its own."""
    return amount_row("exam", title, "s", [lasted(words) for _ in range(times)], at_most=at_most)


def lasted(words: tuple[str, ...]) -> float:
    """Seconds that the exam took, by its own report: without the start of Python."""
    start = "from contract_tests.cli import main; main()"
    with TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [
            sys.executable,
            "-c",
            start,
            "check-client",
            "--report",
            f"json={report}",
            *words,
        ]
        with on_all_cores():
            told = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
        if not report.exists():
            raise CannotMeasure(f"the exam could not be run: {told.stderr.strip()[-200:]}")
        return float(json.loads(report.read_text("utf-8"))["lasted"])
