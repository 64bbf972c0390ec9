"""Waits and timeouts are exact over https too."""

import asyncio
import http.client
import json
import ssl
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
import httpx
import pytest
import requests

from contract_tests.clients.callables import client_of
from contract_tests.outcome import Job, Outcome, OutcomeStatus
from mock_server.edge.certificates import Certificates, make_certificates
from tests.contract_tests.clients.python_clients import body_of, headers_of
from tests.contract_tests.clients.stage import Played, on_stage, stage

SUCCEEDED = Outcome(OutcomeStatus.SUCCEEDED)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """An authority, and a certificate of 127.0.0.1 that it has signed."""
    return make_certificates("127.0.0.1", folder=tmp_path_factory.mktemp("tls"))


def with_requests(job: Job, authority: Path) -> Outcome:
    for wait in (1, 2):
        requests.post(
            f"{job.base_url}/images/generations",
            json=body_of(job),
            headers=headers_of(job),
            verify=str(authority),
            timeout=5,
        )
        time.sleep(wait)
    return SUCCEEDED


def with_httpx(job: Job, authority: Path) -> Outcome:
    context = ssl.create_default_context(cafile=authority)
    with httpx.Client(verify=context, timeout=5, headers=headers_of(job)) as client:
        for wait in (1, 2):
            client.post(f"{job.base_url}/images/generations", json=body_of(job))
            time.sleep(wait)
    return SUCCEEDED


def with_urllib(job: Job, authority: Path) -> Outcome:
    context = ssl.create_default_context(cafile=authority)
    headers = {**headers_of(job), "Content-Type": "application/json"}
    data = json.dumps(body_of(job)).encode()
    for wait in (1, 2):
        url = f"{job.base_url}/images/generations"
        request = urllib.request.Request(url, data, headers)
        with urllib.request.urlopen(request, timeout=5, context=context) as reply:
            assert reply.status == http.client.OK
        time.sleep(wait)
    return SUCCEEDED


async def with_aiohttp(job: Job, authority: Path) -> Outcome:
    context = ssl.create_default_context(cafile=authority)
    url = f"{job.base_url}/images/generations"
    timeout = aiohttp.ClientTimeout(total=5)
    session = aiohttp.ClientSession(headers=headers_of(job), timeout=timeout)
    try:
        for _ in range(2):
            async with session.post(url, json=body_of(job), ssl=context) as reply:
                await reply.read()
            await asyncio.sleep(1)
    finally:
        await session.close()
        # It does not wait until its encrypted connections are closed.
        await asyncio.sleep(60)
    return SUCCEEDED


def played(client: Callable[..., Any], files: Certificates, *faults: str) -> Played:
    async def scene() -> Played:
        async with stage((str(files.chain), str(files.key))) as here:
            examined = client_of(bound(client, files.authority))
            await examined.begin()
            seen = await here.play(examined, faults={"submit": list(faults)})
            await examined.end()
            return seen

    seen: Played = on_stage(scene)
    return seen


def bound(client: Callable[..., Any], authority: Path) -> Callable[[Job], Any]:
    return lambda job: client(job, authority)


@pytest.mark.parametrize("client", [with_requests, with_httpx, with_urllib, with_aiohttp])
def test_waits_are_exact(client: Callable[..., Any], files: Certificates) -> None:
    seen = played(client, files)
    assert (seen.message, seen.status) == ("", "succeeded")
    assert seen.gaps == pytest.approx([1], abs=1e-6)


@pytest.mark.parametrize("client", [with_requests, with_httpx, with_urllib, with_aiohttp])
def test_a_stall_meets_the_timeout(client: Callable[..., Any], files: Certificates) -> None:
    seen = played(client, files, "stall(30)")
    assert (seen.status, seen.done.typed) == ("failed", True)
    assert seen.lasted == pytest.approx(65 if client is with_aiohttp else 5, abs=1e-6)
