"""Repeats: calls that ask for the same thing, and those that came after a final answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from contract_tests.rules.base.orders import orders
from contract_tests.trace import Exchange, Trace, by_call, is_shorter
from mock_server.core.verification.scopes import Followed


@dataclass(frozen=True, slots=True)
class Repeats:
    """Every attempt at one call; ``times`` is how many callers may each have made it once."""

    attempts: tuple[Exchange, ...]
    times: int


def same_posts(trace: Trace) -> tuple[Repeats, ...]:
    """The submits and uploads, those with equal bodies together."""
    submits = (
        Repeats(attempts, order.wanted)
        for order in orders(trace)
        for attempts in by_call(order.submits).values()
    )
    return (*submits, *same_uploads(trace))


def same_uploads(trace: Trace) -> tuple[Repeats, ...]:
    """The uploads, those of equal files together; one caller may have several such."""
    groups: dict[bytes, list[Exchange]] = {}
    for one in trace.exchanges:
        if one.operation == "upload":
            groups.setdefault(one.digest, []).append(one)
    return tuple(Repeats(tuple(one), _files(trace)) for one in groups.values())


def followed(
    repeats: Repeats,
    ends: Callable[[Exchange], bool],
    settles: Callable[[Exchange], bool] | None = None,
) -> Followed | None:
    """The first final answer, and the attempts that nobody but its hearers can have made.

    ``ends`` says which replies are final; None if there was none. Each of ``times`` callers may
    still make its own attempt until it has heard such a reply, or one that ``settles`` its call.
    """
    finals = [one for one in repeats.attempts if ends(one)]
    if not finals:
        return None
    over = [one for one in repeats.attempts if ends(one) or (settles and settles(one))]
    late = [one for one in repeats.attempts if _is_late(one, over, finals, repeats.times)]
    return Followed(finals[0], tuple(late))


def _is_late(
    attempt: Exchange, over: Sequence[Exchange], finals: Sequence[Exchange], times: int
) -> bool:
    known = [one for one in over if _precedes(one, attempt)]
    return len(known) >= times and any(_precedes(one, attempt) for one in finals)


def _precedes(one: Exchange, attempt: Exchange) -> bool:
    return one.number < attempt.number and not is_shorter(attempt.started, one.completed)


def _files(trace: Trace) -> int:
    jobs = (done.job for done in trace.jobs)
    files = (
        max(len(job.references), len(job.reference_files))
        + (job.mask is not None or job.mask_file is not None)
        for job in jobs
    )
    return max(1, sum(max(1, count) for count in files))
