"""The clients in this language: httpx, aiohttp and requests, used as their documentation does.

None of them may take a proxy from the environment: the faults are those of the mock alone.
"""

import asyncio
import ssl
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import aiohttp
import httpx
import requests

from tests.faults.client_programs.jobs import BODY, Job, Told


async def with_httpx(jobs: Sequence[Job]) -> list[Told]:
    """``httpx.AsyncClient`` with ``timeout=``."""
    # Nothing here is encrypted, but without a context of ours each client would make its own.
    context = ssl.create_default_context()

    async def one(job: Job) -> Told:
        status = None
        try:
            async with httpx.AsyncClient(
                timeout=job.patience, verify=context, trust_env=False
            ) as client:
                reply = await client.post(job.url, json=BODY, headers=job.headers)
                status = reply.status_code
                return Told(status, value=reply.json())
        except Exception as error:
            return Told(status, type(error).__name__)

    return await asyncio.gather(*map(one, jobs))


async def with_aiohttp(jobs: Sequence[Job]) -> list[Told]:
    """``aiohttp.ClientSession`` with ``ClientTimeout(total=)``."""

    async def one(job: Job) -> Told:
        status = None
        patience = aiohttp.ClientTimeout(total=job.patience)
        try:
            async with (
                aiohttp.ClientSession(timeout=patience) as session,
                session.post(job.url, json=BODY, headers=job.headers) as reply,
            ):
                status = reply.status
                return Told(status, value=await reply.json())
        except Exception as error:
            return Told(status, type(error).__name__)

    return await asyncio.gather(*map(one, jobs))


async def with_requests(jobs: Sequence[Job]) -> list[Told]:
    """``requests.Session`` with ``timeout=``, each job in a thread of its own."""

    def one(job: Job) -> Told:
        status = None
        try:
            with requests.Session() as session:
                session.trust_env = False
                reply = session.post(job.url, json=BODY, headers=job.headers, timeout=job.patience)
                status = reply.status_code
                return Told(status, value=reply.json())
        except Exception as error:
            return Told(status, type(error).__name__)

    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(len(jobs)) as pool:
        return await asyncio.gather(*(loop.run_in_executor(pool, one, job) for job in jobs))
