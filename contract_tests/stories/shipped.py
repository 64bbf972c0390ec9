"""The stories that come with the server, as far as they can be told to any client."""

from collections.abc import Iterator

from contract_tests.stories.telling import Told
from mock_server.core.contract import Contract
from mock_server.core.scenario import Scenario
from mock_server.loading.data_error import DataError
from mock_server.loading.folders import scenarios_folder
from mock_server.loading.scenarios import load_scenario, scenario_names

# What every client of images calls.
_CALLED = {"submit", "status", "result", "any"}


def shipped(contract: Contract) -> Iterator[Told]:
    """Those that fit the profile and need nothing from outside."""
    folder = scenarios_folder()
    for name in scenario_names(folder):
        try:
            # By its path it is found without a look at all the others.
            story = load_scenario(str(folder / f"{name}.yaml"), contract)
        except DataError:
            # It is about another profile, or names an error that this one does not know.
            continue
        if is_for_exams(story):
            yield Told(story, quick=False)


def is_for_exams(story: Scenario) -> bool:
    """Whether a client meets all of a story by doing its jobs with the session's own key.

    A held task waits for somebody else, and a host's name for a lookup, which no clock can hurry.
    """
    stages = (plan.stage for timeline in story.timelines for plan in timeline.stages)
    texts = [one.text for queue in story.plan.queues.values() for one in queue]
    return (
        {*story.plan.queues, *story.chaos} <= _CALLED
        and not story.keys
        and not any(stage.held for stage in stages)
        and not any("host=localhost" in text for text in texts)
    )
