"""Servers under measurement, each a process of its own that is held on one core."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from typing import IO, Any

from benchmarks.api import HOST
from benchmarks.errors import CannotMeasure
from benchmarks.process import cores

START_SECONDS = 30.0
STOP_SECONDS = 10.0
REPLY_SECONDS = 10.0
ADDRESS = re.compile(rf"http://{re.escape(HOST)}:(\d+)/v1")
KEY = re.compile(r"sk-[\w-]+")


@dataclass(frozen=True, slots=True)
class Server:
    """A server that listens on ``127.0.0.1:port`` and accepts ``key``."""

    name: str
    pid: int
    port: int
    key: str


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole reply: HTTP status and JSON document."""

    status: int
    document: Any


@contextmanager
def mock(*options: str, log: str = "off") -> Iterator[Server]:
    """The mock server, with further command line ``options``."""
    command = ["mock_server", "serve", "--host", HOST, "--port", "0", "--log", log, *options]
    with serving("mock", command) as server:
        yield server


@contextmanager
def control(document: Any) -> Iterator[Server]:
    """The bare Starlette app that answers every call with ``document``."""
    with serving("control", ["benchmarks.control", "--document", json.dumps(document)]) as server:
        yield server


@contextmanager
def serving(name: str, module_and_arguments: list[str]) -> Iterator[Server]:
    """Run ``python -m`` with the given words until the block ends.

    Yields when it has printed its address and key; raises CannotMeasure with what it printed
    instead.
    """
    # A file and not a pipe: nobody reads along, so a chatty server never waits for its reader.
    with tempfile.TemporaryFile() as printed:
        process = subprocess.Popen(
            [sys.executable, "-m", *module_and_arguments],
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=subprocess.STDOUT,
            env=environment(),
        )
        try:
            os.sched_setaffinity(process.pid, {cores()[0]})
            yield await_banner(name, process, printed)
        finally:
            stop(process)


def environment() -> dict[str, str]:
    """The surroundings a user's server has: compiled modules are kept, output is buffered.

    The width keeps address and key on one line each in a banner that is fitted to a terminal.
    """
    unusual = {"PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"}
    kept = {name: value for name, value in os.environ.items() if name not in unusual}
    return kept | {"COLUMNS": "200", "NO_COLOR": "1"}


def await_banner(name: str, process: subprocess.Popen[bytes], printed: IO[bytes]) -> Server:
    """Wait until a starting server has printed its address and its key."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        ended = process.poll() is not None
        text = os.pread(printed.fileno(), 1 << 16, 0).decode(errors="replace")
        address, key = ADDRESS.search(text), KEY.search(text)
        if address and key:
            return Server(name, process.pid, int(address[1]), key[0])
        if ended or time.monotonic() > deadline:
            raise CannotMeasure(
                f"{name}: expected its address and key within {START_SECONDS:.0f} s, "
                f"seen: {text.strip()[-600:] or 'nothing'}"
            )
        time.sleep(0.005)


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a server process, by force if it does not end when asked."""
    process.terminate()
    process.send_signal(signal.SIGCONT)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def halt(server: Server) -> None:
    """Make a server stand still; its connections stay."""
    os.kill(server.pid, signal.SIGSTOP)


def resume(server: Server) -> None:
    """Let a server run, whether it stood still or not."""
    os.kill(server.pid, signal.SIGCONT)


def ask(server: Server, request: bytes) -> Reply:
    """Send one request on a connection of its own; raises CannotMeasure without a JSON reply."""
    try:
        with socket.create_connection((HOST, server.port), REPLY_SECONDS) as connection:
            connection.sendall(request)
            response = HTTPResponse(connection)
            response.begin()
            return Reply(response.status, json.loads(response.read()))
    except (OSError, HTTPException, ValueError) as error:
        raise CannotMeasure(f"{server.name}: expected a JSON reply, seen: {error!r}") from error


def ask_for(server: Server, request: bytes, status: int) -> Any:
    """The document of a reply that has the expected ``status``; else raises CannotMeasure."""
    reply = ask(server, request)
    if reply.status != status:
        raise CannotMeasure(
            f"{server.name}: expected status {status}, "
            f"seen: {reply.status} {json.dumps(reply.document)[:300]}"
        )
    return reply.document
