"""What all tests share: the project's folder, the size of a proof, and processes that end."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from re import Match, Pattern
from typing import IO, Any, Protocol

import pytest
from hypothesis import HealthCheck, is_hypothesis_test, settings
from hypothesis.database import DirectoryBasedExampleDatabase

PROJECT = Path(__file__).resolve().parents[1]

# How long a process may keep silent before a test gives it up: far beyond what a loaded machine
# needs, so that it never decides anything but whether a hang is reported or waited for.
PATIENCE_SECONDS = 120.0

# The packages that every line and branch is demanded of, and the tests whose plain examples have to
# reach them all. What a random draw or a server elsewhere reaches by luck counts for nothing.
DECIDING = ("mock_server.core", "contract_tests.rules")
COUNTED = (PROJECT / "tests" / "core", PROJECT / "tests" / "contract_tests" / "rules")
TRACER = pytest.StashKey[Any]()

# Those that wait for processes come first, so that no worker is left alone with one at the end.
WAITING = ("examples", "plugin", "test_cli_serve.py", "test_readme.py", "test_wheel.py")

SIZE = os.environ.get("SAFELIGHT_PROOF", "small")

# No deadline and no complaint about slow generation: both judge the machine, not the code.
# Where CI is set, Hypothesis draws the same in every run, so that no change fails by bad luck.
settings.register_profile(
    "safelight",
    max_examples=500 if SIZE == "full" else 40,
    deadline=None,
    database=DirectoryBasedExampleDatabase(PROJECT / ".hypothesis" / "examples"),
    report_multiple_bugs=False,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("safelight")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection(session: pytest.Session) -> Iterator[None]:
    """Let coverage see the imports that count, then stop it, for it makes everything slow.

    Python's own hook is used: pytest-cov's mark ``no_cover`` stops nothing in a worker, where two
    measurements run one inside the other.
    """
    tracer = session.config.stash[TRACER] = sys.gettrace()
    if tracer is not None:
        for package in DECIDING:
            import_all(package)
        trace(None)
    return (yield)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put long tests first; what Hypothesis draws is a proof."""
    items.sort(key=lambda item: item.path.relative_to(PROJECT).parts[1] not in WAITING)
    for item in items:
        if is_hypothesis_test(getattr(item, "obj", None)):
            item.add_marker(pytest.mark.proof)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Trace plain examples where they belong."""
    belongs = any(item.path.is_relative_to(folder) for folder in COUNTED)
    if not belongs or item.get_closest_marker("proof"):
        return (yield)
    trace(item.config.stash[TRACER])
    try:
        return (yield)
    finally:
        trace(None)


def trace(tracer: Any) -> None:
    """Let this thread, and those that it starts from now on, be traced."""
    sys.settrace(tracer)
    threading.settrace(tracer)


def import_all(package: str) -> None:
    """Import a package with all its modules, if there is one of that name."""
    with suppress(ModuleNotFoundError):
        for module in walk_packages(import_module(package).__path__, f"{package}."):
            import_module(module.name)


@pytest.fixture(scope="session")
def project() -> Path:
    """The folder that holds pyproject.toml."""
    return PROJECT


@pytest.fixture(scope="session")
def proof_size() -> Callable[[int, int], int]:
    """``proof_size(small, full)``: the number for this run; full under ``make proof``.

    A test that asks for it is marked ``proof``, so that ``make proof`` finds it.
    """
    if SIZE not in ("small", "full"):
        pytest.fail(f"SAFELIGHT_PROOF: expected 'small' or 'full', saw {SIZE!r}")
    return lambda small, full: full if SIZE == "full" else small


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], None]:
    """``write(name, source)`` puts a file into a synthetic project at ``tmp_path``."""

    def write_one(name: str, source: str) -> None:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, "utf-8")

    return write_one


class Output:
    """What a process has printed so far, read by a thread, so that a test can wait for a word."""

    def __init__(self, stream: IO[str]) -> None:
        self.text = ""
        self._stream = stream
        self._ended = False
        self._news = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def wait_for(self, pattern: Pattern[str]) -> Match[str]:
        """The first match of ``pattern``; an AssertionError with all output if none can come."""

        def decided() -> bool:
            return self._ended or pattern.search(self.text) is not None

        with self._news:
            in_time = self._news.wait_for(decided, PATIENCE_SECONDS)
            if found := pattern.search(self.text):
                return found
            why = "the output ended" if in_time else f"{PATIENCE_SECONDS:g} s passed"
            raise AssertionError(f"{why} without {pattern.pattern!r} in:\n{self.text}")

    def wait_for_end(self) -> None:
        """Return when every process that writes here is gone."""
        self._reader.join(PATIENCE_SECONDS)
        assert self._ended, f"still written to after {PATIENCE_SECONDS:g} s:\n{self.text}"

    def _read(self) -> None:
        with self._stream:
            for line in self._stream:
                self._tell(line, ended=False)
        self._tell("", ended=True)

    def _tell(self, line: str, *, ended: bool) -> None:
        with self._news:
            self.text += line
            self._ended = ended
            self._news.notify_all()


class Start(Protocol):
    """The fixture ``start``: a process of its own group, and what it prints on both streams."""

    def __call__(
        self, command: list[str], cwd: Path, env: Mapping[str, str]
    ) -> tuple[subprocess.Popen[str], Output]: ...


@pytest.fixture
def start() -> Iterator[Start]:
    """Start processes; each is ended after the test, with everything that it started."""
    started: list[tuple[subprocess.Popen[str], Output]] = []

    def start_one(
        command: list[str], cwd: Path, env: Mapping[str, str]
    ) -> tuple[subprocess.Popen[str], Output]:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
        assert process.stdout is not None
        started.append((process, Output(process.stdout)))
        return started[-1]

    yield start_one
    for process, output in started:
        end(process)
        output.wait_for_end()


def end(process: subprocess.Popen[str]) -> None:
    """Ask the group of ``process`` to stop, insist if it does not, and leave no zombie."""
    if process.stdin is not None:
        process.stdin.close()
    signal_group(process, signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.wait(10)
    # Whatever is left of the group now did not listen.
    signal_group(process, signal.SIGKILL)
    process.wait()


def signal_group(process: subprocess.Popen[str], number: signal.Signals) -> None:
    """Send a signal to all of a process's group that still live."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)


@pytest.fixture(scope="session")
def plain_environment() -> dict[str, str]:
    """The environment of someone who has just opened a terminal: nothing of this run in it.

    Without it a started Python would take part in this run (pytest's and coverage's variables) or
    find the project although it is not installed (PYTHONPATH, an activated environment), and a
    started make would take itself for a part of the one that runs the tests.
    """
    of_this_run = (
        "PYTEST_",
        "COV_",
        "COVERAGE_",
        "PYTHON",
        "SAFELIGHT_",
        "VIRTUAL_ENV",
        "MAKE",
        "MFLAGS",
    )
    kept = {name: value for name, value in os.environ.items() if not name.startswith(of_this_run)}
    here = Path(sys.executable).parent
    folders = kept.get("PATH", os.defpath).split(os.pathsep)
    kept["PATH"] = os.pathsep.join(folder for folder in folders if Path(folder) != here)
    return kept
