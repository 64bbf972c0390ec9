"""The clock of a session: read it, stop it, move it ahead, change its speed."""

from typing import Any

from mock_server.edge.control.action import CONFLICT, NOT_FOUND, Action, Asked
from mock_server.edge.control.refused import wrong
from mock_server.edge.sessions import Session

# The end of the year 2999: dates far beyond cannot be written in a header field.
_LATEST = 32_503_679_999.0


def clock_value(session: Session) -> dict[str, Any]:
    """What a session's clock shows (epoch seconds) and how fast it runs."""
    clock = session.clock
    return {"now": clock.now(), "speed": clock.speed, "frozen": clock.speed == 0}


def _get(asked: Asked) -> dict[str, Any]:
    return clock_value(asked.session)


def _freeze(asked: Asked) -> dict[str, Any]:
    session = asked.session
    session.clock.run(0)
    return clock_value(session)


def _speed(asked: Asked) -> dict[str, Any]:
    session = asked.session
    session.clock.run(float(asked.body["speed"]))
    return clock_value(session)


def _advance(asked: Asked) -> dict[str, Any]:
    session = asked.session
    seconds = float(asked.body["seconds"])
    return _moved(session, "$.seconds", session.clock.now() + seconds)


def _set(asked: Asked) -> dict[str, Any]:
    return _moved(asked.session, "$.time", float(asked.body["time"]))


def _moved(session: Session, path: str, epoch: float) -> dict[str, Any]:
    if epoch > _LATEST:
        raise wrong(path, f"no time after {_LATEST:.0f}", f"{epoch:.3f}", status=CONFLICT)
    now = session.clock.now()
    if epoch < now:
        expected = f"a time from {now:.3f} on, for time never runs backwards"
        raise wrong(path, expected, f"{epoch:.3f}", status=CONFLICT)
    try:
        session.clock.set(epoch)
    except ValueError as error:
        raise wrong(path, "a time within ten years", str(error), status=CONFLICT) from None
    return clock_value(session)


def _action(path: str, name: str, summary: str, handle: Any, body: str | None) -> Action:
    place = f"/sessions/{{session}}/clock/{path}"
    refuses = (NOT_FOUND, CONFLICT)
    return Action("POST", place, name, summary, handle, "clock", body=body, refuses=refuses)


ACTIONS = (
    Action(
        "GET",
        "/sessions/{session}/clock",
        "get_clock",
        "The clock of a session.",
        _get,
        "clock",
        refuses=(NOT_FOUND,),
    ),
    _action("freeze", "freeze_clock", "Stop the clock.", _freeze, None),
    _action("advance", "advance_clock", "Move the clock ahead.", _advance, "clock_advance"),
    _action("set", "set_clock", "Set the clock to a later time.", _set, "clock_set"),
    _action("speed", "run_clock", "Let the clock run at this speed.", _speed, "clock_speed"),
)
