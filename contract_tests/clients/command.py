"""Clients that are command lines: a new process for each job, in whatever language."""

import shlex
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from contract_tests.clients.client import Client, ClientError, Now
from contract_tests.clients.command_line import CommandLine
from contract_tests.clients.command_run import CommandRun
from contract_tests.clients.dilation import Dilation
from contract_tests.clients.placeholders import taken_by, values_of
from contract_tests.clients.processes.environment import environment
from contract_tests.clients.processes.executable import check_executable
from contract_tests.clients.processes.process import Process
from contract_tests.clients.session_time import GLANCE_SECONDS, ends_first, until
from contract_tests.clients.stopping import moment_to_stop
from contract_tests.outcome import Job
from contract_tests.trace import Ability, Done
from mock_server.core.client_plan import Stop, StopBy


class CommandClient(Client):
    """Any command line; :class:`CommandLine` says what its placeholders do.

    ``env`` is added to the environment, ``stdin`` written to the standard input. ``ca`` is the file
    of a certificate authority that the usual libraries are told to trust. ``has_own_key`` says that
    it needs no ``{api_key}``. ``dilation`` lets time pass faster for it; it may be set later.
    ``grace`` are the seconds in which what a client has started may end after it, ``patience``
    those of the session's clock in which it has to obey a signal.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        stdin: str | None = None,
        name: str | None = None,
        ca: Path | None = None,
        has_own_key: bool = False,
        dilation: Dilation | None = None,
        grace: float = 0.5,
        patience: float = 8.0,
    ) -> None:
        self._line = CommandLine.parse(command, env or {}, stdin)
        _check_names(self._line.names, has_own_key)
        self.takes = taken_by(self._line.names)
        self._program = command[0]
        self._ca = ca
        self._grace = grace
        self._patience = patience
        self.dilation = dilation
        self.name = name or shlex.join(command)
        told = {Ability.PROMPTS} if "prompt" in self.takes else set()
        self.abilities = frozenset({Ability.SIGNALLED, Ability.PARALLEL, Ability.PRINTS, *told})

    async def begin(self) -> None:
        """Look whether there is such a command; raises :class:`ClientError` if not."""
        check_executable(self._program)

    async def do(self, job: Job, now: Now, stop: Stop | None = None, limit: float = 600.0) -> Done:
        """Run the command once; it cannot be cancelled, only signalled.

        Raises :class:`ClientError` if the command is gone.
        """
        run = CommandRun(job, now, self.dilation)
        try:
            process = await self._start(run)
        except (FileNotFoundError, PermissionError) as error:
            raise ClientError(f"cannot run {self._program!r}: {error.strerror}") from None
        except (OSError, ValueError) as error:
            # A NUL, half a character, too many bytes: no fault of the client's.
            self.note(f"a job could not be given to a command: {error}")
            return run.not_begun(str(error))
        try:
            await self._follow(run, process, stop, limit)
        finally:
            await run.clear(process, self._grace)
        self._learn(run)
        return run.done()

    async def _start(self, run: CommandRun) -> Process:
        values = values_of(run.job)
        variables = environment(self._ca, self._line.variables(values), run.dilated())
        with ExitStack() as opened:
            stdin: int | IO[bytes] = subprocess.DEVNULL
            if (text := self._line.input(values)) is not None:
                stdin = opened.enter_context(tempfile.TemporaryFile())
                stdin.write(text.encode("utf-8"))
                stdin.seek(0)
            words = self._line.words(values)
            return await Process.start(words, variables, stdin, run.stdout.feed, run.stderr.feed)

    async def _follow(
        self, run: CommandRun, process: Process, stop: Stop | None, limit: float
    ) -> None:
        """Wait for the end, for the moment to stop it, or for the end of all patience."""
        end = run.started + limit
        if stop is not None and stop.by is StopBy.SIGNAL:
            moment = moment_to_stop(stop, run.job, run.now, self.watch, run.speed)
            if not await ends_first(
                process.exited, moment, until(run.now, end, run.speed, GLANCE_SECONDS)
            ):
                process.terminate()
                run.stopped = run.now()
                end = run.stopped + self._patience
        await ends_first(process.exited, until(run.now, end, run.speed, GLANCE_SECONDS))
        run.ended = run.now()

    def _learn(self, run: CommandRun) -> None:
        """Note what this run has shown of the client."""
        shown = set()
        if run.word is not None and run.word.reported is not None:
            shown.add(Ability.REPORTS)
            if run.word.reported.progress:
                shown.add(Ability.PROGRESS)
        if any(file.is_image for file in run.files):
            shown.add(Ability.DOWNLOADS)
        self.abilities |= shown
        if run.word is not None and run.word.complaint is not None:
            self.note(f"its last line looks like an outcome and is none: {run.word.complaint}")
        if run.left:
            self.note("it left processes running when it ended; they were stopped")


def _check_names(names: frozenset[str], has_own_key: bool) -> None:
    """Raise ClientError where a client could not know where the mock is, or with which key."""
    if not names & {"base_url", "api_root", "job"}:
        raise ClientError(
            "nothing tells the client where the mock is: put {base_url} or {api_root} into its"
            " command, or into its environment (--env BASE_URL={base_url})"
        )
    if not has_own_key and not names & {"api_key", "job"}:
        raise ClientError(
            "nothing tells the client its API key: put {api_key} into its command, or into its"
            " environment (--env API_KEY={api_key}); for a client with a fixed key, use --by-port"
        )
