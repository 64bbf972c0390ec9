"""Clients that are driven from elsewhere: a page in a browser, a service, a person."""

import asyncio
from collections.abc import Callable

from contract_tests.clients.client import Client, ClientError, Now, Traffic
from contract_tests.outcome import Job, Outcome, OutcomeStatus
from contract_tests.trace import Ability, Done
from mock_server.core.client_plan import Stop


def show(line: str) -> None:
    """Print a line at once, also into a pipe."""
    print(line, flush=True)


class ListeningClient(Client):
    """A client that calls by itself, once it is told where; of its outcome nothing is known.

    ``tell`` takes what its user has to know. Seconds of the session's clock: ``quiet`` is how long
    nothing may come after the end of all tasks, ``idle`` how long while none has been made or one
    goes on: longer than a client backs off. ``first`` is how long the first call may take. It is
    looked for every ``look`` seconds of the wall's clock.
    """

    def __init__(
        self,
        tell: Callable[[str], None] = show,
        *,
        name: str = "the client that calls",
        quiet: float = 5.0,
        idle: float = 65.0,
        first: float = 600.0,
        look: float = 0.1,
    ) -> None:
        self._tell = tell
        self._quiet = quiet
        self._idle = idle
        self._first = first
        self._look = look
        self.name = name
        self.abilities = frozenset({Ability.PROMPTS})

    async def begin(self) -> None:
        """Raises :class:`ClientError` where nobody watches the traffic."""
        if self.watch is None:
            raise ClientError("nobody watches the traffic, so a client cannot be listened to")

    async def do(self, job: Job, now: Now, stop: Stop | None = None, limit: float = 600.0) -> Done:
        """Say where to call and what is to be ordered; return when the traffic has ended.

        The outcome is None where it goes on after ``limit`` seconds from the first call, else
        unknown.
        """
        assert self.watch is not None
        for line in _invitation(job):
            self._tell(line)
        started = now()
        while True:
            await asyncio.sleep(self._look)
            traffic = self.watch(job)
            if traffic.first is not None and now() > traffic.first + limit:
                return Done(job, None, started, now())
            if self._is_over(traffic, started, now()):
                return self._over(job, traffic, started, now())

    def _is_over(self, traffic: Traffic, started: float, now: float) -> bool:
        if traffic.last is None:
            return now > started + self._first
        if traffic.in_flight:
            return False
        has_all = traffic.tasks > 0 and not traffic.open_tasks
        return now > traffic.last + (self._quiet if has_all else self._idle)

    def _over(self, job: Job, traffic: Traffic, started: float, ended: float) -> Done:
        if traffic.first is None:
            self.note(f"a story was not played: nobody called within {self._first:g} s")
            self._tell("  nobody called; going on")
        else:
            self._tell("  heard; going on")
        return Done(job, Outcome(OutcomeStatus.UNKNOWN), started, ended)


def _invitation(job: Job) -> list[str]:
    """Where to call, with which key, and what to order."""
    order = [f"prompt {job.prompt!r}", f"n {job.n}"]
    order += [] if job.size is None else [f"size {job.size}"]
    order += [] if job.model is None else [f"model {job.model}"]
    order += [f"reference {url}" for url in job.references]
    order += [] if job.mask is None else [f"mask {job.mask}"]
    return [
        f"call   {job.base_url}",
        f"  key    {job.api_key}",
        *(f"  order  {line}" for line in order),
    ]
