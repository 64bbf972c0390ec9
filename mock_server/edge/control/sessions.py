"""Sessions: create, look at, reset and delete them."""

from typing import Any

from mock_server.core.masking import mask
from mock_server.edge.control.action import CONFLICT, NOT_FOUND, Action, Asked, origin_of
from mock_server.edge.control.clock import clock_value
from mock_server.edge.control.refused import Refused, wrong
from mock_server.edge.control.stories import scenario_value, story
from mock_server.edge.mock import SessionError
from mock_server.edge.sessions import PREFIX, Session

_TTL = 3600.0


async def _create(asked: Asked) -> dict[str, Any]:
    wish = asked.body
    speed = wish.get("speed")
    if wish.get("frozen"):
        if speed is not None:
            raise wrong("$.frozen", "no speed for a clock that stands still", f"speed {speed:g}")
        speed = 0.0
    scenario = await story(asked.mock, wish.get("scenario"), wish.get("seed"))
    ttl = wish.get("ttl", _TTL)
    try:
        session = asked.mock.create_session(
            wish.get("name"),
            scenario,
            speed=speed,
            keys=tuple(wish.get("keys", ())),
            ttl=None if ttl is None else float(ttl),
            port=wish.get("port", False),
        )
    except SessionError as error:
        raise _conflict(error) from None
    return {**_value(asked, session), "api_key": session.keys[0]}


def _conflict(error: SessionError) -> Refused:
    return wrong(error.path, error.expected, error.seen, status=CONFLICT)


def _list(asked: Asked) -> dict[str, Any]:
    after, limit = asked.query["offset"], asked.query["limit"]
    sessions = list(asked.mock.sessions)
    page = sessions[after : after + limit]
    return {"sessions": [_value(asked, session) for session in page], "total": len(sessions)}


def _get(asked: Asked) -> dict[str, Any]:
    return _value(asked, asked.session)


def _reset(asked: Asked) -> dict[str, Any]:
    session = asked.mock.reset_session(asked.session)
    asked.streams.restarted(session)
    return _value(asked, session)


def _delete(asked: Asked) -> dict[str, Any]:
    session = asked.session
    try:
        asked.mock.delete_session(session)
    except SessionError as error:
        raise _conflict(error) from None
    asked.streams.ended(session.name)
    return {"deleted": session.name}


def _value(asked: Asked, session: Session) -> dict[str, Any]:
    now = asked.mock.clock.now()
    world = None if session.is_untouched else session.world
    scope, port = asked.request.scope, session.port
    is_default = session is asked.mock.sessions.default
    url = origin_of(scope) + ("" if is_default else PREFIX + session.name)
    return {
        "name": session.name,
        "url": url,
        "base_url": f"{url}/v1",
        "port": port,
        "port_url": None if port is None else origin_of(scope, port),
        "keys": [mask(key) for key in session.keys],
        "scenario": scenario_value(session.scenario),
        "clock": clock_value(session),
        "ttl": session.ttl,
        "expires_in": None if session.expires is None else max(0.0, session.expires - now),
        "calls": world.calls if world else 0,
        "tasks": len(world.tasks) if world else 0,
        "uploads": len(world.uploads) if world else 0,
    }


ACTIONS = (
    Action(
        "GET",
        "/sessions",
        "list_sessions",
        "All sessions.",
        _list,
        "sessions",
        query="sessions_query",
    ),
    Action(
        "POST",
        "/sessions",
        "create_session",
        "Create a session.",
        _create,
        "session_created",
        body="session_wish",
        status=201,
        refuses=(CONFLICT,),
    ),
    Action(
        "GET",
        "/sessions/{session}",
        "get_session",
        "One session.",
        _get,
        "session",
        refuses=(NOT_FOUND,),
    ),
    Action(
        "POST",
        "/sessions/{session}/reset",
        "reset_session",
        "Begin a session anew: a new world with the same story, keys and addresses.",
        _reset,
        "session",
        refuses=(NOT_FOUND,),
    ),
    Action(
        "DELETE",
        "/sessions/{session}",
        "delete_session",
        "Delete a session.",
        _delete,
        "deleted",
        refuses=(NOT_FOUND, CONFLICT),
    ),
)
