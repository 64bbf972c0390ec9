"""A small client in each HTTP library: it submits, polls, and waits 1, 2 and 4 seconds after 429."""

import asyncio
import json
import time
import urllib.error
import urllib.request
from collections.abc import Awaitable, Callable
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


def sync_client(send: Send) -> Callable[[Job], Outcome]:
    """A client that waits by ``time.sleep``."""

    def call(job: Job, method: str, path: str, body: Any = None) -> Any:
        for wait in (*WAITS, None):
            status, reply = send(method, f"{job.base_url}{path}", headers_of(job), body)
            if status != 429 or wait is None:
                return checked(status, reply)
            time.sleep(wait)
        raise AssertionError

    def client(job: Job) -> Outcome:
        task = call(job, "POST", "/images/generations", body_of(job))["id"]
        while True:
            time.sleep(INTERVAL)
            outcome = read(task, call(job, "GET", f"/images/generations/{task}"))
            if outcome is not None:
                return outcome

    return client


def async_client(send: AsyncSend) -> Callable[[Job], Awaitable[Outcome]]:
    """A client that waits by ``asyncio.sleep``."""

    async def call(job: Job, method: str, path: str, body: Any = None) -> Any:
        for wait in (*WAITS, None):
            status, reply = await send(method, f"{job.base_url}{path}", headers_of(job), body)
            if status != 429 or wait is None:
                return checked(status, reply)
            await asyncio.sleep(wait)
        raise AssertionError

    async def client(job: Job) -> Outcome:
        reply = await call(job, "POST", "/images/generations", body_of(job))
        task = reply["id"]
        while True:
            await asyncio.sleep(INTERVAL)
            outcome = read(task, await call(job, "GET", f"/images/generations/{task}"))
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


def with_requests() -> Callable[[Job], Outcome]:
    session = requests.Session()

    def send(method: str, url: str, headers: dict[str, str], body: Any) -> Reply:
        reply = session.request(method, url, headers=headers, json=body, timeout=TIMEOUT)
        return reply.status_code, reply.json()

    return sync_client(send)


def with_httpx() -> Callable[[Job], Outcome]:
    session = httpx.Client(timeout=TIMEOUT)

    def send(method: str, url: str, headers: dict[str, str], body: Any) -> Reply:
        reply = session.request(method, url, headers=headers, json=body)
        return reply.status_code, reply.json()

    return sync_client(send)


def with_urllib3() -> Callable[[Job], Outcome]:
    pool = urllib3.PoolManager(retries=False, timeout=TIMEOUT)

    def send(method: str, url: str, headers: dict[str, str], body: Any) -> Reply:
        reply = pool.request(method, url, headers=headers, json=body)
        return reply.status, reply.json()

    return sync_client(send)


def with_urllib() -> Callable[[Job], Outcome]:
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

    return sync_client(send)


def with_async_httpx() -> Callable[[Job], Awaitable[Outcome]]:
    sessions: list[httpx.AsyncClient] = []

    async def send(method: str, url: str, headers: dict[str, str], body: Any) -> Reply:
        if not sessions:
            sessions.append(httpx.AsyncClient(timeout=TIMEOUT))
        reply = await sessions[0].request(method, url, headers=headers, json=body)
        return reply.status_code, reply.json()

    return async_client(send)


def with_aiohttp() -> Callable[[Job], Awaitable[Outcome]]:
    timeout = aiohttp.ClientTimeout(total=TIMEOUT)

    async def send(method: str, url: str, headers: dict[str, str], body: Any) -> Reply:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.request(method, url, headers=headers, json=body) as reply,
        ):
            return reply.status, await reply.json()

    return async_client(send)


LIBRARIES: dict[str, Callable[[], Callable[[Job], Any]]] = {
    "requests": with_requests,
    "httpx": with_httpx,
    "urllib3": with_urllib3,
    "urllib": with_urllib,
    "async httpx": with_async_httpx,
    "aiohttp": with_aiohttp,
}
