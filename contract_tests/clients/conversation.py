"""What is said to a long-lived client and what it answers: one process, a JSON text a line."""

import asyncio
import json
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from contract_tests.clients.client import ClientError
from contract_tests.clients.processes.bounded_text import BoundedText
from contract_tests.clients.processes.lines import Lines
from contract_tests.clients.processes.open_sockets import open_sockets
from contract_tests.clients.processes.process import Process
from contract_tests.clients.reported import (
    BadReportError,
    Reported,
    check_message,
    reported,
    strict_json,
)
from contract_tests.clients.wire import run_message
from contract_tests.outcome import Job, OutcomeStatus
from mock_server.core.client_plan import StopBy

_MOST_PROGRESS = 10_000
_SHOWN = 200


@dataclass(slots=True)
class Talk:
    """What is said about one job; ``over`` has its result, None if the process ended before.

    ``raised`` is the error that the job let out, if the client tells so.
    """

    id: str
    job: Job
    over: "asyncio.Future[Reported | None]"
    stdout: BoundedText
    stderr: BoundedText
    progress: list[float] = field(default_factory=list)
    raised: str | None = None


class Conversation:
    """A process that is talked to. ``note`` takes what a reader has to know of it.

    ``exit_status`` is None while it runs.
    """

    def __init__(self, note: Callable[[str], None]) -> None:
        self.process: Process | None = None
        self.exit_status: int | None = None
        self._talks: dict[str, Talk] = {}
        self._note = note
        self._numbers = count(1)
        self._lines = Lines(self._hear)
        self._early = BoundedText()
        self._ready: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._ending: asyncio.Task[None] | None = None
        self._idle_sockets = 0

    async def open(
        self, command: Sequence[str], environment: Mapping[str, str], patience: float
    ) -> dict[str, Any]:
        """Start the process and ask what it can do; its answer.

        Raises :class:`ClientError` if it does not answer within ``patience`` seconds.
        """
        try:
            self.process = await Process.start(
                command, environment, subprocess.PIPE, self._lines.feed, self._hear_error
            )
        except (OSError, ValueError) as error:
            raise ClientError(f"cannot run {command[0]!r}: {error}") from None
        self._ending = asyncio.ensure_future(self._wait_for_end(self.process))
        self._say({"type": "start"})
        either: list[asyncio.Future[Any]] = [self._ready, self._ending]
        await asyncio.wait(either, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
        if not self._ready.done():
            raise ClientError(self._silence(patience))
        return self._ready.result()

    def run(self, job: Job) -> Talk:
        """Give it a job."""
        talk = Talk(
            str(next(self._numbers)),
            job,
            asyncio.get_running_loop().create_future(),
            BoundedText(secret=job.api_key),
            BoundedText(secret=job.api_key),
        )
        self._talks[talk.id] = talk
        self._say({"type": "run", **run_message(job, talk.id)})
        if self.exit_status is not None:
            talk.over.set_result(None)
        return talk

    def stop(self, talk: Talk, by: StopBy) -> "asyncio.Future[Any]":
        """Tell it to give a job up, or to end; what is to be waited for then."""
        if by is StopBy.CANCEL:
            self._say({"type": "cancel", "id": talk.id})
            return talk.over
        assert self.process is not None
        assert self._ending is not None
        self.process.terminate()
        return self._ending

    def forget(self, talk: Talk) -> int:
        """A job is over; how many connections were open when the process last had nothing to do."""
        del self._talks[talk.id]
        if not self._talks and self.process is not None and self.exit_status is None:
            self._idle_sockets = open_sockets(self.process.pid)
        return self._idle_sockets

    async def close(self, grace: float = 0.0) -> int:
        """Tell it to stop, and end it after ``grace`` seconds; how many processes it left."""
        if self.process is None:
            return 0
        if grace:
            self._say({"type": "stop"})
            await asyncio.wait({self.process.exited}, timeout=grace)
        left = await self.process.close(0.0)
        if self._ending is not None:
            await self._ending
        return left

    def _say(self, message: Mapping[str, object]) -> None:
        if self.process is not None:
            self.process.write(json.dumps(message).encode("ascii") + b"\n")

    async def _wait_for_end(self, process: Process) -> None:
        status = await process.exited
        # What it printed last is on its way.
        await process.read_out()
        self._lines.end()
        self.exit_status = status
        for talk in self._talks.values():
            if not talk.over.done():
                talk.over.set_result(None)

    def _hear(self, line: bytes) -> None:
        text = line.decode("utf-8", "replace").strip()
        if not text:
            return
        try:
            value = strict_json(text)
            if not isinstance(value, dict) or "type" not in value:
                raise ValueError("no message")
        except ValueError:
            self._hear_noise(line, text)
            return
        try:
            check_message(value)
            self._take(value)
        except BadReportError as error:
            self._note(f"it sent a message that cannot be used: {error}")
            self._hear_nonsense(value, str(error))

    def _hear_nonsense(self, message: dict[str, Any], why: str) -> None:
        """A result that cannot be read is one nevertheless: nothing more will come."""
        talk = self._talks.get(str(message.get("id")))
        if message["type"] == "result" and talk is not None and not talk.over.done():
            talk.over.set_result(Reported(OutcomeStatus.UNKNOWN, message=why))

    def _hear_noise(self, line: bytes, text: str) -> None:
        self._early.feed(line + b"\n")
        for talk in self._talks.values():
            talk.stdout.feed(line + b"\n")
        shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
        self._note(f"it printed a line that is no message, which was passed over: {shown!r}")

    def _hear_error(self, data: bytes) -> None:
        self._early.feed(data)
        for talk in self._talks.values():
            talk.stderr.feed(data)

    def _take(self, message: dict[str, Any]) -> None:
        if message["type"] == "ready":
            if not self._ready.done():
                self._ready.set_result(message)
            return
        talk = self._talks.get(message["id"])
        if talk is None:
            # Of a job that was given up, as a rule.
            return
        if message["type"] == "progress":
            if len(talk.progress) < _MOST_PROGRESS:
                talk.progress.append(float(message["progress"]))
        elif not talk.over.done():
            result = reported(message.get("outcome", {"status": "failed"}))
            talk.raised = message.get("raised")
            talk.over.set_result(result)

    def _silence(self, patience: float) -> str:
        """Why there is no answer to start, for the author of the client."""
        printed = self._early.text().strip()
        after = f"; it printed:\n{printed}" if printed else ", and it printed nothing"
        expected = 'expected the line {"type": "ready"} as the answer to {"type": "start"}'
        if self.exit_status is not None:
            return f"{expected}, but the process ended with status {self.exit_status}{after}"
        return f"{expected} within {patience:g} s, nothing came{after}"
