"""Sending webhook events: the only part of the server that calls anyone, and only one origin."""

import asyncio
import logging
from contextlib import suppress

from mock_server.core.callback import is_same_origin
from mock_server.core.webhooks import Sending, begin, delivered, due
from mock_server.edge.asgi import Answered, Endpoint
from mock_server.edge.clocks import Clock
from mock_server.edge.mock import Mock
from mock_server.edge.posting import post
from mock_server.edge.sessions import Session

_LOGGER = logging.getLogger("safelight")
_PAUSE_SECONDS = 0.05
# Looking through very many tasks takes a while, and answering calls comes first.
_PAUSE_FOR_EACH_SECOND_OF_WORK = 20.0
_MOST_AT_ONCE = 64


class Postman:
    """Delivers what the sessions of a mock owe, each on its own clock."""

    def __init__(self, mock: Mock, endpoint: Endpoint) -> None:
        self._mock = mock
        self._endpoint = endpoint
        self._under_way: set[asyncio.Task[None]] = set()
        self._working: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to deliver, in the loop that runs."""
        self._working = asyncio.create_task(self._work())

    async def stop(self) -> None:
        """Deliver no more; what is under way is broken off."""
        tasks = [*self._under_way, *([self._working] if self._working else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _work(self) -> None:
        watch = Clock()
        while True:
            begun = watch.now()
            self._look_round()
            worked = watch.now() - begun
            await asyncio.sleep(max(_PAUSE_SECONDS, worked * _PAUSE_FOR_EACH_SECOND_OF_WORK))

    def _look_round(self) -> None:
        for session in tuple(self._mock.sessions):
            if session.is_untouched or not session.world.owed:
                continue
            now = session.clock.now()
            room = _MOST_AT_ONCE - len(self._under_way)
            try:
                for delivery in due(session.world, now)[:room]:
                    number = session.next_number()
                    sending = begin(session.world, delivery, number, now)
                    self._deliver_later(session, sending)
            except Exception as bug:
                self._note(bug)

    def _deliver_later(self, session: Session, sending: Sending) -> None:
        task = asyncio.create_task(self._deliver(session, sending))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _deliver(self, session: Session, sending: Sending) -> None:
        try:
            await session.clock.sleep(sending.wait)
            status = await self._post(session, sending)
            entry = delivered(session.world, sending, session.clock.now(), status)
            self._endpoint.delivered(Answered(session, (), entry), stayed=True)
        except Exception as bug:
            self._note(bug)

    async def _post(self, session: Session, sending: Sending) -> int | None:
        """Send an attempt; None where nothing is sent, or no answer comes in time."""
        webhook, webhooks = session.world.webhook or "", session.world.contract.webhooks
        # A session that was reset or deleted meanwhile has nothing to say any more.
        is_alive = self._mock.sessions.get(session.name) is session
        if not (sending.is_sent and is_alive and is_same_origin(sending.url, webhook)):
            return None
        with suppress(OSError, TimeoutError):
            return await post(sending.url, sending.headers, sending.body, webhooks.timeout)
        return None

    def _note(self, bug: Exception) -> None:
        self._endpoint.bugs.append(bug)
        _LOGGER.error("a bug in the mock itself: webhooks", exc_info=bug)
