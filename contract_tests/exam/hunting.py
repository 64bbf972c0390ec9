"""Letting Hypothesis look for stories that break what the listed ones have not broken."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from contract_tests.clients.client import Escaped
from contract_tests.exam.judging import Judged, broken_in, judge
from contract_tests.stories.searching import search
from contract_tests.trace import Trace
from mock_server.core.contract import Contract
from mock_server.core.scenario import Scenario


@dataclass(slots=True)
class Hunt:
    """A search over many stories, each of which counts as played.

    ``play`` plays one and ``hear`` is told what it showed. ``seed`` decides which are drawn, and
    stands in their names. In the folder ``database`` Hypothesis keeps the stories that broke a
    rule, and tries them first the next time. ``known`` are the rules that are known to be broken:
    nobody has to look for those.
    """

    contract: Contract
    play: Callable[[Scenario], Trace]
    hear: Callable[[Judged], None]
    seed: int
    database: Path
    known: set[str] = field(default_factory=set)
    _heard: int = 0

    def run(self, most: int) -> None:
        """Play about so many stories; of each rule that breaks on the way, the smallest as well."""
        while self._heard < most and self._finds_one(most - self._heard):
            pass

    def _finds_one(self, most: int) -> bool:
        """Whether a rule broke that was not known to be broken: it is known from then on."""
        aim: set[str] = set()

        def breaks(story: Scenario) -> bool:
            judged = self._played(story)
            broken = (broken_in(judged) if judged else set()) - self.known
            if aim:
                return bool(broken & aim)
            self._told(judged)
            aim.update(broken)
            return bool(broken)

        number = self.seed + self._heard
        smallest = search(
            self.contract,
            breaks,
            examples=most,
            number=number,
            database=self.database,
            # Later on what is kept seems to break nothing, since its rule is known by then.
            reuse=self._heard == 0,
        )
        if smallest is None:
            return False
        self._told(self._played(smallest))
        self.known |= aim
        return True

    def _played(self, story: Scenario) -> Judged | None:
        """What a story shows; None where its time could not be made virtual."""
        try:
            return judge(self.play(replace(story, name=f"drawn/{self.seed}-{self._heard}")))
        except Escaped:
            return None

    def _told(self, judged: Judged | None) -> None:
        self._heard += 1
        if judged is not None:
            self.hear(judged)
