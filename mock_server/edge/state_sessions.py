"""A session without its world as plain data and back: how it is reached, and its clock."""

from collections.abc import Mapping
from typing import Any

from mock_server.core.scenario import Scenario
from mock_server.edge.clocks import Clock
from mock_server.edge.mock import Mock
from mock_server.edge.sessions import Session

# The end of the year 2999. A fast clock runs on while the server is down, but not beyond: dates
# far behind that cannot be written in a header field.
_LATEST = 32_503_679_999.0


def session_value(session: Session, rank: int, now: float) -> dict[str, Any]:
    """What of a session changes only from outside; keys are in clear.

    ``rank`` tells the order in which sessions began, ``now`` is the time of the server's own clock.
    """
    clock = session.clock
    return {
        "rank": rank,
        "keys": list(session.keys),
        "port": session.port,
        "speed": session.speed,
        "ttl": session.ttl,
        "clock": {"shown": clock.now(), "at": now, "speed": clock.speed},
    }


def pulse_value(session: Session) -> list[float]:
    """What of a session changes with every call."""
    return [session.started, session.used]


def made_session(
    mock: Mock,
    name: str,
    value: Mapping[str, Any],
    pulse: list[float],
    scenario: Scenario,
    keys: tuple[str, ...],
) -> Session:
    """The session of which these values tell, without its world; the server does not know it yet.

    It keeps its port only if the server has that one to give.
    """
    session = mock.make_session(name, scenario, keys)
    started, used = pulse
    session.clock = _clock(value["clock"], mock.clock.now(), used)
    session.speed, session.ttl = float(value["speed"]), value["ttl"]
    session.started, session.used = int(started), float(used)
    if value["port"] in mock.free_ports:
        session.port = value["port"]
        mock.free_ports.remove(value["port"])
    return session


def _clock(value: Mapping[str, float], now: float, used: float) -> Clock:
    """The session's clock: it ran on while the server was down, and never runs backwards."""
    shown, speed = value["shown"], value["speed"]
    ran = shown + max(0.0, now - value["at"]) * speed
    return Clock(speed, max(shown, used, min(ran, _LATEST)))
