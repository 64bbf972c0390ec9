"""From the traces of all stories to the verdict on each rule."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from contract_tests.examination import Counterexample, Ruling, Statement
from contract_tests.finding import Finding, Verdict, Words
from contract_tests.rules import Rule, all_rules
from contract_tests.rules.base.rule import Grade
from contract_tests.stories.weight import Weight, weight_of
from contract_tests.trace import Trace

BROKEN = (Verdict.FAILED, Verdict.ADVICE)
# Over all stories: what is broken once is broken, what was kept once was not only never shown.
_GRAVEST_FIRST = (
    Verdict.FAILED,
    Verdict.ADVICE,
    Verdict.PASSED,
    Verdict.INCONCLUSIVE,
    Verdict.NOT_EXERCISED,
    Verdict.NOT_APPLICABLE,
)
_GROUPS = {
    "REQ": "Requests",
    "SEC": "Secrets",
    "RET": "Retry decisions",
    "BOF": "Backoff",
    "POL": "Polling",
    "DUP": "Duplicate submission",
    "OUT": "Outcome",
    "CON": "Concurrency and cancellation",
}


class Shown(Protocol):
    """What a ruling is made of: a story's name, what each rule found in it, how large it is."""

    @property
    def name(self) -> str: ...

    @property
    def found(self) -> Mapping[str, Finding]: ...

    @property
    def weight(self) -> Weight: ...


@dataclass(frozen=True, slots=True)
class Judged:
    """One story that was played, its trace, what each rule found in it, and how large it is."""

    trace: Trace
    found: Mapping[str, Finding]
    weight: Weight

    @property
    def name(self) -> str:
        """The name of the story."""
        return self.trace.scenario.name


def judge(trace: Trace, rules: Iterable[Rule] | None = None) -> Judged:
    """What the rules (all of them, if none are named) say of a trace."""
    chosen = all_rules() if rules is None else rules
    found = {rule.id: rule.check(trace) for rule in chosen}
    return Judged(trace, found, weight_of(trace.scenario))


def statement_of(rule: Rule) -> Statement:
    """A rule as reports have it."""
    return Statement(
        id=rule.id,
        number=rule.number,
        title=rule.title,
        grade=rule.grade.value,
        group=_GROUPS[rule.number[:3]],
        why=rule.why,
        source=f"{rule.source} ({rule.origin.value})",
        mend=rule.mend,
    )


def rulings(stories: Sequence[Shown]) -> tuple[Ruling, ...]:
    """The verdict on every rule, decided by the smallest story that shows it."""
    return tuple(_ruling(rule, stories) for rule in all_rules())


def _ruling(rule: Rule, stories: Sequence[Shown]) -> Ruling:
    told = [one for one in stories if rule.id in one.found]
    verdicts = {one.found[rule.id].verdict for one in told}
    verdict = next((one for one in _GRAVEST_FIRST if one in verdicts), Verdict.NOT_EXERCISED)
    deciding = min(
        (one for one in told if one.found[rule.id].verdict is verdict),
        key=lambda one: one.weight,
        default=None,
    )
    return Ruling(
        statement=statement_of(rule),
        verdict=verdict,
        finding=None if deciding is None else deciding.found[rule.id],
        deciding=None if deciding is None else deciding.name,
        broken_in=_names(told, rule.id, BROKEN),
        kept_in=_names(told, rule.id, (Verdict.PASSED,)),
    )


def _names(told: Iterable[Shown], rule: str, verdicts: tuple[Verdict, ...]) -> tuple[str, ...]:
    return tuple(one.name for one in told if one.found[rule].verdict in verdicts)


def broken_in(found: Mapping[str, Finding]) -> set[str]:
    """The rules that are broken by what was found in a story, by their ids."""
    return {rule for rule, finding in found.items() if finding.verdict in BROKEN}


def breaks(rule: Rule, trace: Trace) -> bool:
    """Whether the trace breaks the rule."""
    return rule.check(trace).verdict in BROKEN


def with_counterexample(ruling: Ruling, counterexample: Counterexample) -> Ruling:
    """The ruling with the smallest story that still breaks its rule."""
    return replace(ruling, counterexample=counterexample)


def unjudged_musts(found: Iterable[Ruling]) -> tuple[Words, ...]:
    """What keeps an exam from being complete, a sentence for each MUST that was not judged."""
    open_verdicts = (Verdict.INCONCLUSIVE, Verdict.NOT_EXERCISED)
    return tuple(
        Words("{rule} is {verdict}", {"rule": one.statement.id, "verdict": one.verdict.value})
        for one in found
        if one.statement.grade == Grade.MUST.value and one.verdict in open_verdicts
    )
