"""Redirects, and where they lead."""

from contract_tests.rules.base import samples
from contract_tests.trace import Exchange, Trace
from mock_server.core.script import Headers


def located(url: str) -> Headers:
    return ((b"location", url.encode()),)


def redirected(number: int, url: str, status: int = 307, **facts: object) -> Exchange:
    """A submit that is sent elsewhere."""
    return samples.submit(number, 0, status=status, reply_headers=located(url), **facts)


AWAY = f"{samples.ELSEWHERE}{samples.SUBMIT}"


def led(*calls: Exchange) -> Trace:
    """A client that was led to another host, and what it did there."""
    return samples.trace(redirected(1, AWAY), *calls, outcome=samples.failed("redirect"))
