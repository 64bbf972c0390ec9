"""A small client in each HTTP library: it submits and polls, and waits 1, 2 and 4 s after 429."""

import asyncio
import json
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    asynccontextmanager,
    contextmanager,
)
from typing import Any, TypeAlias

import aiohttp
import httpx
import requests
import urllib3

from contract_tests.outcome import Job, Outcome, OutcomeStatus

# What a reply comes to: its status and its JSON.
Reply: TypeAlias = tuple[int, Any]
Send: TypeAlias = Callable[[str, str, dict[str, str], Any], Reply]
AsyncSend: TypeAlias = Callable[[str, str, dict[str, str], Any], Awaitable[Reply]]

TIMEOUT = 10.0
WAITS = (1, 2, 4)
INTERVAL = 2.0


class JobFailed(Exception):
    """What the clients raise when the server refuses for good."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


def body_of(job: Job) -> dict[str, Any]:
    return {"model": "gpt-4o-image", "prompt": job.prompt, "n": job.n, "size": job.size or "1:1"}


def headers_of(job: Job) -> dict[str, str]:
    return {"Authorization": f"Bearer {job.api_key}"}


def sync_client(
    opened: Callable[[], AbstractContextManager[Send]],
) -> Callable[[Job], Outcome]:
    """A client that waits by ``time.sleep``; ``opened`` gives the session for one job."""

    def call(send: Send, job: Job, method: str, path: str, body: Any = None) -> Any:
        for wait in (*WAITS, None):
            status, reply = send(method, f"{job.base_url}{path}", headers_of(job), body)
            if status != 429 or wait is None:
                return checked(status, reply)
            time.sleep(wait)
        raise AssertionError

    def client(job: Job) -> Outcome:
        with opened() as send:
            task = call(send, job, "POST", "/images/generations", body_of(job))["id"]
            while True:
                time.sleep(INTERVAL)
                outcome = read(task, call(send, job, "GET", f"/images/generations/{task}"))
                if outcome is not None:
                    return outcome

    return client


def async_client(
    opened: Callable[[], AbstractAsyncContextManager[AsyncSend]],
) -> Callable[[Job], Awaitable[Outcome]]:
    """A client that waits by ``asyncio.sleep``; ``opened`` gives the session for one job."""

    async def call(send: AsyncSend, job: Job, method: str, path: str, body: Any = None) -> Any:
        for wait in (*WAITS, None):
            status, reply = await send(method, f"{job.base_url}{path}", headers_of(job), body)
            if status != 429 or wait is None:
                return checked(status, reply)
            await asyncio.sleep(wait)
        raise AssertionError

    async def client(job: Job) -> Outcome:
        async with opened() as send:
            reply = await call(send, job, "POST", "/images/generations", body_of(job))
            task = reply["id"]
            while True:
                await asyncio.sleep(INTERVAL)
                reply = await call(send, job, "GET", f"/images/generations/{task}")
                outcome = read(task, reply)
                if outcome is not None:
                    return outcome

    return client


def checked(status: int, reply: Any) -> Any:
    if status != 200:
        raise JobFailed(status, reply["error"]["message"])
    return reply


def read(task: str, reply: Any) -> Outcome | None:
    """The outcome of a task that is over, None while it is not."""
    if reply["status"] == "succeeded":
        urls = tuple(image["url"] for image in reply["result"]["data"])
        return Outcome(OutcomeStatus.SUCCEEDED, task_id=task, urls=urls)
    if reply["status"] == "failed":
        return Outcome(OutcomeStatus.FAILED, task_id=task)
    return None


@contextmanager
def with_requests() -> Iterator[Send]:
    with requests.Session() as session:

        def send(method: str, url: str, headers: dict[str, str], body: Any) -> Reply:
            reply = session.request(method, url, headers=headers, json=body, timeout=TIMEOUT)
            return reply.status_code, reply.json()

        yield send


@contextmanager
def with_httpx() -> Iterator[Send]:
    with httpx.Client(timeout=TIMEOUT, verify=False) as session:

        def send(method: str, url: str, headers: dict[str, str], body: Any) -> Reply:
            reply = session.request(method, url, headers=headers, json=body)
            return reply.status_code, reply.json()

        yield send


@contextmanager
def with_urllib3() -> Iterator[Send]:
    with urllib3.PoolManager(retries=False, timeout=TIMEOUT) as pool:

        def send(method: str, url: str, headers: dict[str, str], body: Any) -> Reply:
            reply = pool.request(method, url, headers=headers, json=body)
            return reply.status, reply.json()

        yield send


@contextmanager
def with_urllib() -> Iterator[Send]:
    def send(method: str, url: str, headers: dict[str, str], body: Any) -> Reply:
        headers = {**headers, "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(url, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT) as reply:
                return reply.status, json.load(reply)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)

    yield send


@asynccontextmanager
async def with_async_httpx() -> AsyncIterator[AsyncSend]:
    async with httpx.AsyncClient(timeout=TIMEOUT, verify=False) as session:

        async def send(method: str, url: str, headers: dict[str, str], body: Any) -> Reply:
            reply = await session.request(method, url, headers=headers, json=body)
            return reply.status_code, reply.json()

        yield send


@asynccontextmanager
async def with_aiohttp() -> AsyncIterator[AsyncSend]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT)) as session:

        async def send(method: str, url: str, headers: dict[str, str], body: Any) -> Reply:
            async with session.request(method, url, headers=headers, json=body) as reply:
                return reply.status, await reply.json()

        yield send


LIBRARIES: dict[str, Callable[[Job], Any]] = {
    "requests": sync_client(with_requests),
    "httpx": sync_client(with_httpx),
    "urllib3": sync_client(with_urllib3),
    "urllib": sync_client(with_urllib),
    "async httpx": async_client(with_async_httpx),
    "aiohttp": async_client(with_aiohttp),
}
