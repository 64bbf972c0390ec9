"""Callers who are told something wrong, or nothing they could use (OUT)."""

import json
from typing import Any

import requests

from contract_tests import Job, Outcome, OutcomeStatus
from tests.bad_clients.bad_client import BadClient, careful, python
from tests.good_clients.async_httpx import AsyncHttpx
from tests.good_clients.careful import Careful, Report, Steps
from tests.good_clients.images import ImageFiles
from tests.good_clients.steps import OrderError, Reply
from tests.good_clients.sync_requests import SyncRequests
from tests.good_clients.sync_urllib import SyncUrllib


class FailedIsDone(Careful):
    def has_ended(self, body: dict[str, Any]) -> bool:
        return body["status"] in ("failed", "succeeded")

    def check(self, urls: tuple[str, ...]) -> None:
        if urls:
            super().check(urls)


class FailureWithoutReason(Careful):
    def has_ended(self, body: dict[str, Any]) -> bool:
        if body["status"] == "failed":
            raise OrderError(None, "the image could not be made")
        return super().has_ended(body)


class CutUrls(Careful):
    def outcome(
        self, status: OutcomeStatus, urls: tuple[str, ...], error: OrderError | None = None
    ) -> Outcome:
        return super().outcome(status, tuple(url.partition("?")[0] for url in urls), error)


class FirstResultOnly(Careful):
    def wait(self) -> Steps:
        urls = yield from super().wait()
        return urls[:1]

    def check(self, urls: tuple[str, ...]) -> None:
        if not urls:
            super().check(urls)


class SortedResults(Careful):
    def wait(self) -> Steps:
        urls = yield from super().wait()
        return tuple(sorted(urls, reverse=True))


class Uncounted(Careful):
    def check(self, urls: tuple[str, ...]) -> None:
        pass


class BareJson(Careful):
    def status(self, reply: Reply) -> dict[str, Any] | None:
        json.loads(reply.content)["status"]
        return super().status(reply)


class EmptyIsDone(Careful):
    def status(self, reply: Reply) -> dict[str, Any] | None:
        return super().status(reply) or {"status": "succeeded" if reply.status == 200 else "?"}

    def check(self, urls: tuple[str, ...]) -> None:
        if urls:
            super().check(urls)


class ComparesTypes(Careful):
    def tell(self, progress: Any) -> None:
        if progress is not None and progress > self.shown:
            super().tell(progress)


class OnlySilenceCounts(SyncRequests):
    """Trusts the timeout of requests, which starts anew with each byte."""

    def content(self, reply: requests.Response, end: float) -> bytes:
        return reply.content


class FetchesForEver(Careful):
    downloads = 20

    def may_come(self, reply: Reply) -> bool:
        return True


class FilesForgotten(Careful):
    def fetch_one(self, number: int, url: str) -> Steps:
        try:
            yield from super().fetch_one(number, url)
        except OrderError:
            return


class UncheckedFiles(ImageFiles):
    def save(self, number: int, reply: Reply) -> None:
        assert self.folder is not None
        (self.folder / f"image-{number}.png").write_bytes(reply.content)


class SavesAnything(Careful):
    def __init__(self, job: Job, report: Report = lambda percent: None) -> None:
        super().__init__(job, report)
        self.files = UncheckedFiles(job.out_dir)


WRONG: tuple[BadClient, ...] = (
    careful(
        "failed-is-done",
        "failure-is-an-error",
        "The task has ended and the reply is a 200: that was taken for a success.",
        FailedIsDone,
        missing_results_noticed="without a result there is nothing that it could count",
    ),
    careful(
        "failure-without-reason",
        "error-details-told",
        "The reason was thought to be nothing for users.",
        FailureWithoutReason,
        AsyncHttpx,
    ),
    careful(
        "cut-urls",
        "exact-results",
        "What stands behind the question mark looked like tracking.",
        CutUrls,
        SyncUrllib,
    ),
    careful(
        "first-result-only",
        "exact-results",
        "data[0] is what the samples read.",
        FirstResultOnly,
        missing_results_noticed="it does not look at the others, so it cannot miss any",
    ),
    careful(
        "sorted-results",
        "exact-results",
        "The results went through a set.",
        SortedResults,
        SyncRequests,
    ),
    careful(
        "uncounted",
        "missing-results-noticed",
        "A task that has succeeded has its images, surely.",
        Uncounted,
    ),
    careful(
        "bare-json",
        "broken-reply-handled",
        "The reply of an API is JSON, surely.",
        BareJson,
        AsyncHttpx,
        poll_survives_5xx="a page of a gateway is no JSON",
        last_error_told="the crash takes the place of the server's error",
        no_retry_after_refusal="the crash takes the place of the server's error",
        error_details_told="the crash takes the place of the server's error",
        early_404="an error has no status, so that the first one is a crash",
        retry_429_poll="an error has no status, so that the first one is a crash",
    ),
    careful(
        "empty-is-done",
        "broken-reply-handled",
        "Every 200 that is not plainly under way is taken for the end.",
        EmptyIsDone,
        missing_results_noticed="where nothing came it counts nothing",
    ),
    careful(
        "compares-types",
        "wrong-types-handled",
        "Progress is a number in every example.",
        ComparesTypes,
        SyncUrllib,
    ),
    python(
        "only-silence-counts",
        "slow-body-timeout",
        "timeout=30 reads like thirty seconds for the whole call.",
        OnlySilenceCounts,
    ),
    careful(
        "fetches-for-ever",
        "expired-result-handled",
        "Downloads are retried on any error, since files may come late.",
        FetchesForEver,
    ),
    careful(
        "files-forgotten",
        "expired-result-handled",
        "The URLs are there, so a download that fails is only logged.",
        FilesForgotten,
    ),
    careful(
        "saves-anything",
        "download-checked",
        "What came with a 200 is written to disk.",
        SavesAnything,
    ),
)
