"""Polls that come too often, too late, or draw the wrong conclusions (POL)."""

from typing import Any

from tests.bad_clients.bad_client import BadClient, careful
from tests.good_clients.async_httpx import AsyncHttpx
from tests.good_clients.careful import Careful, Steps
from tests.good_clients.steps import Call, OrderError, Pause, Reply
from tests.good_clients.sync_requests import SyncRequests
from tests.good_clients.sync_urllib import SyncUrllib

_DOCUMENTED = frozenset(
    {
        *("id", "object", "model", "status", "progress", "created_at", "completed_at"),
        *("expires_at", "url", "result", "error", "metadata"),
    }
)


class TwicePerSecond(Careful):
    first_poll = 0.5
    interval = 0.5
    interval_spread = 0.05


class FirstPollAtOnce(Careful):
    first_poll = 0.0
    interval_spread = 0.5


class EveryThreeSeconds(Careful):
    first_poll = 2.0
    interval = 3.0


class DoublingInterval(Careful):
    def tell(self, progress: object) -> None:
        self.interval *= 2
        super().tell(progress)


class OneMorePoll(Careful):
    def wait(self) -> Steps:
        urls = yield from super().wait()
        yield Pause(self.interval)
        yield self.poll()
        return urls


class CutId(Careful):
    def poll(self) -> Call:
        call = super().poll()
        return Call("GET", call.url[:-4], call.headers)


class NeedsProgress(Careful):
    def status(self, reply: Reply) -> dict[str, Any] | None:
        body = super().status(reply)
        if body is not None:
            float(body["progress"])
        return body


class NoWayBack(Careful):
    def tell(self, progress: object) -> None:
        if isinstance(progress, int) and progress < self.shown:
            raise OrderError("confused", f"progress fell from {self.shown:g} to {progress}")
        super().tell(progress)


class RawProgress(Careful):
    def tell(self, progress: object) -> None:
        if isinstance(progress, (int, float)):
            self.report(progress)


class StrictMembers(Careful):
    def status(self, reply: Reply) -> dict[str, Any] | None:
        body = super().status(reply)
        unknown = set(body or ()) - _DOCUMENTED
        if unknown:
            raise OrderError("bad_reply", f"unknown members: {sorted(unknown)}")
        return body


class UnknownIsDone(Careful):
    def has_ended(self, body: dict[str, Any]) -> bool:
        return super().has_ended(body) or body["status"] not in ("queued", "running")

    def check(self, urls: tuple[str, ...]) -> None:
        if urls:
            super().check(urls)


class UnknownIsAnError(Careful):
    def has_ended(self, body: dict[str, Any]) -> bool:
        if body["status"] not in ("queued", "running", "succeeded", "failed"):
            raise OrderError("bad_status", f"unknown status {body['status']}")
        return super().has_ended(body)


class RegularPolls(Careful):
    interval_spread = 0.0


class NoDeadline(Careful):
    patience = 1e9


class NoEarly404(Careful):
    def status(self, reply: Reply) -> dict[str, Any] | None:
        self.was_seen = True
        return super().status(reply)


WRONG: tuple[BadClient, ...] = (
    careful(
        "twice-per-second",
        "poll-floor",
        "A bar that moves smoothly looks better.",
        TwicePerSecond,
        AsyncHttpx,
    ),
    careful(
        "first-poll-at-once",
        "poll-floor",
        "The loop polls first and sleeps then.",
        FirstPollAtOnce,
    ),
    careful(
        "every-three-seconds",
        "poll-floor",
        "The vendor's older samples sleep for three seconds.",
        EveryThreeSeconds,
        SyncUrllib,
    ),
    careful(
        "doubling-interval",
        "poll-promptly",
        "Exponential backoff is good, so it is used for polling as well.",
        DoublingInterval,
    ),
    careful(
        "one-more-poll",
        "quiet-after-end",
        "The end condition of the loop is looked at one turn too late.",
        OneMorePoll,
    ),
    careful(
        "cut-id",
        "own-tasks-only",
        "The column in the database is too short for the id.",
        CutId,
        SyncRequests,
    ),
    careful(
        "needs-progress",
        "odd-progress",
        "Every example in the documents has the field.",
        NeedsProgress,
        broken_reply_handled="the crash follows a reply that lacks a member",
        deadline="the crash ends the wait",
        wrong_types_handled="float() of null is a crash as well",
        exact_results="the results are lost where the last reply has no progress",
    ),
    careful(
        "no-way-back",
        "odd-progress",
        "Somebody asserted what seemed obvious.",
        NoWayBack,
    ),
    careful(
        "raw-progress",
        "progress-forward",
        "The number is handed on as it comes.",
        RawProgress,
    ),
    careful(
        "strict-members",
        "unknown-fields",
        "The model that parses replies forbids extra members.",
        StrictMembers,
        AsyncHttpx,
        odd_progress="where it stumbles over an unknown member, the progress may be odd as well",
    ),
    careful(
        "unknown-is-done",
        "unknown-status",
        "The loop runs while the status is queued or running.",
        UnknownIsDone,
        deadline="it reports a success while the task goes on",
        missing_results_noticed="where nothing came it counts nothing",
    ),
    careful(
        "unknown-is-an-error",
        "unknown-status",
        "The status is an enumeration, and its parser raises.",
        UnknownIsAnError,
    ),
    careful(
        "regular-polls",
        "poll-jitter",
        "sleep(5) is what everybody writes.",
        RegularPolls,
    ),
    careful(
        "no-deadline",
        "deadline",
        "while True, since every task ends some day.",
        NoDeadline,
        SyncUrllib,
    ),
    careful(
        "no-early-404",
        "early-404",
        "A task that the server does not know does not exist.",
        NoEarly404,
    ),
)
