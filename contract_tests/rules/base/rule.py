"""What every rule is: what it demands, why, how to mend what breaks it, and how it judges."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from enum import Enum
from functools import cached_property
from typing import ClassVar

from contract_tests.finding import Finding, Judgement, Near, Verdict, Violation, Words
from contract_tests.trace import Ability, Trace


class Grade(Enum):
    """How much a rule demands: a broken MUST fails, a broken SHOULD or MAY is advice."""

    MUST = "MUST"
    SHOULD = "SHOULD"
    MAY = "MAY"


class Origin(Enum):
    """Where a rule comes from: the API's documents, an RFC, or the kit's care for safety."""

    DOCUMENTED = "documented"
    RFC = "RFC"
    SAFETY = "safety"


class Rule(ABC):
    """One rule for clients.

    ``id`` is short words with dashes, ``number`` its place in the catalogue (``BOF-01``). ``title``
    is the demand in one sentence, ``why`` what happens to those who break it, ``source`` where it
    is from, ``mend`` two lines on how to mend a client. ``needs`` are abilities without which it is
    not applicable. ``is_ceiling`` says that it judges times from above, for which black boxes must
    run alone.
    """

    id: ClassVar[str]
    number: ClassVar[str]
    title: ClassVar[str]
    grade: ClassVar[Grade]
    origin: ClassVar[Origin]
    why: ClassVar[str]
    source: ClassVar[str]
    mend: ClassVar[tuple[str, str]]
    needs: ClassVar[frozenset[Ability]] = frozenset()
    is_ceiling: ClassVar[bool] = False

    @abstractmethod
    def judge(self, trace: Trace) -> Finding:
        """What a trace of a client that has all the abilities says of it."""

    @property
    @abstractmethod
    def innocent(self) -> Trace:
        """A short trace that keeps it: the verdict on this one is ``passed``."""

    @property
    @abstractmethod
    def guilty(self) -> Trace:
        """A short trace that breaks it."""

    def check(self, trace: Trace) -> Finding:
        """What a trace says of the rule: one finding, with all the evidence."""
        lacking = self.needs - trace.abilities
        if lacking:
            names = ", ".join(sorted(ability.value for ability in lacking))
            return self.verdict(
                Verdict.NOT_APPLICABLE, Words("the client: no {names}", {"names": names})
            )
        if self.is_ceiling and not (trace.timing.virtual or trace.timing.unloaded):
            return self.verdict(Verdict.INCONCLUSIVE, Words("other clients ran at the same time"))
        return self.judge(trace)

    def verdict(self, verdict: Verdict, seen: Words) -> Finding:
        """A finding without a violation: nothing to judge, or not enough known."""
        return Finding(self.id, verdict, self.expected, seen)

    @property
    def expected(self) -> Words:
        """What is demanded, as findings have it."""
        return Words("{title}", {"title": self.title})

    def judged(
        self,
        trace: Trace,
        *,
        chances: int,
        idle: str,
        violations: Sequence[Violation] = (),
        near: Near | None = None,
        expected: Words | None = None,
        needs_all: bool = False,
        pending: Words | None = None,
    ) -> Finding:
        """The finding that follows: of a MUST ``failed``, of the others ``advice``.

        ``chances`` is how often the rule could have been broken; where that is 0, ``idle`` says
        what was missing. ``needs_all``: a violation means nothing where calls were dropped.
        ``pending`` says what leaves it open whether the rule would have been kept.
        """
        is_plain = not (violations or near or expected or pending or trace.calls.dropped)
        told = chances or idle
        if is_plain and told in self._plain:
            return self._plain[told]
        judgement = Judgement(
            rule=self.id,
            expected=expected or self.expected,
            idle=Words(idle),
            chances=chances,
            violations=[self.graded(one) for one in violations],
            near=near,
            needs_all=needs_all,
            pending=pending,
        )
        finding = judgement.finding(trace.calls)
        if is_plain:
            self._plain[told] = finding
        return finding

    @cached_property
    def _plain(self) -> dict[int | str, Finding]:
        """The findings that tell only how often the rule was kept, or why it was not exercised.

        So it is with most rules in most stories.
        """
        return {}

    def graded(self, violation: Violation) -> Violation:
        """The violation as the rule's grade has it; advice stays advice."""
        is_advice = violation.is_advice or self.grade is not Grade.MUST
        return replace(violation, is_advice=is_advice)

    def adopted(self, finding: Finding) -> Finding:
        """A finding of one of the core's checks as this rule's own, graded as this rule is."""
        is_lower = finding.verdict is Verdict.FAILED and self.grade is not Grade.MUST
        verdict = Verdict.ADVICE if is_lower else finding.verdict
        return replace(finding, rule=self.id, verdict=verdict)
