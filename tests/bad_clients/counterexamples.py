"""The smallest stories that still show what is wrong with the wrong clients."""

from pathlib import Path

from contract_tests.exam.counterexamples import counterexample
from contract_tests.exam.judging import BROKEN, judge, rulings
from contract_tests.exam.playing import VirtualPlayer
from contract_tests.exam.venue import Wish
from contract_tests.examination import Counterexample
from tests.bad_clients.bad_client import BadClient
from tests.bad_clients.playing import showing


def smallest(bad: BadClient, folder: Path) -> Counterexample:
    """The counterexample that an exam gives of the rule that a client in Python breaks."""
    with VirtualPlayer(bad.make(folder), Wish(folder=folder)) as player:
        judged = [judge(player.play(story)) for story in showing(bad)]
        ruling = next(one for one in rulings(judged) if one.statement.id == bad.rule)
        assert ruling.verdict in BROKEN, (bad.name, ruling.verdict)
        story = next(one.trace.scenario for one in judged if one.name == ruling.deciding)
        return counterexample(ruling, story, player.play, lambda story: story)
