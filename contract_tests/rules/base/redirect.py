"""Redirects that reached a client: where they led, and the call that followed."""

from dataclasses import dataclass
from urllib.parse import unquote, urljoin, urlsplit

from contract_tests.rules.base.payload import values_of
from contract_tests.trace import Exchange, Trace, is_shorter

_STATUSES = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Redirect:
    """A redirect: ``reply`` is the call that met it, ``target`` the URL without query.

    ``follower`` is the first later call to that URL, None where nobody went there.
    """

    reply: Exchange
    target: str
    follower: Exchange | None

    @property
    def goes_elsewhere(self) -> bool:
        """Whether it leads to another scheme, host or port."""
        there, here = urlsplit(self.target), urlsplit(self.reply.base)
        return (there.scheme, there.netloc) != (here.scheme, here.netloc)

    @property
    def is_downgrade(self) -> bool:
        """Whether it leads from https to http."""
        return self.target.startswith("http:") and self.reply.base.startswith("https:")


def redirects(trace: Trace) -> tuple[Redirect, ...]:
    """Every redirect that a client heard of."""
    calls = trace.calls.exchanges
    return tuple(
        Redirect(one, target, _follower(calls, one, target))
        for one in calls
        if one.heard_status in _STATUSES
        for target in _target(one)
    )


def _target(reply: Exchange) -> tuple[str, ...]:
    locations = values_of(reply.reply_headers, b"location")[:1]
    try:
        return tuple(_plain(urljoin(_url(reply), one)) for one in locations)
    except ValueError:
        # Not every text is a URL.
        return ()


def _follower(calls: tuple[Exchange, ...], reply: Exchange, target: str) -> Exchange | None:
    later = (one for one in calls if one.number > reply.number)
    return next(
        (
            one
            for one in later
            if _plain(_url(one)) == target and not is_shorter(one.started, reply.replied)
        ),
        None,
    )


def _url(call: Exchange) -> str:
    return f"{call.base}{call.path}"


def _plain(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}{unquote(parts.path)}"
