"""What every check is, and how a finding follows from what it counted."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Self

from mock_server.core.finding import Finding, Near, Place, Verdict, Words
from mock_server.core.trace import Trace


class ExpectationError(ValueError):
    """An expectation that cannot be held against anything: where, what was expected and seen."""

    def __init__(self, place: str, expected: str, seen: str) -> None:
        super().__init__(f"{place}: expected {expected}, seen {seen}")
        self.place = place
        self.expected = expected
        self.seen = seen


class Check(ABC):
    """One expectation of a run: its fields are the parameters, with their names in the documents.

    A number that is None comes from the profile.
    """

    id: ClassVar[str]

    @classmethod
    def words(cls) -> tuple[str, ...]:
        """The names of its parameters in a document."""
        described: Any = cls
        return tuple(one.name for one in fields(described))

    @classmethod
    def read(cls, options: Mapping[str, Any]) -> Self:
        """The check with these parameters, as a document has them."""
        tupled = {k: tuple(v) if isinstance(v, list) else v for k, v in options.items()}
        return cls(**tupled)

    @abstractmethod
    def judge(self, trace: Trace) -> Finding:
        """What the trace says of it."""

    def is_settled(self, finding: Finding) -> bool:
        """Whether neither more calls nor more time can mend what was found."""
        return finding.verdict is Verdict.FAILED


@dataclass(frozen=True, slots=True)
class Violation:
    """One place at which a check was not kept; the last of ``calls`` is the one that broke it.

    There may be none: a client can break a rule without calling anyone.
    """

    calls: tuple[int, ...]
    seen: Words
    is_advice: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a check counted in a trace.

    ``chances`` is how often it could have been broken, and ``idle`` says what was missing where
    that is 0. ``needs_all`` says that a violation means nothing if calls were dropped. ``pending``
    says what is still to be waited for before it has passed.
    """

    rule: str
    expected: Words
    idle: Words
    chances: int
    violations: Sequence[Violation] = ()
    near: Near | None = None
    pending: Words | None = None
    needs_all: bool = False

    def finding(self, trace: Trace) -> Finding:
        """The finding: what is seen outweighs what is not known, and that outweighs a pass."""
        if self.violations and not (self.needs_all and trace.dropped):
            return self._broken()
        if trace.dropped:
            return self._end(Verdict.INCONCLUSIVE, dropped_words(trace))
        if not self.chances:
            return self._end(Verdict.NOT_EXERCISED, self.idle)
        if self.pending is not None:
            return self._end(Verdict.INCONCLUSIVE, self.pending)
        seen = Words("kept, {chances} of {chances} times", {"chances": self.chances})
        return self._end(Verdict.PASSED, seen, self.near)

    def _end(self, verdict: Verdict, seen: Words, near: Near | None = None) -> Finding:
        evidence = () if near is None else (near.call,)
        return Finding(self.rule, verdict, self.expected, seen, evidence=evidence, near=near)

    def _broken(self) -> Finding:
        failures = [one for one in self.violations if not one.is_advice]
        counted = failures or self.violations
        first, more = counted[0], len(counted) - 1
        seen = first.seen
        if more:
            seen = Words(f"{seen.template}, and {{more}} more", {**seen.facts, "more": more})
        return Finding(
            self.rule,
            Verdict.FAILED if failures else Verdict.ADVICE,
            self.expected,
            seen,
            Place(first.calls[-1]) if first.calls else None,
            in_order(call for one in counted for call in one.calls),
        )


def dropped_words(trace: Trace) -> Words:
    """The reason that leaves open what the calls that are gone would have shown."""
    return Words("{dropped} earlier calls are no longer in the journal", {"dropped": trace.dropped})


def in_order(calls: Iterable[int]) -> tuple[int, ...]:
    """The numbers of calls, each once, rising."""
    return tuple(sorted(set(calls)))
