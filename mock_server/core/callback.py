"""Where events go: the configured webhook, or another path and query of the same origin."""

from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlsplit

# The operation under which deliveries stand in scenarios and in the journal.
WEBHOOK = "webhook"
_PORTS = {"http": 80, "https": 443}


class Origin(NamedTuple):
    """Scheme, host and port of a URL, in the form in which equal ones are equal."""

    scheme: str
    host: str
    port: int


@dataclass(slots=True)
class Owed:
    """An event that has still to arrive.

    ``base`` is the origin by which the caller submitted the task: URLs in the event lead back the
    same way. ``due`` is the earliest time of the next attempt (session's clock), ``sending`` says
    that an attempt is under way.
    """

    base: str
    attempts: int = 0
    due: float = 0.0
    sending: bool = False


def origin_of(url: str) -> Origin | None:
    """The origin of an http or https URL, None for anything else and for one with credentials."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    place = parts.netloc
    if parts.scheme not in _PORTS or not parts.hostname or "@" in place or not place.isascii():
        return None
    return Origin(parts.scheme, parts.hostname, _PORTS[parts.scheme] if port is None else port)


def is_same_origin(callback: str, webhook: str) -> bool:
    """Whether a callback differs from the webhook in path and query alone.

    Source: REF webhooks/task-webhooks.
    """
    origin = origin_of(callback)
    return origin is not None and origin == origin_of(webhook)
