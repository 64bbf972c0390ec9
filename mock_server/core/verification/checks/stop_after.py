"""The check ``stop-after``: a final answer is taken as one."""

from dataclasses import dataclass
from typing import ClassVar

from mock_server.core.exchange import Exchange
from mock_server.core.finding import Finding, Words
from mock_server.core.trace import Trace
from mock_server.core.verification.check import Check, Judgement
from mock_server.core.verification.quiet import broken_quiet, quiet_time_left
from mock_server.core.verification.scopes import Scope, by_scope, followed, read_scope
from mock_server.core.verification.statuses import StatusPattern, is_one_of, shown


@dataclass(frozen=True, slots=True)
class StopAfter(Check):
    """After a reply with one of the ``statuses``, no further call within its ``scope``.

    ``operation`` is that of the reply. The check has only passed when ``quiet_for`` seconds have
    gone by since. Raises :class:`ExpectationError` for an unknown scope.
    """

    id: ClassVar[str] = "stop-after"
    statuses: tuple[StatusPattern, ...] = (401,)
    operation: str | None = None
    scope: str = Scope.KEY.value
    quiet_for: float = 0.0

    def __post_init__(self) -> None:
        read_scope(self.id, self.scope)

    def judge(self, trace: Trace) -> Finding:
        """Every scope in which such a reply was heard."""
        scopes = by_scope(trace.exchanges, Scope(self.scope)).values()
        ends = [end for end in (followed(one, self._is_end) for one in scopes) if end is not None]
        facts = {"statuses": shown(self.statuses), "scope": _IN_WORDS[Scope(self.scope)]}
        return Judgement(
            rule=self.id,
            expected=Words("{scope} after {statuses}", facts),
            idle=Words("no reply with {statuses}", facts),
            chances=len(ends),
            violations=broken_quiet(ends, "call {call} came {seconds:.3f} s after"),
            pending=quiet_time_left(trace, ends, self.quiet_for),
        ).finding(trace)

    def _is_end(self, exchange: Exchange) -> bool:
        is_meant = self.operation in (None, exchange.operation)
        return is_meant and is_one_of(exchange.heard_status, self.statuses)


_IN_WORDS = {
    Scope.CALL: "the same call is not made again",
    Scope.OPERATION: "no call of that operation",
    Scope.KEY: "no call with the same key",
    Scope.ANY: "no call at all",
}
