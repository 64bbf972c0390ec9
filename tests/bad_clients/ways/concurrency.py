"""Jobs that get in each other's way, or go on when they were told to stop (CON)."""

import asyncio
from typing import ClassVar
from weakref import finalize

import requests

from contract_tests import Job, Outcome
from tests.bad_clients.bad_client import BadClient, python
from tests.good_clients.async_aiohttp import AsyncAiohttp
from tests.good_clients.async_httpx import AsyncHttpx
from tests.good_clients.careful import Careful, Report, Steps
from tests.good_clients.places import Places
from tests.good_clients.steps import Call
from tests.good_clients.sync_requests import SyncRequests


class LimitForgotten(AsyncHttpx):
    """Says four and takes a hundred."""

    def __init__(self) -> None:
        super().__init__(at_once=4)
        self._places = Places(100)


class LastTaskOfAll(Careful):
    last: ClassVar[list[str]] = []

    def submit(self) -> Steps:
        yield from super().submit()
        self.last[:] = [str(self.task)]

    def poll(self) -> Call:
        self.task = self.last[0]
        return super().poll()


class InTheBackground(AsyncAiohttp):
    """Does the job in a task that nobody cancels."""

    async def __call__(self, job: Job, report: Report = lambda percent: None) -> Outcome:
        self.doing = asyncio.ensure_future(super().__call__(job, report))
        return await asyncio.shield(self.doing)


class NeverClosed(SyncRequests):
    """Opens a session for each job, and leaves it open."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[OpenSession] = []
        finalize(self, _close, self.opened)

    def connections(self) -> requests.Session:
        session = OpenSession()
        session.trust_env = False
        self.opened.append(session)
        return session


class OpenSession(requests.Session):
    """A session that forgets to close itself."""

    def __exit__(self, *exception: object) -> None:
        pass


def _close(sessions: list[OpenSession]) -> None:
    for session in sessions:
        session.close()


WRONG: tuple[BadClient, ...] = (
    python(
        "limit-forgotten",
        "concurrency-limit",
        "The limit stands in the settings, and nothing reads it.",
        LimitForgotten,
    ),
    python(
        "last-task-of-all",
        "results-not-mixed",
        "The task's id is kept in the class, where every job finds it.",
        lambda: AsyncAiohttp(LastTaskOfAll),
        quiet_after_end="several jobs wait for the same task",
        deadline="a success is reported for tasks that nobody waits for",
        poll_floor="several jobs poll the same task",
        exact_results="the results reported are another job's",
    ),
    python(
        "in-the-background",
        "cancel-stops",
        "The work was put into a task of its own, so that no caller can break it off.",
        InTheBackground,
    ),
    python(
        "never-closed",
        "no-leaks",
        "A session for each job, and the garbage collector will see to it.",
        NeverClosed,
    ),
)
