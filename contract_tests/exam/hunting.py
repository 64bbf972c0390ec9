"""Letting Hypothesis look for stories that break what the listed ones have not broken."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from contract_tests.clients.client import Escaped
from contract_tests.exam.judging import Judged, broken_in, judge
from contract_tests.stories.searching import search
from contract_tests.stories.telling import DRAWN
from contract_tests.trace import Trace
from mock_server.core.contract import Contract
from mock_server.core.scenario import Scenario


@dataclass(slots=True)
class Hunt:
    """A search over many stories, each of which counts as played.

    ``play`` plays one, ``hear`` is told what it showed, and ``lose`` which ones the client left
    virtual time in. ``seed`` decides which are drawn, and stands in their names. ``known`` are the
    rules that are known to be broken: nobody has to look for those.
    """

    contract: Contract
    play: Callable[[Scenario], Trace]
    hear: Callable[[Judged], None]
    lose: Callable[[Scenario, str], None]
    seed: int
    known: set[str] = field(default_factory=set)
    _heard: int = 0

    def run(self, most: int) -> None:
        """Play so many stories, and of those that break another rule a smaller one as well."""
        while self._heard < most and self._finds_one(most - self._heard):
            pass

    def _finds_one(self, most: int) -> bool:
        """Whether a rule broke that was not known to be broken: it is known from then on."""
        aim: set[str] = set()

        def breaks(story: Scenario) -> bool:
            if aim:
                judged = self._played(story)
                return judged is not None and not aim.isdisjoint(broken_in(judged.found))
            aim.update(self._told(story) - self.known)
            return bool(aim)

        number = self.seed + self._heard
        smallest = search(self.contract, breaks, examples=most, number=number)
        if smallest is None:
            return False
        self.known |= aim | self._told(smallest)
        return True

    def _told(self, story: Scenario) -> set[str]:
        """Play a story and let it be heard; the rules that it breaks."""
        judged = self._played(story, self.lose)
        self._heard += 1
        if judged is None:
            return set()
        self.hear(judged)
        return broken_in(judged.found)

    def _played(
        self, story: Scenario, lose: Callable[[Scenario, str], None] = lambda story, why: None
    ) -> Judged | None:
        """What a story shows; None where its time could not be made virtual."""
        named = replace(story, name=f"{DRAWN}{self.seed}-{self._heard}")
        try:
            return judge(self.play(named))
        except Escaped as escape:
            lose(named, str(escape))
            return None
