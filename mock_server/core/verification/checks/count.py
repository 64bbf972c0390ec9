"""The check ``count``: so many calls were made."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from mock_server.core.finding import Finding, Near, Place, Verdict, Words
from mock_server.core.trace import Trace
from mock_server.core.verification.check import Check, ExpectationError, dropped_words
from mock_server.core.verification.selector import Selector, unclear_words

_WITHOUT_END = float("inf")


@dataclass(frozen=True, slots=True)
class Count(Check):
    """At least and at most so many calls (None: any number) are picked by ``calls``.

    Raises :class:`ExpectationError` for bounds that exclude each other.
    """

    id: ClassVar[str] = "count"
    calls: Selector
    at_least: int = 0
    at_most: int | None = None

    def __post_init__(self) -> None:
        if self.at_most is not None and self.at_most < self.at_least:
            seen = f"at least {self.at_least} and at most {self.at_most}"
            raise ExpectationError("count", "bounds that leave a number", seen)

    @classmethod
    def words(cls) -> tuple[str, ...]:
        """The bounds, and what picks the calls."""
        return ("operation", "where", "equals", "at_least", "at_most")

    @classmethod
    def read(cls, options: Mapping[str, Any]) -> Self:
        """The check of a document: ``equals`` is both bounds; without any, at least one call."""
        calls = Selector(options.get("operation"), options.get("where", {}))
        if "equals" in options:
            exact = options["equals"]
            least = max(exact, options.get("at_least", 0))
            return cls(calls, least, min(exact, options.get("at_most", exact)))
        default = 0 if "at_most" in options else 1
        return cls(calls, options.get("at_least", default), options.get("at_most"))

    def judge(self, trace: Trace) -> Finding:
        """The number of calls that were picked, as far as it is known, against the bounds."""
        picked = tuple(one.number for one in trace.exchanges if self.calls.picks(one))
        unclear = sum(self.calls.may_pick(one) for one in trace.exchanges)
        most = _WITHOUT_END if self.at_most is None else self.at_most
        fewest = len(picked)
        highest = _WITHOUT_END if trace.dropped else fewest + unclear
        if fewest > most:
            return self._finding(Verdict.FAILED, picked, place=Place(picked[int(most)]))
        if highest < self.at_least:
            near = self.calls.nearest(trace.exchanges)
            return self._finding(Verdict.FAILED, picked, near=near)
        if fewest >= self.at_least and highest <= most:
            return self._finding(Verdict.PASSED, picked)
        seen = dropped_words(trace) if trace.dropped else unclear_words(unclear)
        return self._finding(Verdict.INCONCLUSIVE, picked, seen=seen)

    def is_settled(self, finding: Finding) -> bool:
        """Too many calls cannot become fewer."""
        return finding.verdict is Verdict.FAILED and finding.place is not None

    def _finding(
        self,
        verdict: Verdict,
        picked: tuple[int, ...],
        *,
        seen: Words | None = None,
        place: Place | None = None,
        near: Near | None = None,
    ) -> Finding:
        expected = Words(f"{{calls}}: {self._bounds()}", self._facts())
        counted = seen or Words("{count}", {"count": len(picked)})
        return Finding(self.id, verdict, expected, counted, place, picked, near)

    def _bounds(self) -> str:
        if self.at_most is None:
            return "at least {at_least}"
        if self.at_most == self.at_least:
            return "exactly {at_least}"
        return "at most {at_most}" if not self.at_least else "from {at_least} to {at_most}"

    def _facts(self) -> dict[str, object]:
        return {"calls": str(self.calls), "at_least": self.at_least, "at_most": self.at_most}
