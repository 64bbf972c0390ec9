"""Reading a state file: what it was begun with, and the sessions that come back from it."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from mock_server.core.fault import Fault
from mock_server.core.snapshot import COUNTED, ONLY, Kind, Row, rows
from mock_server.core.snapshot_reading import BadRowError, restored
from mock_server.core.snapshot_story import read_story, story_value
from mock_server.core.world import World
from mock_server.edge.mock import Mock
from mock_server.edge.sessions import DEFAULT, Session
from mock_server.edge.state_file import Key, StateFile, wrong
from mock_server.edge.state_sessions import made_session

# Beside the tables of a world's rows: what a server was begun with (of no session), what of a
# session changes from outside, and what changes with every call.
ABOUT, SESSION, PULSE = "about", "session", "pulse"
TABLES = (ABOUT, SESSION, PULSE, *(kind.value for kind in Kind))
NOBODY = ""
OPTIONS, NAMED = "options", "named"
_Values = Mapping[str, Mapping[Key, Any]]


class Found(NamedTuple):
    """A session that comes back; ``rewritten`` are rows of it that are not as in the file."""

    session: Session
    rank: int
    rewritten: tuple[Row, ...]


def options_value(mock: Mock) -> dict[str, Any]:
    """What a server was begun with, as far as sessions that come back depend on it."""
    settings = mock.settings
    return {
        "profile": mock.contract.name,
        "speed": settings.speed,
        "any-key": settings.any_key,
        "limits": settings.limits,
        "webhook": settings.webhook,
        # The last, for some of the others change it.
        "scenario": story_value(mock.scenario),
    }


def read_named(file: StateFile, mock: Mock) -> int | None:
    """How many sessions the server has given names, None for a file in which nothing is yet.

    Raises ``DataError`` where the file was begun with other options than this server.
    """
    about = _decoded(file, NOBODY)[ABOUT]
    if not about:
        return None
    try:
        before, named = about[OPTIONS], int(about[NAMED])
        for name, seen in json.loads(json.dumps(options_value(mock))).items():
            if before[name] != seen:
                expected = f"{_shown(before[name])}, with which this state was begun"
                raise wrong(file.path, f"--{name}", expected, _seen(before[name], seen))
    except (LookupError, TypeError) as error:
        raise wrong(file.path, ABOUT, "the options of a server", repr(error)) from None
    return named


def _shown(option: Any) -> str:
    if isinstance(option, Mapping):
        return f"the story {option['name']!r}"
    if option is None or isinstance(option, bool):
        return "on" if option else "off"
    return str(option)


def _seen(before: Any, option: Any) -> str:
    if isinstance(option, Mapping) and option["name"] == before["name"]:
        return "one of that name that has been changed since"
    return _shown(option)


def read_sessions(file: StateFile, mock: Mock) -> list[Found]:
    """All sessions in the order in which they began; raises ``DataError``."""
    found = [_found(file, mock, name) for name in file.sessions(SESSION)]
    return sorted(found, key=lambda one: one.rank)


def _found(file: StateFile, mock: Mock, name: str) -> Found:
    values = _decoded(file, name)
    try:
        return _read(mock, name, values)
    except BadRowError as error:
        place = f"session {name!r}, {error.kind.value} {error.key!r}"
        raise wrong(file.path, place, "a row as this server writes it", error.reason) from error
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        seen = f"{type(error).__name__}: {error}"
        expected = "rows as this server writes them"
        raise wrong(file.path, f"session {name!r}", expected, seen) from error


def _decoded(file: StateFile, session: str) -> _Values:
    found: dict[str, dict[Key, Any]] = {}
    for table, texts in file.read(session).items():
        found[table] = {}
        for key, text in texts.items():
            try:
                found[table][key] = json.loads(text)
            except (ValueError, TypeError) as error:
                place = f"session {session!r}, {table} {key!r}"
                raise wrong(file.path, place, "a JSON text", str(error)) from None
    return found


def _read(mock: Mock, name: str, values: _Values) -> Found:
    value = values[SESSION][ONLY]
    keys = tuple(value["keys"])
    if name == DEFAULT:
        # Keys may be added from one start to the next; those that were accepted stay.
        keys = tuple(dict.fromkeys((*keys, *mock.settings.api_keys)))
    scenario = read_story(values[Kind.STORY.value][ONLY], _read_fault)
    session = made_session(mock, name, value, values[PULSE][ONLY], scenario, keys)
    if not values[Kind.COUNTS.value]:
        return Found(session, value["rank"], ())
    session.world = world = _world(mock, name, values, keys)
    return Found(session, value["rank"], _rewritten(world, values))


def _world(mock: Mock, name: str, values: _Values, keys: tuple[str, ...]) -> World:
    by_kind = {kind: values[kind.value] for kind in Kind}
    world = restored(by_kind, name, mock.contract, mock.settings.bounds, _read_fault)
    states = {**dict.fromkeys(keys, "valid"), **world.keyring.states}
    world.keyring = replace(world.keyring, states=states)
    world.secrets = tuple(dict.fromkeys((*world.secrets, *keys)))
    return world


def _rewritten(world: World, values: _Values) -> tuple[Row, ...]:
    """The keys, which may be more by now, and all that is counted from 1 again."""
    before = (Row(kind, key, None) for kind in COUNTED for key in values[kind.value])
    return (*before, *rows(world, (Kind.KEYRING, *COUNTED)))


def _read_fault(text: str) -> Fault:
    # Imported here: most servers never hear of a fault, and all faults are read at once.
    from mock_server.loading.faults import read_fault

    return read_fault(text)
