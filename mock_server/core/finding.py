"""What a rule or a check found: values with a place, what was expected and what was seen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum


class Verdict(Enum):
    """How a judgement ended; only ``passed`` is green.

    ``advice``: something that should be kept was not. ``not_exercised``: nothing happened that
    could have shown it. ``inconclusive``: too little is known of what happened.
    ``not_applicable``: the client has no such feature.
    """

    PASSED = "passed"
    FAILED = "failed"
    ADVICE = "advice"
    NOT_EXERCISED = "not_exercised"
    INCONCLUSIVE = "inconclusive"
    NOT_APPLICABLE = "not_applicable"


# The first that occurs decides about all together.
_GRAVEST_FIRST = (
    Verdict.FAILED,
    Verdict.INCONCLUSIVE,
    Verdict.NOT_EXERCISED,
    Verdict.ADVICE,
    Verdict.PASSED,
    Verdict.NOT_APPLICABLE,
)


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence whose numbers and names stay values, so that each report can render them its way.

    ``template`` is a format string with named fields, ``facts`` their values.
    """

    template: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        """The sentence in plain text."""
        return self.template.format(**self.facts)


@dataclass(frozen=True, slots=True)
class Place:
    """Where: the number of a call, a JSON path within it, or both."""

    call: int | None = None
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Near:
    """The nearest miss: the call that came closest, and what it lacked or by how much."""

    call: int
    words: Words


@dataclass(frozen=True, slots=True)
class Finding:
    """One judgement: ``rule`` is the id of the rule or check.

    ``place`` is the first place that decided, ``evidence`` the numbers of all calls that did.
    """

    rule: str
    verdict: Verdict
    expected: Words
    seen: Words
    place: Place | None = None
    evidence: tuple[int, ...] = ()
    near: Near | None = None


def gravest(findings: Iterable[Finding]) -> Verdict:
    """The verdict on all findings together; ``not_exercised`` where there are none."""
    verdicts = {finding.verdict for finding in findings}
    found = (verdict for verdict in _GRAVEST_FIRST if verdict in verdicts)
    return next(found, Verdict.NOT_EXERCISED)
