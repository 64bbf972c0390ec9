"""Keys that leak, and redirects that mislead (SEC)."""

import sys

import requests

from tests.bad_clients.bad_client import BadClient, careful, python
from tests.good_clients.async_httpx import AsyncHttpx
from tests.good_clients.careful import Careful, Work
from tests.good_clients.steps import Call, Reply
from tests.good_clients.sync_requests import SyncRequests
from tests.good_clients.sync_urllib import SyncUrllib


class KeyToFiles(Careful):
    def get(self, url: str) -> Call:
        return Call("GET", url, self.key())


class KeyInQuery(Careful):
    def poll(self) -> Call:
        call = super().poll()
        return Call("GET", f"{call.url}?api_key={self.job.api_key}", call.headers)


class KeyInBody(Careful):
    def order(self) -> dict[str, object]:
        return super().order() | {"metadata": {"key": self.job.api_key}}


class KeyPrinted(Careful):
    def work(self) -> Work:
        print(f"job {self.job.id}: {self.job.base_url} {self.key()}", file=sys.stderr)
        return super().work()


class KeyInMessage(Careful):
    def without_key(self, text: str) -> str:
        return f"{text} (sent with {self.job.api_key})"


class FollowsWithoutKey(SyncRequests):
    """Follows the redirect of a poll, and leaves the header fields behind."""

    def send(self, http: requests.Session, call: Call) -> Reply:
        reply = super().send(http, call)
        if call.method == "GET" and reply.status in (301, 302, 303, 307, 308):
            return super().send(http, Call("GET", reply.headers["location"]))
        return reply


class FollowsWithKey(SyncRequests):
    """Follows every redirect with everything that it sent the first time."""

    def send(self, http: requests.Session, call: Call) -> Reply:
        reply = super().send(http, call)
        if reply.status in (301, 302, 303, 307, 308):
            again = Call(call.method, reply.headers["location"], call.headers, call.body)
            return super().send(http, again)
        return reply


class PostBecomesGet(SyncRequests):
    """Lets requests follow redirects, as it does unless it is told not to."""

    def send(self, http: requests.Session, call: Call) -> Reply:
        reply = super().send(http, call)
        if call.method == "POST" and reply.status in (301, 302, 303):
            return super().send(http, Call("GET", reply.headers["location"], call.headers))
        return reply


WRONG: tuple[BadClient, ...] = (
    careful(
        "key-to-files",
        "key-stays-home",
        "One session with the key in its default headers serves the API and the downloads.",
        KeyToFiles,
        AsyncHttpx,
    ),
    python(
        "follows-with-key",
        "key-stays-home",
        "Redirects are followed by hand, with the same headers.",
        FollowsWithKey,
    ),
    careful(
        "key-in-query",
        "key-in-header-only",
        "It was handy to try a poll in the browser's address line.",
        KeyInQuery,
    ),
    careful(
        "key-in-body",
        "key-in-header-only",
        "The whole configuration is sent along as metadata, to find orders again.",
        KeyInBody,
        SyncUrllib,
    ),
    careful(
        "key-printed",
        "key-not-printed",
        "A line for debugging has stayed.",
        KeyPrinted,
    ),
    careful(
        "key-in-message",
        "key-not-printed",
        "The error is to say with which key it happened.",
        KeyInMessage,
    ),
    python(
        "follows-without-key",
        "safe-redirect",
        "The address of a redirect is fetched with a bare get.",
        FollowsWithoutKey,
        bearer_once="the second call has no key",
    ),
    python(
        "post-becomes-get",
        "post-stays-post",
        "Most libraries turn a POST into a GET on a 302, and follow by default.",
        PostBecomesGet,
    ),
)
