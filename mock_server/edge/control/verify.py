"""Verification: what a test expects of a session's calls, held against those that came."""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from mock_server.core.exchange import Exchange
from mock_server.core.finding import Finding, Verdict, Words, gravest
from mock_server.core.journal import Entry
from mock_server.core.trace import JournalCopy, Trace, copy_journal
from mock_server.core.verification import is_decided, read_check, verify
from mock_server.core.verification.check import Check, ExpectationError
from mock_server.core.world import World
from mock_server.edge.asgi import Listener
from mock_server.edge.control.action import CONFLICT, NOT_FOUND, Action, Asked
from mock_server.edge.control.refused import Refused, wrong
from mock_server.edge.sessions import Session

MOST_WAITING = 200
_MOST_EVIDENCE = 1_000
# Time alone can decide, too, and a session's clock may be moved or run at any speed.
_LOOK_SECONDS = 0.25
# For each call in the journal, about as long as it takes to judge it.
_PAUSE_SECONDS = 50e-6
_GOOD = (Verdict.PASSED, Verdict.ADVICE)


class _News:
    """Hears of the calls of one session as their replies are delivered."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.came = asyncio.Event()

    def __call__(self, session: Session, entry: Entry) -> None:
        if session.name == self.name:
            self.came.set()


class _View:
    """One session, looked at again and again, of whose calls each is read only once."""

    def __init__(self, asked: Asked, since: int) -> None:
        self._asked = asked
        self._since = since
        self._world: World | None = None
        self._known: dict[int, Exchange] = {}

    async def judge(self, checks: list[Check]) -> tuple[Trace, tuple[Finding, ...]]:
        """What is found of these checks now; raises :class:`Refused` when the session is gone."""
        session = self._asked.session
        if session.world is not self._world:
            # A reset is a new world, whose calls count from the start.
            self._world, self._known = session.world, {}
        copied = copy_journal(session.world, session.clock.now(), self._since)
        # A full journal takes a while to judge, and others want to be served meanwhile.
        return await asyncio.to_thread(_judged, copied, self._known, checks)


def _judged(
    copied: JournalCopy, known: dict[int, Exchange], checks: list[Check]
) -> tuple[Trace, tuple[Finding, ...]]:
    trace = copied.trace(known)
    return trace, verify(trace, checks)


async def _verify(asked: Asked) -> dict[str, Any]:
    checks = [_check(index, one) for index, one in enumerate(asked.body["expectations"])]
    view = _View(asked, int(asked.body.get("since", 0)))
    found = await view.judge(checks)
    within = asked.body.get("within", 0)
    if within and not _is_over(checks, found[1]):
        found = await _waited(asked, view, checks, within)
    return _value(*found)


def _check(index: int, expectation: dict[str, Any]) -> Check:
    try:
        return read_check(expectation)
    except ExpectationError as error:
        place = f"$.expectations[{index}]"
        raise wrong(place, f"{error.place}: {error.expected}", error.seen) from None


def _is_over(checks: list[Check], findings: tuple[Finding, ...]) -> bool:
    """Whether there is nothing to wait for: all is well, or something is lost for good."""
    return all(one.verdict in _GOOD for one in findings) or is_decided(checks, findings)


async def _waited(
    asked: Asked, view: _View, checks: list[Check], within: float
) -> tuple[Trace, tuple[Finding, ...]]:
    """What is found once there is nothing more to wait for, after ``within`` seconds at most."""
    end: asyncio.Future[Any] = asyncio.ensure_future(asyncio.sleep(within))
    try:
        with _listening(asked.endpoint.listeners, asked.session.name) as news:
            while True:
                is_last = end.done() or await asked.request.is_disconnected()
                news.came.clear()
                found = await view.judge(checks)
                if is_last or _is_over(checks, found[1]):
                    return found
                # Where calls pour in, judging them must not keep the server from answering them.
                await asyncio.wait({end}, timeout=len(found[0].exchanges) * _PAUSE_SECONDS)
                await _next(news, end)
    finally:
        end.cancel()


async def _next(news: _News, end: asyncio.Future[Any]) -> None:
    """Wait for a call, for a while or for the end, whatever comes first."""
    came: asyncio.Future[Any] = asyncio.ensure_future(news.came.wait())
    try:
        waited = {came, end}
        await asyncio.wait(waited, timeout=_LOOK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    finally:
        came.cancel()


@contextmanager
def _listening(listeners: list[Listener], name: str) -> Iterator[_News]:
    """Hear of a session's calls; raises :class:`Refused` when too many are waiting already."""
    if sum(isinstance(one, _News) for one in listeners) >= MOST_WAITING:
        raise Refused(CONFLICT, f"{MOST_WAITING} verifications are waiting, more are not served")
    news = _News(name)
    listeners.append(news)
    try:
        yield news
    finally:
        listeners.remove(news)


def _value(trace: Trace, findings: tuple[Finding, ...]) -> dict[str, Any]:
    named = {number for finding in findings for number in _numbers(finding)}
    calls = [one for one in trace.exchanges if one.number in named]
    return {
        "verdict": gravest(findings).value,
        "findings": [_finding_value(finding) for finding in findings],
        "calls": [_call_value(one) for one in calls[:_MOST_EVIDENCE]],
        "looked_at": len(trace.exchanges),
        "dropped": trace.dropped,
        "at": trace.taken,
    }


def _numbers(finding: Finding) -> Iterable[int]:
    near = () if finding.near is None else (finding.near.call,)
    return (*finding.evidence[:_MOST_EVIDENCE], *near)


def _finding_value(finding: Finding) -> dict[str, Any]:
    near = finding.near
    return {
        "check": finding.rule,
        "verdict": finding.verdict.value,
        "expected": _words_value(finding.expected),
        "seen": _words_value(finding.seen),
        "call": None if finding.place is None else finding.place.call,
        "evidence": list(finding.evidence[:_MOST_EVIDENCE]),
        "near": None if near is None else {"call": near.call, "words": _words_value(near.words)},
    }


def _words_value(words: Words) -> dict[str, Any]:
    return {"text": str(words), "facts": dict(words.facts)}


def _call_value(exchange: Exchange) -> dict[str, Any]:
    return {
        "number": exchange.number,
        "at": exchange.started,
        "operation": exchange.operation,
        "method": exchange.method,
        "path": exchange.path,
        "status": exchange.heard_status,
        "task": exchange.task,
        "fault": exchange.fault,
    }


ACTIONS = (
    Action(
        "POST",
        "/sessions/{session}/verify",
        "verify",
        "Hold the calls of a session against what is expected of them, and wait for it if asked.",
        _verify,
        "findings",
        body="verification",
        refuses=(NOT_FOUND, CONFLICT),
    ),
)
