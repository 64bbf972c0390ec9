"""Ordered pairs of faults: what one fault leaves behind meets the next."""

from collections.abc import Iterator
from dataclasses import dataclass

from contract_tests.stories.lives import ONE_POLL, TWO_POLLS
from contract_tests.stories.telling import Teller, Told, slug
from contract_tests.stories.troubles import Rules, Trouble, troubles
from mock_server.core.scenario import USUAL, TimelinePlan

# After these a client goes on for sure, so that the second fault strikes as well.
_SUBMIT_FIRST = ("429",)
_SUBMIT_SECOND = (
    *("401", "503", "html(502, moment=after)", "reset", "lost_reply", "cut", "body(null)"),
    "redirect(302)",
)
_POLL_FIRST = ("429", "html(502)", "404", "reset", "cut", "body(null)")
_POLL_SECOND = ("429", "503", "401", "reset", "body(empty)")
_POLL_APART = ("429", "503", "reset")
_RESULT_FIRST = ("reset", "cut")
_RESULT_SECOND = ("429", "cut", "image(truncated)")


@dataclass(frozen=True, slots=True)
class _Half:
    """One fault of a pair, at its operation."""

    operation: str
    trouble: Trouble

    @property
    def rules(self) -> Rules:
        return self.trouble.rules(self.operation) or ()


def pairs(teller: Teller) -> Iterator[Told]:
    """Pairs within submit, polls and results, and across them."""
    known = {one.fault.partition("(message")[0]: one for one in troubles(teller.contract)}

    def halves(operation: str, names: tuple[str, ...]) -> list[_Half]:
        return [_Half(operation, known[name]) for name in names]

    combinations = (
        (halves("submit", _SUBMIT_FIRST), halves("submit", _SUBMIT_SECOND), USUAL),
        (halves("submit", _SUBMIT_FIRST), halves("status", _POLL_FIRST), ONE_POLL),
        (halves("status", _POLL_FIRST), halves("status", _POLL_SECOND), ONE_POLL),
        (halves("status", _POLL_APART), halves("result", _RESULT_SECOND), ONE_POLL),
        (halves("result", _RESULT_FIRST), halves("result", _RESULT_SECOND), USUAL),
    )
    for firsts, seconds, life in combinations:
        for first in firsts:
            for second in seconds:
                yield _pair(teller, first, second, life)
    for one in halves("status", _POLL_APART):
        for other in halves("status", _POLL_APART):
            yield _pair(teller, one, other, TWO_POLLS, apart=True)


def _pair(
    teller: Teller, first: _Half, second: _Half, life: TimelinePlan, apart: bool = False
) -> Told:
    queues: dict[str, list[str]] = {first.operation: [first.trouble.fault]}
    queue = queues.setdefault(second.operation, [])
    queue += (["pass"] if apart else []) + [second.trouble.fault]
    names = [slug(half.trouble.fault.partition("(message")[0]) for half in (first, second)]
    join = " and then, after a good one, " if apart else ", and then "
    return teller.tell(
        f"pairs/{_WORDS[first.operation]}-{names[0]}-{'later' if apart else 'then'}"
        f"-{_WORDS[second.operation]}-{names[1]}",
        f"A{_told(first)[1:]}{join}{_told(second)}",
        "",
        *(*first.rules, *second.rules),
        life=life,
        quick=False,
        **queues,
    )


_WORDS = {"submit": "submit", "status": "poll", "result": "result"}


def _told(half: _Half) -> str:
    return f"a {_WORDS[half.operation]} meets {half.trouble.fault.partition('(message')[0]}"
