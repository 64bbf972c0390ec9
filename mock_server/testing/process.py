"""A mock in a process of its own that cannot outlive the one that started it."""

import atexit
import json
import os
import subprocess
import sys
import threading
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

_START_SECONDS = 60.0
_STOP_SECONDS = 10.0
_PACKAGES = Path(__file__).resolve().parents[2]
# -P: a folder of the project under test must not be taken for the server's own package. Whatever
# that project thinks of warnings, the server starts.
_COMMAND = (
    sys.executable,
    *("-P", "-W", "default", "-c"),
    "import sys; sys.path.append(sys.argv[1]);"
    " from mock_server.testing.child import main; main(sys.argv[2])",
    str(_PACKAGES),
)


class ServerStartError(RuntimeError):
    """The mock could not be started; the message says why, in words for the author of the tests."""


@dataclass(frozen=True, slots=True)
class ServerWish:
    """What to serve: the arguments of :func:`mock_server.create_app` of the same names."""

    profile: str = "guide"
    scenario: str | None = None
    speed: float = 1.0
    limits: bool = False


@dataclass(frozen=True, slots=True)
class Address:
    """Where a mock can be reached: ``url`` is its origin, ``api_key`` a key that it accepts.

    ``pid`` is that of its process, ``bugs`` the file in which it writes down its own mistakes.
    """

    url: str
    api_key: str
    pid: int
    bugs: str


class ServerProcess:
    """A running mock.

    It ends with :meth:`stop`, and also when this process does, however that happens: it reads from
    a pipe whose other end is open here alone. Raises :class:`ServerStartError`.
    """

    def __init__(self, wish: ServerWish) -> None:
        self._folder = TemporaryDirectory(prefix="safelight-", ignore_cleanup_errors=True)
        folder = Path(self._folder.name)
        told = folder / "stderr.txt"
        self._owner = os.getpid()
        with told.open("wb") as stderr:
            bugs = str(folder / "bugs.txt")
            self._process = _started({**asdict(wish), "bugs": bugs}, stderr)
        try:
            self.address = Address(**_announced(self._process, told), bugs=bugs)
        except ServerStartError:
            self.stop()
            raise

    def stop(self) -> None:
        """End it and wait until it is gone; a second call does nothing."""
        if self._owner != os.getpid():
            # A fork of the process that started it has no say.
            return
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._folder.cleanup()


@cache
def process_for_all(wish: ServerWish) -> ServerProcess:
    """The one mock of that kind in this process: started when first asked for, ended at exit."""
    process = ServerProcess(wish)
    atexit.register(process.stop)
    return process


def _started(settings: dict[str, Any], stderr: IO[bytes]) -> subprocess.Popen[bytes]:
    # Ctrl-C is for the tests: the server is needed until they have been torn down, so it must not
    # be in their process group.
    flags = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
    return subprocess.Popen(
        [*_COMMAND, json.dumps(settings)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=stderr,
        start_new_session=True,
        creationflags=flags,
    )


def _announced(process: subprocess.Popen[bytes], told: Path) -> dict[str, Any]:
    """The one line that the process prints when it serves, or cannot."""
    assert process.stdout is not None
    too_late = threading.Timer(_START_SECONDS, process.kill)
    too_late.start()
    with process.stdout as stdout:
        line = stdout.readline()
    too_late.cancel()
    if not line:
        words = told.read_text("utf-8", "replace").strip() or "it said nothing"
        # The last line of a traceback is the one that tells.
        raise ServerStartError(f"the mock server did not start: {words.splitlines()[-1]}")
    answer: dict[str, Any] = json.loads(line)
    if "error" in answer:
        raise ServerStartError(answer["error"])
    return answer
