"""Good manners towards a server that is not ours: come again when it says so, not before."""

from contract_tests.server.promises import Promises
from contract_tests.server.seen import Reply

_LONGEST_WAIT = 300.0


class Patience:
    """Knows when a call that was refused for the moment may be sent again.

    That is after a 429, and after a 503 that says when: any other 503 may have done its work.
    """

    def __init__(self, promises: Promises) -> None:
        self._backoff = promises.contract.backoff

    def pause(self, reply: Reply | None, attempt: int) -> float | None:
        """Seconds to wait before the call is sent again; None if it is not.

        ``attempt`` counts from 0.
        """
        if reply is None or attempt >= self._backoff.retries_at_least:
            return None
        seconds = float(reply.number("retry-after") or 0)
        if reply.status != 429 and not (reply.status == 503 and seconds):
            return None
        if seconds:
            return min(seconds, _LONGEST_WAIT)
        steps = self._backoff.steps
        return min(steps[min(attempt, len(steps) - 1)], self._backoff.cap)
