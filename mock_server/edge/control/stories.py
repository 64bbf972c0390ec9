"""The story of a session: look at it, and swap it for another while it runs."""

from dataclasses import replace
from typing import Any

from starlette.concurrency import run_in_threadpool

from mock_server.core.limits import Limiter
from mock_server.core.memo import Memo
from mock_server.core.scenario import Scenario
from mock_server.core.world import World
from mock_server.edge.control.action import JSON, NOT_FOUND, YAML, Action, Asked
from mock_server.edge.control.refused import Refused, wrong_data
from mock_server.edge.mock import Mock
from mock_server.edge.sessions import Session
from mock_server.loading.data_error import DataError, nearest

# Keys of stories that were swapped for others are masked for as long as they may still be sent.
_MOST_SECRETS = 1_000


async def story(mock: Mock, told: str | dict[str, Any] | None, seed: int | None) -> Scenario:
    """The scenario that a request tells: by name, as a YAML text of several lines, or as a value.

    Without one, the server's own. Raises :class:`Refused`. Stories are read beside the event loop,
    for a long one takes a while.
    """
    if told is None:
        scenario = mock.scenario
    else:
        try:
            scenario = await run_in_threadpool(_read, mock, told)
        except DataError as error:
            raise wrong_data(error) from None
    return scenario if seed is None else replace(scenario, seed=seed)


def _read(mock: Mock, told: str | dict[str, Any]) -> Scenario:
    # Imported here: YAML is not needed until the first story.
    from mock_server.loading.scenarios import read_scenario, scenario_from, scenario_names

    if isinstance(told, dict):
        return mock.limited(scenario_from(told, mock.contract))
    if "\n" in told:
        return mock.limited(read_scenario(told, mock.contract))
    names = scenario_names()
    if told not in names:
        # A path is no name here: a caller must not be able to read files of this machine.
        by_end = {name.rpartition("/")[2]: name for name in names}
        like = by_end.get(told) or nearest(told[:200], names)
        hint = "" if like is None else f" (did you mean {like!r}?)"
        raise Refused(
            400,
            f"$.scenario: there is no scenario {told[:200]!r}{hint}",
            path="$.scenario",
            expected="the name of a scenario, a YAML text of several lines, or an object",
            seen=repr(told[:200]),
            nearest=like,
        )
    return mock.load_scenario(told)


def play(mock: Mock, session: Session, scenario: Scenario) -> tuple[str, ...]:
    """Go on with another story; tasks, ledger and journal stay as they are.

    Returns what was planned and has not struck (``submit: 429``): it is superseded.
    """
    world = session.world
    superseded = supersede(world)
    if scenario.limits != world.scenario.limits:
        world.limiter = Limiter(scenario.limits)
    keyring = mock.keyring(session.keys)
    world.keyring = replace(keyring, states={**keyring.states, **scenario.keys})
    world.secrets = tuple(dict.fromkeys((*world.keyring.secrets, *world.secrets)))[:_MOST_SECRETS]
    # Whose credentials are valid was remembered for the keys that there were.
    world.memo = Memo()
    session.scenario = world.scenario = scenario
    world.plan = scenario.plan
    return superseded


def supersede(world: World) -> tuple[str, ...]:
    """Note that what is planned and has not struck never will; the caller changes the plan."""
    unspent = world.plan.unspent
    world.superseded = (*world.superseded, *unspent)[-world.bounds.fired :]
    return unspent


def scenario_value(scenario: Scenario) -> dict[str, Any]:
    """What is told of a scenario."""
    return {
        "name": scenario.name,
        "title": scenario.title,
        "why": scenario.why,
        "seed": scenario.seed,
        "profile": scenario.profile,
        "expect": list(scenario.expect),
    }


def _get(asked: Asked) -> dict[str, Any]:
    return scenario_value(asked.world.scenario)


async def _put(asked: Asked) -> dict[str, Any]:
    name = asked.session.name
    scenario = await story(asked.mock, asked.body["scenario"], asked.body.get("seed"))
    # Looked up again: reading the story took a while.
    session = asked.session
    superseded = play(asked.mock, session, scenario)
    return {"session": name, "scenario": scenario_value(scenario), "superseded": list(superseded)}


def _list(asked: Asked) -> dict[str, Any]:
    from mock_server.loading.scenarios import scenario_names

    return {"scenarios": list(scenario_names())}


ACTIONS = (
    Action(
        "GET",
        "/scenarios",
        "list_scenarios",
        "The names of the scenarios that there are.",
        _list,
        "scenario_names",
    ),
    Action(
        "GET",
        "/sessions/{session}/scenario",
        "get_scenario",
        "The story of a session.",
        _get,
        "scenario",
        refuses=(NOT_FOUND,),
    ),
    Action(
        "PUT",
        "/sessions/{session}/scenario",
        "put_scenario",
        "Go on with another story: a name, a YAML text or an object. Tasks, ledger and journal"
        " stay; planned faults that have not struck are superseded.",
        _put,
        "scenario_swapped",
        body="scenario_wish",
        takes=(JSON, YAML),
        refuses=(NOT_FOUND,),
    ),
)
