"""Clients that are long-lived processes: they are told jobs in lines of JSON, and answer so."""

import asyncio
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from contract_tests.clients.client import Client, ClientError, Now
from contract_tests.clients.conversation import Conversation
from contract_tests.clients.dilation import Dilation
from contract_tests.clients.json_lines_run import JsonLinesRun
from contract_tests.clients.process_pool import Member, Pool, Ready
from contract_tests.clients.processes.environment import environment
from contract_tests.clients.processes.executable import check_executable
from contract_tests.clients.saved_files import saved_files
from contract_tests.clients.session_time import GLANCE_SECONDS, ends_first, until
from contract_tests.clients.stopping import moment_to_stop
from contract_tests.outcome import Job
from contract_tests.trace import Ability, Done
from mock_server.core.client_plan import Stop, StopBy

# Of a process that does several jobs at once and does not say how many.
_MANY = 16


class JsonLinesClient(Client):
    """A process that does many jobs, one after the other or several at once.

    ``docs/attaching-a-client.md`` has the protocol. There are as many processes as the jobs need
    that are to be done at once; those of one session share one, if it is able to. One that dies is
    replaced, one that does not answer is left alone until its other jobs are done.

    ``env`` is added to the environment, ``ca`` is the file of a certificate authority to trust.
    ``start_up`` are the seconds in which the process has to answer at first, ``patience`` those of
    the session's clock in which it has to obey when it is told to stop, ``grace`` those in which it
    may end by itself when all is over.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        name: str | None = None,
        ca: Path | None = None,
        dilation: Dilation | None = None,
        start_up: float = 30.0,
        patience: float = 8.0,
        grace: float = 2.0,
    ) -> None:
        if not command:
            raise ClientError("expected a command, seen nothing: --json-lines -- COMMAND")
        self._command = tuple(command)
        self._env = dict(env or {})
        self._given_name = name
        self._ca = ca
        self._start_up = start_up
        self._patience = patience
        self._grace = grace
        self._dilation = dilation
        self._pool = Pool(self._open, self.note)
        self.name = name or shlex.join(command)
        self.abilities = frozenset(
            {Ability.PROMPTS, Ability.REPORTS, Ability.SIGNALLED, Ability.PRINTS}
        )

    @property
    def dilation(self) -> Dilation | None:
        """What lets time pass faster for it; a new one makes new processes."""
        return self._dilation

    @dilation.setter
    def dilation(self, dilation: Dilation | None) -> None:
        self._dilation = dilation
        self._pool.renew()

    async def begin(self) -> None:
        """Start a process and hear what it can do.

        Raises :class:`ClientError` if there is no such command, or if it does not answer.
        """
        check_executable(self._command[0])
        try:
            ready = await self._pool.enter(None).opening
        except ClientError:
            await self._pool.close(0.0)
            raise
        if self._given_name is None:
            self.name = ready.get("name", self.name)
        self.abilities |= {Ability(word) for word in ready.get("abilities", ())}
        self.most_at_once = ready.get("most_at_once")
        self.gives_up_after = ready.get("gives_up_after")
        self._pool.shares = Ability.PARALLEL in self.abilities
        self._pool.capacity = (self.most_at_once or _MANY) if self._pool.shares else 1

    async def do(self, job: Job, now: Now, stop: Stop | None = None, limit: float = 600.0) -> Done:
        """Have one job done; for a signal it gets a process of its own."""
        speed = 1.0 if self._dilation is None else self._dilation.factor
        run = JsonLinesRun(job, now, speed)
        member = self._pool.enter(job, alone=stop is not None and stop.by is StopBy.SIGNAL)
        try:
            await asyncio.shield(member.opening)
            await self._follow(run, member, stop, limit)
        except ClientError as error:
            member.is_closed = True
            self.note(f"a job could not be given to it: {error}")
            return run.not_begun(str(error))
        finally:
            await self._pool.leave(member, job)
        run.files = await asyncio.to_thread(saved_files, job.out_dir)
        self._learn(run)
        return run.done(member.conversation)

    async def end(self) -> None:
        """Tell all processes to stop, and end those that do not."""
        await self._pool.close(self._grace)
        if self._dilation is not None:
            await asyncio.to_thread(self._dilation.clean)

    def another(self) -> "JsonLinesClient":
        """The same command as another process."""
        twin = JsonLinesClient(
            self._command,
            env=self._env,
            name=self.name,
            ca=self._ca,
            dilation=self._dilation,
            start_up=self._start_up,
            patience=self._patience,
            grace=self._grace,
        )
        twin.watch = self.watch
        return twin

    async def _open(self, conversation: Conversation) -> Ready:
        dilated = {} if self._dilation is None else self._dilation.environment()
        variables = environment(self._ca, self._env, dilated)
        return await conversation.open(self._command, variables, self._start_up)

    async def _follow(
        self, run: JsonLinesRun, member: Member, stop: Stop | None, limit: float
    ) -> None:
        """Wait for the result, for the moment to stop it, or for the end of all patience."""
        conversation = member.conversation
        talk = run.begin(conversation)
        over: asyncio.Future[Any] = talk.over
        end = run.started + limit
        if stop is not None:
            moment = moment_to_stop(stop, run.job, run.now, self.watch, run.speed)
            if not await ends_first(over, moment, until(run.now, end, run.speed, GLANCE_SECONDS)):
                run.stopped = run.now()
                end = run.stopped + self._patience
                over = conversation.stop(talk, stop.by)
        run.is_over = await ends_first(over, until(run.now, end, run.speed, GLANCE_SECONDS))
        run.ended = run.now()
        # Nothing else is asked of a process that does not answer.
        member.is_closed |= not run.is_over
        run.leftovers = conversation.forget(talk)

    def _learn(self, run: JsonLinesRun) -> None:
        if run.talk is not None and run.talk.progress:
            self.abilities |= {Ability.PROGRESS}
        if any(file.is_image for file in run.files):
            self.abilities |= {Ability.DOWNLOADS}
