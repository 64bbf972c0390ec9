"""A client with one fault: it asks for its image too often."""

from tests.good_clients.async_aiohttp import AsyncAiohttp
from tests.good_clients.careful import Careful


class Hasty(Careful):
    """Asks every three seconds."""

    first_poll = 2.0
    interval = 3.0


CLIENT = AsyncAiohttp(Hasty)
