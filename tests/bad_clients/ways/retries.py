"""Wrong decisions about what is tried again (RET)."""

from tests.bad_clients.bad_client import BadClient, careful
from tests.good_clients.async_httpx import AsyncHttpx
from tests.good_clients.careful import Careful
from tests.good_clients.steps import OrderError, Reply
from tests.good_clients.sync_requests import SyncRequests
from tests.good_clients.sync_urllib import SyncUrllib


class Retries400(Careful):
    def is_busy(self, reply: Reply) -> bool:
        return reply.status == 400 or super().is_busy(reply)


class Retries401(Careful):
    def is_busy(self, reply: Reply) -> bool:
        return reply.status == 401 or super().is_busy(reply)


class RetriesRefusals(Careful):
    def is_busy(self, reply: Reply) -> bool:
        return reply.status in (402, 403, 404, 422) or super().is_busy(reply)


class PollsOnAfter401(Careful):
    def is_final(self, reply: Reply) -> bool:
        return reply.status not in (400, 401) and super().is_final(reply)


class PollsOnAfter403(Careful):
    def is_final(self, reply: Reply) -> bool:
        return reply.status not in (402, 403, 404) and super().is_final(reply)


class GivesUpAtFirst429(Careful):
    steps = (1,)

    def is_busy(self, reply: Reply) -> bool:
        return False


class OneRetry(Careful):
    steps = (1,)


class LosesTaskAt429(Careful):
    passing = frozenset({408, 409, 425})


class NeverGivesUp(Careful):
    steps = (1, 2, 4, 8, 16, *[30] * 20)


class FirstErrorTold(Careful):
    def is_busy(self, reply: Reply) -> bool:
        self.first = getattr(self, "first", reply)
        return super().is_busy(reply)

    def refusal(self, reply: Reply) -> OrderError:
        return super().refusal(getattr(self, "first", reply))


class OwnWordsOnly(Careful):
    def refusal(self, reply: Reply) -> OrderError:
        return OrderError(None, "too busy, try again later")


class TroublesAddUp(Careful):
    tolerated = 3

    def tell(self, progress: object) -> None:
        self.troubles = self.added = getattr(self, "added", 0)
        super().tell(progress)

    def after_trouble(self, error: OrderError, reply: Reply | None = None) -> float:
        self.added = self.troubles + 1
        return super().after_trouble(error, reply)


class NoPollMayFail(Careful):
    def status(self, reply: Reply) -> dict[str, object] | None:
        if reply.status >= 500:
            raise self.refusal(reply)
        return super().status(reply)


class Repeats503AtOnce(Careful):
    def is_busy(self, reply: Reply) -> bool:
        return reply.status >= 500 or super().is_busy(reply)

    def backoff(self, attempt: int, reply: Reply | None = None) -> float:
        is_failure = reply is not None and reply.status >= 500
        return 0.0 if is_failure else super().backoff(attempt, reply)


WRONG: tuple[BadClient, ...] = (
    careful(
        "retries-400",
        "no-retry-after-400",
        "The retry decorator looks for anything but 200.",
        Retries400,
        SyncRequests,
    ),
    careful(
        "retries-401",
        "no-retry-after-401",
        "A key server was slow once, and a second try helped.",
        Retries401,
    ),
    careful(
        "retries-refusals",
        "no-retry-after-refusal",
        "Every 4xx is taken for a bad moment.",
        RetriesRefusals,
        SyncUrllib,
    ),
    careful(
        "polls-on-after-401",
        "poll-stops-on-refusal",
        "The poll loop catches all errors, for a task must not be lost.",
        PollsOnAfter401,
    ),
    careful(
        "polls-on-after-403",
        "no-retry-after-refusal",
        "The poll loop stops for 400 and 401 alone, for those were in the guide.",
        PollsOnAfter403,
    ),
    careful(
        "gives-up-at-first-429",
        "retry-429-submit",
        "An error is an error, and the caller may try again.",
        GivesUpAtFirst429,
        AsyncHttpx,
    ),
    careful(
        "one-retry",
        "retry-429-submit",
        "One retry was enough in all tests.",
        OneRetry,
    ),
    careful(
        "loses-task-at-429",
        "retry-429-poll",
        "429 is a 4xx, and a 4xx is final.",
        LosesTaskAt429,
    ),
    careful(
        "never-gives-up",
        "retries-bounded",
        "Some day the server will have time.",
        NeverGivesUp,
        submit_5xx_policy="where the limiter is down for ever it does not give up either",
    ),
    careful(
        "first-error-told",
        "last-error-told",
        "The exception of the first attempt is kept and raised in the end.",
        FirstErrorTold,
        SyncRequests,
        error_details_told="of a poll that is refused it tells what the submit said",
        no_retry_after_refusal="it tells what the submit said, not why the poll was refused",
    ),
    careful(
        "own-words-only",
        "error-details-told",
        "The server's messages seemed too technical for users.",
        OwnWordsOnly,
        last_error_told="it tells no error of the server's",
        no_retry_after_refusal="why it was refused is not told",
    ),
    careful(
        "troubles-add-up",
        "retry-count-resets",
        "The counter is set up before the loop and never set back.",
        TroublesAddUp,
    ),
    careful(
        "no-poll-may-fail",
        "poll-survives-5xx",
        "raise_for_status stands in the one function that makes all calls.",
        NoPollMayFail,
        AsyncHttpx,
    ),
    careful(
        "repeats-503-at-once",
        "submit-5xx-policy",
        "A load balancer will choose another machine, so why wait?",
        Repeats503AtOnce,
        submit_once_after_5xx="a 5xx leaves open whether there is a task",
        backoff_floor="an outage of the limiter asks for the same pauses as a 429",
        backoff_growth="its pauses stay at nothing",
        unknown_outcome_told="when it gives up it tells of a failure",
    ),
)
