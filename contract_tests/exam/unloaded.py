"""The second pass for black boxes: times from above are judged where nothing else runs."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from contract_tests.exam.judging import Judged, judge
from contract_tests.exam.playing import FEW, RealPlayer
from contract_tests.finding import Verdict
from contract_tests.rules import Rule, all_rules
from contract_tests.trace import Trace
from mock_server.core.scenario import Scenario

# Behind the name of a story that was played again.
ALONE = ", alone"


def ceilings_alone(traces: Sequence[Trace], player: RealPlayer) -> Iterator[Judged]:
    """What the rules with ceilings say of a story each, played again with few at once."""
    rules = [rule for rule in all_rules() if rule.is_ceiling]
    wanted = {rule.id: _shortest(rule, traces) for rule in rules}
    stories = {one.name: one for one in wanted.values() if one is not None}
    alone = tuple(replace(story, name=f"{name}{ALONE}") for name, story in stories.items())
    for trace in player.play_all(alone, at_once=FEW):
        yield judge(trace, rules)


def _shortest(rule: Rule, traces: Sequence[Trace]) -> Scenario | None:
    """The story that shows the rule in the least time."""
    showing = (one for one in traces if _shows(rule, one))
    shortest = min(showing, key=lambda trace: trace.calls.taken - _start(trace), default=None)
    return None if shortest is None else shortest.scenario


def _shows(rule: Rule, trace: Trace) -> bool:
    alone = replace(trace, timing=replace(trace.timing, unloaded=True))
    return rule.check(alone).verdict in (Verdict.PASSED, Verdict.ADVICE, Verdict.FAILED)


def _start(trace: Trace) -> float:
    return min((done.started for done in trace.jobs), default=trace.calls.taken)
