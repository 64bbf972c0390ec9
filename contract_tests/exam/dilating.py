"""Letting time pass faster for a command, tried with one story first: not every client heeds it."""

from dataclasses import replace

from contract_tests.clients.command import CommandClient
from contract_tests.clients.dilation import Dilation
from contract_tests.clients.json_lines import JsonLinesClient
from contract_tests.exam.playing import RealPlayer
from contract_tests.exam.venue import Wish
from contract_tests.trace import Trace, gaps
from mock_server import Clock
from mock_server.core.scenario import Scenario


def dilated(
    client: CommandClient | JsonLinesClient, wish: Wish, factor: float, story: Scenario
) -> tuple[Wish, str]:
    """The wish for the rest of the exam, and what a reader has to know of its time.

    The ``story`` is played twice: at the wall's pace, and faster. A client that does not heed that
    is played at the wall's pace. Raises ``ClientError`` where libfaketime is not installed.
    """
    dilation = Dilation.find(factor)
    fast = replace(wish, speed=factor, clock=lambda: Clock(speed=factor, epoch=dilation.now()))
    client.dilation = None
    real = _played(client, wish, story)
    client.dilation = dilation
    complaint = dilation.complaint(_gaps(real), _gaps_if_ended(_played(client, fast, story)))
    if complaint is None:
        return fast, f"time ran {factor:g} times as fast for the client"
    client.dilation = None
    return wish, f"played in real time, for the client cannot be dilated: {complaint}"


def _played(client: CommandClient | JsonLinesClient, wish: Wish, story: Scenario) -> Trace:
    with RealPlayer(client, wish, 1) as player:
        return player.play(story)


def _gaps(trace: Trace) -> list[float]:
    return [gap.seconds for gap in gaps(trace.exchanges)]


def _gaps_if_ended(trace: Trace) -> list[float] | None:
    is_ended = all(done.outcome is not None for done in trace.jobs)
    return _gaps(trace) if is_ended else None
