"""Good manners towards a server that is not ours: wait when it says so, poll as it advises."""

from collections.abc import Callable

from contract_tests.server.promises import Promises
from contract_tests.server.seen import Reply

# Refused for the moment; the same call may be sent again.
_COME_AGAIN = (429, 503)
_LONGEST_WAIT = 300.0


class Patience:
    """Sends a call again while it is refused for the moment, after the time that is asked for."""

    def __init__(self, promises: Promises, wait: Callable[[float], None]) -> None:
        self._backoff = promises.contract.backoff
        self._wait = wait

    def send(self, call: Callable[[], Reply]) -> Reply:
        """The reply to a call: the last one, when it was refused too often."""
        reply = call()
        for attempt in range(self._backoff.retries_at_least):
            if reply.status not in _COME_AGAIN:
                break
            self._wait(self._pause(reply, attempt))
            reply = call()
        return reply

    def _pause(self, reply: Reply, attempt: int) -> float:
        asked = reply.header("retry-after") or ""
        if asked.isdigit() and int(asked) > 0:
            return min(float(asked), _LONGEST_WAIT)
        steps = self._backoff.steps
        return min(steps[min(attempt, len(steps) - 1)], self._backoff.cap)
