"""What the tests of the plugin share: runs of pytest on a small suite, apart from this run."""

import os
import select
from collections.abc import Callable

import pytest

from tests.conftest import PATIENCE_SECONDS

CLIENT = '''
"""The client of the small suites: one order, one look."""

import json
import urllib.request


def call(session, path="images/generations", order=None):
    body = None if order is None else json.dumps(order).encode()
    headers = {
        "Authorization": f"Bearer {session.api_key}", "Content-Type": "application/json"
    }
    request = urllib.request.Request(f"{session.base_url}/{path}", body, headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as reply:
            return reply.status, json.load(reply)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def submit(session, prompt="A red fox"):
    return call(session, order={"model": "gpt-4o-image", "prompt": prompt})


def status(session, task):
    return call(session, f"images/generations/{task}")
'''
# Put where every Python of the run finds it: the server's engine breaks on one prompt.
SABOTAGE = """
import sys

if any("mock_server.testing.child" in word for word in sys.orig_argv):
    from mock_server.edge import asgi

    sound = asgi.answer

    def answer(world, call, now):
        if b"break" in call.body:
            raise LookupError("a mistake of the mock")
        return sound(world, call, now)

    asgi.answer = answer
"""

IN_WORKERS = ("-p", "xdist", "-n", "2")


def shuffled(seed: int) -> tuple[str, ...]:
    """The options for an order of tests of its own."""
    return ("-p", "randomly", f"--randomly-seed={seed}")


@pytest.fixture
def suite(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., pytest.RunResult]:
    """``suite(source, *options, ini="")`` runs a module of tests, in which warnings are errors.

    ``ini`` are further settings. Beside the tests lies ``wire.py``, a small client.
    """
    for name in list(os.environ):
        if name.startswith(("PYTEST_", "COV_", "COVERAGE_")):
            monkeypatch.delenv(name)
    # Of all plugins that are installed here only those that a suite asks for: starting is faster.
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    # Long lines are compared, not those that fit into a narrow terminal.
    monkeypatch.setenv("COLUMNS", "400")
    pytester.makepyfile(wire=CLIENT)

    def run(source: str, *options: str, ini: str = "") -> pytest.RunResult:
        pytester.makeini(f"[pytest]\nfilterwarnings = error\n{ini}")
        pytester.makepyfile(test_suite=source)
        usual = ("-p", "safelight", "-p", "no:cacheprovider", "--strict-markers")
        return pytester.runpytest_subprocess(*usual, *options)

    return run


class Watched:
    """A process that is not this one's child, and may be gone soon."""

    def __init__(self, pid: int) -> None:
        self._handle = os.pidfd_open(pid)

    def wait_for_end(self) -> None:
        """Return when it has ended; an AssertionError if it does not."""
        ready, _, _ = select.select([self._handle], [], [], PATIENCE_SECONDS)
        os.close(self._handle)
        assert ready, f"still there after {PATIENCE_SECONDS:g} s"
