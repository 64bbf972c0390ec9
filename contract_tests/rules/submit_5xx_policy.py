"""RET-10: who repeats an order after trouble in passing does so with care."""

from collections.abc import Iterator, Sequence

from contract_tests.finding import Finding, Violation, Words
from contract_tests.rules.base import samples
from contract_tests.rules.base.backoff_floors import too_short_pauses
from contract_tests.rules.base.chance import ALMOST_NEVER
from contract_tests.rules.base.orders import Order, orders
from contract_tests.rules.base.pauses import Pause, pauses
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Exchange, Timing, Trace, is_shorter

# Less than such a share of the step is no wait, unless it is the luck of full jitter's draws.
_SHARE = 0.1
_UNCLEAR = Words("a repetition came with hardly a wait: none at all, or full jitter's luck")


class Submit5xxPolicy(Rule):
    """A submit that met trouble in passing is repeated with waits and a bound, or not at all."""

    id = "submit-5xx-policy"
    number = "RET-10"
    title = "A submit is repeated after 408, 409, 425 or 5xx with waits and a bound, or not at all"
    grade = Grade.MAY
    origin = Origin.SAFETY
    why = (
        "Each repetition may be a second task that is charged; at once, it meets the same trouble."
    )
    source = "RFC 9110, 9.2.2: POST is not to be repeated blindly; the kit: waits as after a 429"
    mend = (
        "Decide whether to repeat such submits, say so in the documents, and warn of the costs.",
        "Where you do, wait 1, 2 and 4 seconds as after a 429, and give up in the end.",
    )

    def judge(self, trace: Trace) -> Finding:
        """Every order that met such an answer, and what followed."""
        met = [one for one in orders(trace) if any(_is_meant(trace, two) for two in one.submits)]
        hasty, is_unclear = _hasty(trace)
        return self.judged(
            trace,
            chances=len(met),
            idle="no submit met such an answer",
            violations=[*(two for one in met for two in _too_many(trace, one)), *hasty],
            pending=_UNCLEAR if is_unclear else None,
        )

    @property
    def innocent(self) -> Trace:
        """Repeated once, after a second."""
        return samples.trace(samples.refused(1, 0, 503), samples.submit(2, 1.2))

    @property
    def guilty(self) -> Trace:
        """Repeated at once."""
        return samples.trace(samples.refused(1, 0, 503), samples.submit(2, 0))


def _is_meant(trace: Trace, submit: Exchange) -> bool:
    status = submit.heard_status
    return status in (408, 409, 425) or (status or 0) >= 500


def _too_many(trace: Trace, order: Order) -> Iterator[Violation]:
    failures = [one for one in order.submits if _is_meant(trace, one)]
    most = order.wanted * (trace.calls.backoff.retries_at_most + 1)
    if len(failures) > most:
        facts = {"count": len(failures), "first": failures[0].number}
        numbers = tuple(one.number for one in failures)
        yield Violation(numbers, Words("{count} attempts from call {first} on", facts))


def _hasty(trace: Trace) -> tuple[Sequence[Violation], bool]:
    """The repetitions that came without a wait for sure, and whether it is open if others did."""
    found = pauses(trace, "submit", _is_meant)
    short, _ = too_short_pauses(found, trace.timing)
    hasty = [one for one in found if _is_under(one, _SHARE, trace.timing)]
    broken = [one for one in hasty if one in short or _is_at_once(one, trace.timing)]
    return [_without_wait(one) for one in broken], len(broken) < len(hasty)


def _is_under(pause: Pause, share: float, timing: Timing) -> bool:
    return is_shorter(pause.seconds + timing.grace, pause.step * share)


def _is_at_once(pause: Pause, timing: Timing) -> bool:
    """Whether no time at all has passed: where it is exact, no jitter explains that."""
    return timing.virtual and pause.share <= ALMOST_NEVER


def _without_wait(pause: Pause) -> Violation:
    before, after = pause.before.number, pause.after.number
    facts = {"after": after, "seconds": pause.seconds, "before": before}
    words = "call {after} came {seconds:.3f} s after the failure of call {before}"
    return Violation(pause.wait.numbers, Words(words, facts))
