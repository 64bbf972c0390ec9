"""RET-08: trouble that has passed is not counted on."""

from collections.abc import Sequence
from dataclasses import dataclass

from contract_tests.finding import Finding, Violation, Words
from contract_tests.rules.base import samples
from contract_tests.rules.base.patience import has_given_up, is_passing
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Ability, Exchange, Trace, by_call
from mock_server.core.lifecycle import Phase


@dataclass(frozen=True, slots=True)
class _Spell:
    """Failed polls of a task in a row; ``is_over`` says that a good one came after them."""

    failures: tuple[Exchange, ...]
    is_over: bool

    def is_like(self, other: "_Spell") -> bool:
        """Whether all of it is the same trouble, and it lasted at least as long."""
        kinds = {(one.heard_status, one.fault) for one in (*self.failures, *other.failures)}
        return len(kinds) == 1 and len(self.failures) >= len(other.failures)


class RetryCountResets(Rule):
    """After a good reply, the count of failures starts anew."""

    id = "retry-count-resets"
    number = "RET-08"
    title = "A good reply sets the count of failures back; spaced trouble does not add up"
    grade = Grade.SHOULD
    origin = Origin.SAFETY
    why = "Three failures in a row are a reason to give up, three in an hour are not."
    source = "the kit: a long task meets some trouble in any case"
    mend = (
        "Set the count back to nothing after each reply that was good.",
        "Bound the whole job by its deadline instead.",
    )
    needs = frozenset({Ability.REPORTS})

    def judge(self, trace: Trace) -> Finding:
        """Every task with spells of trouble and good replies in between."""
        polls = [one for one in trace.exchanges if one.operation == "status"]
        tasks = [spells for one in by_call(polls).values() if (spells := _spells(one))]
        many = trace.calls.backoff.retries_at_least
        ends = [one for one in tasks if _has_added_up(trace, one)]
        spaced = [one for one in tasks if sum(spell.is_over for spell in one) >= many]
        return self.judged(
            trace,
            chances=len(ends) + len(spaced),
            idle="no task met so much trouble, with good replies in between",
            violations=[
                Violation(
                    tuple(call.number for spell in spells for call in spell.failures),
                    Words(
                        "given up at call {call}, though {count} spells like that had passed",
                        {"call": spells[-1].failures[-1].number, "count": len(spells) - 1},
                    ),
                )
                for spells in ends
            ],
            needs_all=True,
        )

    @property
    def innocent(self) -> Trace:
        """Every other poll fails, and the task is polled to its end."""
        polls = [_poll(number) for number in range(1, 7)]
        return samples.trace(*polls, samples.poll(7, 35, Phase.SUCCEEDED))

    @property
    def guilty(self) -> Trace:
        """Given up at the third failure."""
        polls = [_poll(number) for number in range(1, 7)]
        return samples.trace(*polls, outcome=samples.failed("e503"))


def _poll(number: int) -> Exchange:
    if number % 2:
        return samples.poll(number, 5 * number)
    return samples.poll(number, 5 * number, status=503, fault="503")


def _spells(polls: Sequence[Exchange]) -> list[_Spell]:
    spells: list[_Spell] = []
    failures: list[Exchange] = []
    for poll in polls:
        if is_passing(poll):
            failures.append(poll)
        elif failures and poll.heard_status == 200 and poll.told:
            spells.append(_Spell(tuple(failures), is_over=True))
            failures = []
    if failures:
        spells.append(_Spell(tuple(failures), is_over=False))
    return spells


def _has_added_up(trace: Trace, spells: Sequence[_Spell]) -> bool:
    """Whether the last spell was too much though it was no worse than one that was survived."""
    last = spells[-1]
    if last.is_over or not any(one.is_over and one.is_like(last) for one in spells):
        return False
    return has_given_up(trace, last.failures[-1])
