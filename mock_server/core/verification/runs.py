"""Runs of refusals: one call, refused again and again, and how it ended."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from mock_server.core.exchange import Exchange
from mock_server.core.trace import by_call, is_shorter
from mock_server.core.verification.statuses import StatusPattern, is_one_of


@dataclass(frozen=True, slots=True)
class Run:
    """Refused attempts at one call and, where there was one, the attempt that was not refused.

    ``is_whole`` is false where earlier attempts may have been dropped from the journal.
    """

    attempts: tuple[Exchange, ...]
    ends_refused: bool
    is_whole: bool

    @property
    def retries(self) -> int:
        """How many attempts followed a refusal."""
        return len(self.attempts) - 1

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of the attempts."""
        return tuple(one.number for one in self.attempts)


def runs_of(exchanges: Iterable[Exchange], statuses: Sequence[StatusPattern]) -> list[Run]:
    """Every run of refusals with one of these statuses, call by call."""
    return [run for attempts in by_call(exchanges).values() for run in _runs(attempts, statuses)]


def _runs(attempts: Sequence[Exchange], statuses: Sequence[StatusPattern]) -> Iterator[Run]:
    run: list[Exchange] = []
    is_whole = False
    for exchange in attempts:
        if run and is_shorter(exchange.started, run[-1].replied):
            # Begun before the refusal was known: another caller's, not a retry.
            continue
        run.append(exchange)
        if not is_one_of(exchange.heard_status, statuses):
            if len(run) > 1:
                yield Run(tuple(run), ends_refused=False, is_whole=is_whole)
            run, is_whole = [], True
    if run:
        yield Run(tuple(run), ends_refused=True, is_whole=is_whole)
