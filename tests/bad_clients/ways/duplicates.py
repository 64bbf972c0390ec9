"""Orders that are placed twice, or whose fate is told wrongly (DUP)."""

from tests.bad_clients.bad_client import BadClient, careful
from tests.good_clients.async_httpx import AsyncHttpx
from tests.good_clients.careful import Careful, Steps
from tests.good_clients.steps import OrderError, Pause, Reply, UncertainError
from tests.good_clients.sync_requests import SyncRequests
from tests.good_clients.sync_urllib import SyncUrllib


class AgainAfterTimeout(Careful):
    def submit(self) -> Steps:
        try:
            yield from super().submit()
        except UncertainError as error:
            if "Timeout" not in error.message:
                raise
            yield from super().submit()


class AgainAfterReset(Careful):
    def submit(self) -> Steps:
        try:
            yield from super().submit()
        except UncertainError as error:
            if error.code != "lost_reply" or "Timeout" in error.message:
                raise
            yield Pause(1.5)
            yield from super().submit()


class AgainAfter5xx(Careful):
    def is_busy(self, reply: Reply) -> bool:
        return reply.status >= 500 or super().is_busy(reply)


class AgainUntilItIsRead(Careful):
    def submit(self) -> Steps:
        while True:
            try:
                yield from super().submit()
            except UncertainError as error:
                if error.code != "lost_reply":
                    raise
                yield Pause(self.backoff(2))
            else:
                return


class AgainAfterPollTrouble(Careful):
    tolerated = 0

    def wait(self) -> Steps:
        try:
            return (yield from super().wait())
        except UncertainError:
            self.troubles = 0
            yield from self.submit()
            return (yield from super().wait())


class AgainAfterFailure(Careful):
    def wait(self) -> Steps:
        try:
            return (yield from super().wait())
        except OrderError:
            yield from self.submit()
            return (yield from super().wait())


class LostIsFailed(Careful):
    def lost_order(self, error: Exception) -> OrderError:
        return OrderError("network", "the order failed, please try again")


WRONG: tuple[BadClient, ...] = (
    careful(
        "again-after-timeout",
        "submit-once",
        "A timeout is the textbook case for a retry.",
        AgainAfterTimeout,
        AsyncHttpx,
    ),
    careful(
        "again-after-reset",
        "submit-once-after-reset",
        "A connection that breaks off is taken for an order that did not arrive.",
        AgainAfterReset,
    ),
    careful(
        "again-after-5xx",
        "submit-once-after-5xx",
        "5xx stands in the list of what may be retried, next to 429.",
        AgainAfter5xx,
        SyncRequests,
    ),
    careful(
        "again-until-it-is-read",
        "retry-unread-submit",
        "The network will come back, and then the order goes through.",
        AgainUntilItIsRead,
        retries_bounded="it has no end",
        submit_once_after_reset="it cannot tell an order that was read from one that was not",
        submit_once="a timeout is a lost reply",
    ),
    careful(
        "again-after-poll-trouble",
        "poll-trouble-no-submit",
        "Ordering and polling are one function, and the whole of it is retried.",
        AgainAfterPollTrouble,
        SyncUrllib,
        early_404="it orders anew where it should ask again",
        retry_429_poll="it orders anew where it should ask again",
        poll_survives_5xx="it orders anew where it should ask again",
        deadline="with each order the wait begins anew",
        submit_once="the first task was there and goes on",
    ),
    careful(
        "again-after-failure",
        "poll-trouble-no-submit",
        "Whatever the job ends with, it is given a second chance.",
        AgainAfterFailure,
        deadline="with each order the wait begins anew",
        submit_once="the first task was there and goes on",
    ),
    careful(
        "lost-is-failed",
        "unknown-outcome-told",
        "There is success and there is failure, and nobody thought of a third.",
        LostIsFailed,
    ),
)
