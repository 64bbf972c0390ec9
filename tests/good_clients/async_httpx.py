"""The careful client over httpx, asynchronous."""

import asyncio
import ssl

import httpx

from contract_tests import Job, Outcome
from tests.good_clients.careful import Careful, Report
from tests.good_clients.driving import drive_async
from tests.good_clients.places import Places
from tests.good_clients.steps import Call, LostError, NotSentError, Reply

# Making one takes longer than a whole job.
_TLS = ssl.create_default_context()


class AsyncHttpx:
    """A client for any number of jobs, at most so many of them at once."""

    def __init__(self, way: type[Careful] = Careful, at_once: int = 8) -> None:
        self.way = way
        self.at_once = at_once
        self._places = Places(at_once)

    async def __call__(self, job: Job, report: Report = lambda percent: None) -> Outcome:
        """Do one job."""
        async with self._places.here(), self.connections() as http:

            async def send(call: Call) -> Reply:
                return await self.send(http, call)

            return await drive_async(self.way(job, report).work(), send, asyncio.sleep)

    def connections(self) -> httpx.AsyncClient:
        """The connections of one job."""
        return httpx.AsyncClient(verify=_TLS, trust_env=False)

    async def send(self, http: httpx.AsyncClient, call: Call) -> Reply:
        """Make a call; raises NotSentError, LostError."""
        try:
            async with asyncio.timeout(call.seconds):
                reply = await http.request(
                    call.method,
                    call.url,
                    headers=dict(call.headers),
                    content=call.body,
                    timeout=call.seconds,
                )
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise NotSentError(repr(error)) from error
        except (httpx.HTTPError, TimeoutError) as error:
            raise LostError(repr(error)) from error
        headers = {name.lower(): value for name, value in reply.headers.items()}
        return Reply(reply.status_code, headers, reply.content)
