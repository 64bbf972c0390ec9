"""The smallest story that still breaks a rule, as a file that replays it."""

from collections.abc import Callable
from dataclasses import replace

from contract_tests.clients.client import Escaped
from contract_tests.exam.judging import breaks
from contract_tests.examination import Counterexample, Ruling
from contract_tests.rules import Rule, rule_named
from contract_tests.stories.shrinking import shrink
from contract_tests.stories.weight import count_faults
from contract_tests.trace import Trace
from mock_server.core.scenario import Scenario
from mock_server.loading.scenarios import write_scenario


def counterexample(
    ruling: Ruling,
    story: Scenario,
    play: Callable[[Scenario], Trace] | None,
    replay: Callable[[str], str],
) -> Counterexample:
    """The ``story`` that decided a ruling, made as small as it can be by playing smaller ones.

    Without ``play`` it stays as it is.
    """
    rule = rule_named(ruling.statement.id)
    if play is not None:
        story = _named(shrink(story, lambda smaller: _still_breaks(rule, smaller, play)), rule)
    name = f"found/{rule.id}"
    return Counterexample(
        rule=rule.id,
        story=story.name,
        faults=count_faults(story),
        files={f"{name}.yaml": write_scenario(replace(story, expect=(rule.id,)))},
        replay=replay(f"scenarios/{name}.yaml"),
    )


def _still_breaks(rule: Rule, story: Scenario, play: Callable[[Scenario], Trace]) -> bool:
    try:
        return breaks(rule, play(story))
    except Escaped:
        return False


def _named(story: Scenario, rule: Rule) -> Scenario:
    return replace(story, title=f"Found: {rule.id} is broken")
