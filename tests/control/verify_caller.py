"""A caller of a mock in this process, whose clock stands still, that verifies what it did."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx
from jsonschema import Draft202012Validator

from mock_server import create_app
from mock_server.edge.app import Application
from mock_server.edge.asgi import Listener
from mock_server.edge.mock import DEFAULT_KEY
from mock_server.loading.folders import schemas_folder
from mock_server.loading.profiles import read_document

ORIGIN = "http://127.0.0.1"
SUBMIT = "/v1/images/generations"
VERIFY = "/_mock/sessions/default/verify"
SCHEMA = read_document(schemas_folder() / "verification.schema.json")
ANSWER = Draft202012Validator({"$ref": "#/$defs/findings", "$defs": SCHEMA["$defs"]})
ONE_SUBMIT = {"check": "count", "operation": "submit", "equals": 1}
ENDED = {"check": "count", "operation": "status", "where": {"phase": "succeeded"}}
QUIET = {"check": "quiet-after-end", "quiet_for": 10}
Json = dict[str, Any]


class Listeners(list[Listener]):
    """The listeners of a server, and when the first of them came."""

    def __init__(self) -> None:
        super().__init__()
        self.came = asyncio.Event()

    def append(self, one: Listener) -> None:
        super().append(one)
        self.came.set()


class Caller:
    """A client of the mocked API and of the control plane."""

    def __init__(self, app: Application, client: httpx.AsyncClient) -> None:
        self.app = app
        self.client = client
        self.clock = app.mock.sessions.default.clock
        self.listeners = app.endpoint.listeners = Listeners()

    async def submit(self, prompt: str = "a cat", **headers: str) -> str:
        """Submit a task; its id, if the reply has one."""
        body = {"model": "gpt-4o-image", "prompt": prompt}
        reply = await self.client.post(SUBMIT, json=body, headers=headers)
        return str(reply.json().get("id"))

    async def poll(self, task: str) -> None:
        """Read the status of a task."""
        await self.client.get(f"{SUBMIT}/{task}")

    async def ask(self, *expectations: Mapping[str, Any], **more: Any) -> httpx.Response:
        """Ask for a verification."""
        return await self.client.post(VERIFY, json={"expectations": expectations, **more})

    async def verified(self, *expectations: Mapping[str, Any], **more: Any) -> Json:
        """What is answered, which must obey its schema."""
        reply = await self.ask(*expectations, **more)
        assert reply.status_code == 200, reply.text
        answer: Json = reply.json()
        assert list(ANSWER.iter_errors(answer)) == []
        return answer

    async def until_waiting(self) -> None:
        """Return when someone waits for a verification."""
        await self.listeners.came.wait()


@asynccontextmanager
async def _caller(**settings: Any) -> AsyncIterator[Caller]:
    app = create_app(**settings)
    app.mock.sessions.default.clock.run(0)
    headers = {"authorization": f"Bearer {DEFAULT_KEY}"}
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers) as client:
        yield Caller(app, client)
    app.gallery.close()


def playing(story: Callable[[Caller], Awaitable[None]], **settings: Any) -> None:
    """Play a story with a caller of its own."""

    async def play() -> None:
        async with _caller(**settings) as one:
            await story(one)

    asyncio.run(play())
