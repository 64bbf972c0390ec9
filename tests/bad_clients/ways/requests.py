"""Wrong requests (REQ)."""

from http.client import HTTPResponse
from urllib.request import Request

from tests.bad_clients.bad_client import BadClient, careful, python
from tests.good_clients.async_httpx import AsyncHttpx
from tests.good_clients.careful import Careful
from tests.good_clients.steps import Call
from tests.good_clients.sync_requests import SyncRequests
from tests.good_clients.sync_urllib import SyncUrllib


class QuotedNumber(Careful):
    def order(self) -> dict[str, object]:
        return super().order() | {"n": str(self.job.n)}


class NoContentType(Careful):
    def post(self, content: bytes) -> Call:
        call = super().post(content)
        return Call(call.method, call.url, self.key(), content)


class OtherScheme(Careful):
    def key(self) -> dict[str, str]:
        return {"Authorization": f"Token {self.job.api_key}"}


class BodyOnPolls(Careful):
    def poll(self) -> Call:
        call = super().poll()
        return Call("GET", call.url, call.headers, b"{}")


class DoubledVersion(Careful):
    def post(self, content: bytes) -> Call:
        call = super().post(content)
        return Call(call.method, call.url.replace("/v1/", "/v1/v1/"), call.headers, content)


class ExhaustedStream(Careful):
    def post(self, content: bytes) -> Call:
        self.sent = getattr(self, "sent", 0) + 1
        return super().post(content if self.sent == 1 else b"")


class AsciiPrompt(Careful):
    def order(self) -> dict[str, object]:
        return super().order() | {"prompt": self.job.prompt.encode("ascii", "ignore").decode()}


class StrippedPrompt(Careful):
    def order(self) -> dict[str, object]:
        return super().order() | {"prompt": " ".join(self.job.prompt.split())}


class ClampedCount(Careful):
    def order(self) -> dict[str, object]:
        return super().order() | {"n": min(max(self.job.n, 1), 4)}

    def check(self, urls: tuple[str, ...]) -> None:
        if not urls:
            super().check(urls)


class Nulls(Careful):
    def order(self) -> dict[str, object]:
        return super().order() | {"mask_url": self.job.mask, "metadata": None}


class CompressedUnread(SyncUrllib):
    def open(self, request: Request, seconds: float) -> HTTPResponse:
        reply = super().open(request, seconds)
        del reply.headers["content-encoding"]
        return reply


class Nameless(Careful):
    def key(self) -> dict[str, str]:
        return super().key() | {"User-Agent": ""}


WRONG: tuple[BadClient, ...] = (
    careful(
        "quoted-number",
        "valid-request",
        "The count comes from a form or the command line, where everything is text.",
        QuotedNumber,
    ),
    careful(
        "no-content-type",
        "json-content-type",
        "The body is dumped by hand and given to the library as bytes, which it sends unlabelled.",
        NoContentType,
        AsyncHttpx,
    ),
    careful(
        "other-scheme",
        "bearer-once",
        "The last API that was programmed against wanted Token in place of Bearer.",
        OtherScheme,
    ),
    careful(
        "body-on-polls",
        "exact-path",
        "One function makes all calls, and it always sends JSON.",
        BodyOnPolls,
    ),
    careful(
        "doubled-version",
        "exact-path",
        "The base URL was copied with /v1, and the client adds it once more.",
        DoubledVersion,
    ),
    careful(
        "exhausted-stream",
        "same-body-on-retry",
        "The body is a file or generator that the first attempt has read to its end.",
        ExhaustedStream,
        SyncRequests,
        valid_request="an empty body is no order",
        retry_429_submit="the empty body is refused with 400, and that ends the retries",
    ),
    careful(
        "ascii-prompt",
        "prompt-intact",
        "Odd characters once broke a log, so they are taken out.",
        AsciiPrompt,
        valid_request="of a prompt in Chinese nothing is left, and an empty one is refused",
    ),
    careful(
        "stripped-prompt",
        "prompt-intact",
        "Prompts are tidied as names and addresses are.",
        StrippedPrompt,
    ),
    careful(
        "clamped-count",
        "no-silent-clamp",
        "Clamping looks friendlier than an error.",
        ClampedCount,
        missing_results_noticed="fewer images come than were asked for, as it knows",
    ),
    careful(
        "nulls",
        "no-nulls",
        "A dataclass is turned into JSON with all its empty members.",
        Nulls,
        AsyncHttpx,
        valid_request="null is no text",
    ),
    python(
        "compressed-unread",
        "gzip-decoded",
        "Accept-Encoding was copied from a browser, and urllib does not unpack.",
        CompressedUnread,
    ),
    careful(
        "nameless",
        "names-itself",
        "Somebody wanted to look like nobody.",
        Nameless,
    ),
)
