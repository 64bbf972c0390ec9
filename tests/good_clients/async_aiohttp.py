"""The careful client over aiohttp."""

import asyncio

import aiohttp
import yarl

from contract_tests import Job, Outcome
from tests.good_clients.careful import Careful, Report
from tests.good_clients.driving import drive_async
from tests.good_clients.places import Places
from tests.good_clients.steps import Call, LostError, NotSentError, Reply


class AsyncAiohttp:
    """A client for any number of jobs, at most so many of them at once."""

    def __init__(self, way: type[Careful] = Careful, at_once: int = 8) -> None:
        self.way = way
        self.at_once = at_once
        self._places = Places(at_once)

    async def __call__(self, job: Job, report: Report = lambda percent: None) -> Outcome:
        """Do one job."""
        async with self._places.here(), aiohttp.ClientSession() as http:

            async def send(call: Call) -> Reply:
                return await self.send(http, call)

            return await drive_async(self.way(job, report).work(), send, asyncio.sleep)

    async def send(self, http: aiohttp.ClientSession, call: Call) -> Reply:
        """Make a call; raises NotSentError, LostError."""
        try:
            # A URL that is encoded already, for yarl would decode what it takes for needless.
            url = yarl.URL(call.url, encoded=True)
            async with http.request(
                call.method,
                url,
                headers=dict(call.headers),
                data=call.body,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=call.seconds),
            ) as reply:
                headers = {name.lower(): value for name, value in reply.headers.items()}
                return Reply(reply.status, headers, await reply.read())
        except aiohttp.ClientConnectorError as error:
            raise NotSentError(repr(error)) from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise LostError(repr(error)) from error


# For those who name a client by its module: as an exam at the command line does.
CLIENT = AsyncAiohttp()
