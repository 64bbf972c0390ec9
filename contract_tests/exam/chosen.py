"""Stories that are asked for by name: shipped ones, generated ones, and files."""

from collections.abc import Iterable
from pathlib import Path

from contract_tests.stories.levels import Level, stories
from mock_server.core.contract import Contract
from mock_server.core.scenario import Scenario
from mock_server.loading.data_error import DataError, Fault, nearest
from mock_server.loading.scenarios import load_scenario, scenario_names


def chosen_stories(names: Iterable[str | Scenario], contract: Contract) -> tuple[Scenario, ...]:
    """The stories of these names, in their order.

    A name is a file's path, that of a scenario which comes with the server, or that of a story
    which an exam has generated. Raises :class:`DataError` for an unknown one.
    """
    generated: dict[str, Scenario] = {}
    found = []
    for name in names:
        if isinstance(name, Scenario):
            found.append(name)
        elif Path(name).is_file() or name in scenario_names():
            found.append(load_scenario(name, contract))
        else:
            generated = generated or _generated(contract)
            found.append(_named(name, generated))
    return tuple(found)


def _generated(contract: Contract) -> dict[str, Scenario]:
    return {story.name: story for story in stories(contract, Level.DEFAULT)}


def _named(name: str, generated: dict[str, Scenario]) -> Scenario:
    if name not in generated:
        like = nearest(name, (*generated, *scenario_names()))
        expected = "the name of a story, or a file"
        raise DataError("--story", [Fault("$", expected, repr(name), like)])
    return generated[name]
