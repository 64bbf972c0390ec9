"""The careful way to order images: each step in a small method, and no I/O of its own.

A job is a generator of :class:`Call` and :class:`Pause`; whoever drives it makes the call or waits,
and sends back the reply. So the same steps run over any HTTP library, and a wrong client is a
careful one with one step changed.
"""

import json
import random
import time
from collections.abc import Callable, Generator
from itertools import count
from typing import Any, TypeAlias

from contract_tests import Job, Outcome, OutcomeStatus
from tests.good_clients.images import ImageFiles, NotAnImageError
from tests.good_clients.reading import asked_to_wait, error_of, json_object, result_urls
from tests.good_clients.steps import Call, LostError, NotSentError, OrderError, Pause, Reply
from tests.good_clients.steps import UncertainError as Uncertain

Report: TypeAlias = Callable[[float], None]
Work: TypeAlias = Generator[Call | Pause, Any, Outcome]
Steps: TypeAlias = Generator[Call | Pause, Any, Any]

# Words of both ways in which the vendor writes it.
_DONE = ("succeeded", "completed")


class Careful:
    """One job, done with care. All numbers are seconds.

    ``steps`` are the pauses after the first, second, ... 429, longer by up to ``spread`` of
    themselves. ``patience`` is how long a task is waited for, ``tolerated`` how many polls in a row
    may go wrong.
    """

    steps: tuple[float, ...] = (1, 2, 4, 8, 16)
    spread = 0.25
    first_poll = 5.0
    interval = 5.0
    interval_spread = 1.0
    patience = 120.0
    tolerated = 6
    passing = frozenset({408, 409, 425, 429})
    downloads = 3

    def __init__(self, job: Job, report: Report = lambda percent: None) -> None:
        self.job = job
        self.report = report
        self.task: str | None = None
        self.troubles = 0
        self.was_seen = False
        self.shown = -1.0
        self.files = ImageFiles(job.out_dir)

    # The whole job.

    def work(self) -> Work:
        """Order, wait, fetch; the outcome is what the caller gets."""
        urls: tuple[str, ...] = ()
        try:
            yield from self.submit()
            urls = yield from self.wait()
            self.check(urls)
            yield from self.fetch(urls)
        except Uncertain as error:
            return self.outcome(OutcomeStatus.UNKNOWN, urls, error)
        except OrderError as error:
            return self.outcome(OutcomeStatus.FAILED, urls, error)
        return self.outcome(OutcomeStatus.SUCCEEDED, urls)

    def outcome(
        self, status: OutcomeStatus, urls: tuple[str, ...], error: OrderError | None = None
    ) -> Outcome:
        """What the caller is told; a server may repeat the key in its message, we never do."""
        if error is None:
            return Outcome(status, self.task, urls)
        return Outcome(status, self.task, urls, error.code, self.without_key(error.message))

    def without_key(self, text: str) -> str:
        """The text with the key taken out."""
        return text.replace(self.job.api_key, "***")

    # The order.

    def order(self) -> dict[str, object]:
        """The body of the submit: what was not asked for is left out."""
        job = self.job
        body: dict[str, object] = {"model": job.model or "gpt-4o-image", "prompt": job.prompt}
        body["n"] = job.n
        optional = {"size": job.size, "reference_images": list(job.references)}
        optional["mask_url"] = job.mask
        return body | {name: value for name, value in optional.items() if value}

    def submit(self) -> Steps:
        """Place the order; it is sent again only where nothing can have come of it."""
        content = self.encoded(self.order())
        for attempt in count():
            try:
                reply = yield self.post(content)
            except NotSentError as error:
                if attempt >= len(self.steps):
                    raise OrderError("unreachable", f"the API was not reached: {error}") from None
                yield Pause(self.backoff(attempt))
                continue
            except LostError as error:
                raise self.lost_order(error) from None
            if not self.is_busy(reply):
                break
            if attempt >= len(self.steps):
                raise self.refusal(reply)
            yield Pause(self.backoff(attempt, reply))
        self.task = self.accepted(reply)

    def encoded(self, body: dict[str, object]) -> bytes:
        """The body as bytes; half a character, which UTF-8 cannot write, is escaped."""
        return json.dumps(body).encode()

    def post(self, content: bytes) -> Call:
        """The call that submits."""
        headers = self.key() | {"Content-Type": "application/json"}
        return Call("POST", f"{self.job.base_url}/images/generations", headers, content)

    def key(self) -> dict[str, str]:
        """The header field that carries the key, for the API alone."""
        return {"Authorization": f"Bearer {self.job.api_key}"}

    def lost_order(self, error: Exception) -> OrderError:
        """What is known after a submit without a reply: nothing."""
        return Uncertain("lost_reply", f"the order may have been accepted: {error}")

    def is_busy(self, reply: Reply) -> bool:
        """Whether nothing was made and the same order may be sent later."""
        if reply.status == 503:
            return error_of(reply)[0] == "rate_limit_unavailable"
        return reply.status == 429

    def accepted(self, reply: Reply) -> str:
        """The id of the task; raises for every other reply."""
        if 400 <= reply.status < 500 and reply.status != 408:
            raise self.refusal(reply)
        body = json_object(reply)
        task = body.get("id") if body is not None else None
        if reply.status != 200 or not isinstance(task, str) or not task:
            code, message = error_of(reply)
            raise Uncertain(code, f"{reply.status}: the order may have been accepted: {message}")
        return task

    def refusal(self, reply: Reply) -> OrderError:
        """The server's own code and message."""
        code, message = error_of(reply)
        return OrderError(code, f"{reply.status}: {message}")

    def backoff(self, attempt: int, reply: Reply | None = None) -> float:
        """Seconds to wait after so many failures; longer where the server asks for it."""
        step = self.steps[min(attempt, len(self.steps) - 1)]
        asked = None if reply is None else asked_to_wait(reply, self.patience, time.time())
        return max(step, asked or 0) * (1 + random.random() * self.spread)

    # The wait.

    def wait(self) -> Steps:
        """Poll until the task has ended; the URLs of its results."""
        end = time.monotonic() + self.patience
        pause = self.first_poll + random.random() * self.interval_spread
        while True:
            if time.monotonic() + pause > end:
                raise Uncertain("deadline", f"task {self.task}: no end after {self.patience:g} s")
            yield Pause(pause)
            try:
                reply = yield self.poll()
            except (LostError, NotSentError) as error:
                pause = self.after_trouble(Uncertain("lost_reply", f"poll: {error}"))
                continue
            body = self.status(reply)
            if body is None:
                pause = self.after_trouble(Uncertain(*error_of(reply)), reply)
                continue
            self.troubles, self.was_seen = 0, True
            if self.has_ended(body):
                return result_urls(body)
            self.tell(body.get("progress"))
            pause = self.interval + random.random() * self.interval_spread

    def poll(self) -> Call:
        """The call that asks for the task's status."""
        from urllib.parse import quote

        url = f"{self.job.base_url}/images/generations/{quote(str(self.task), safe='')}"
        return Call("GET", url, self.key())

    def status(self, reply: Reply) -> dict[str, Any] | None:
        """The task in a reply, None where it may be asked for again; raises for what is final."""
        is_early = reply.status == 404 and not self.was_seen and self.troubles < 2
        if self.is_final(reply) and not is_early:
            raise self.refusal(reply)
        body = json_object(reply) if reply.status == 200 else None
        return body if body is not None and isinstance(body.get("status"), str) else None

    def is_final(self, reply: Reply) -> bool:
        """Whether a poll was refused for good: by any 4xx that is not about time or rate."""
        return 400 <= reply.status < 500 and reply.status not in self.passing

    def after_trouble(self, error: OrderError, reply: Reply | None = None) -> float:
        """Seconds until the next poll after one that went wrong; raises when it was one too many.

        Reading changes nothing, so it may be repeated; the task goes on meanwhile.
        """
        self.troubles += 1
        if self.troubles > self.tolerated:
            raise error
        usual = self.interval + random.random() * self.interval_spread
        is_refused = reply is not None and reply.status == 429
        return max(usual, self.backoff(self.troubles - 1, reply)) if is_refused else usual

    def has_ended(self, body: dict[str, Any]) -> bool:
        """Whether the task has succeeded; raises where it failed. Unknown words mean: not yet."""
        if body["status"] == "failed":
            error = body.get("error")
            known = error if isinstance(error, dict) else {}
            raise OrderError(known.get("code"), str(known.get("message") or "the task failed"))
        return body["status"] in _DONE

    def tell(self, progress: object) -> None:
        """Report the progress: only numbers, and never back."""
        is_number = isinstance(progress, (int, float)) and not isinstance(progress, bool)
        if is_number and self.shown < float(str(progress)) <= 100:
            self.shown = float(str(progress))
            self.report(self.shown)

    def check(self, urls: tuple[str, ...]) -> None:
        """Raise unless there are as many results as were ordered."""
        if len(urls) != self.job.n:
            message = f"{self.job.n} images were ordered, {len(urls)} came"
            raise OrderError("missing_results", message)

    # The files.

    def fetch(self, urls: tuple[str, ...]) -> Steps:
        """Save the images, if there is a folder for them."""
        if self.job.out_dir is not None:
            for number, url in enumerate(urls, 1):
                yield from self.fetch_one(number, url)

    def fetch_one(self, number: int, url: str) -> Steps:
        """Save one image, or raise when it cannot be had."""
        problem = ""
        for attempt in range(self.downloads):
            if attempt:
                yield Pause(self.backoff(attempt - 1))
            try:
                reply = yield self.get(url)
                if reply.status == 200:
                    self.files.save(number, reply)
                    return
                problem = str(reply.status)
                if not self.may_come(reply):
                    break
            except (LostError, NotSentError, NotAnImageError) as error:
                problem = str(error)
        raise OrderError("download_failed", f"image {number} could not be fetched: {problem}")

    def may_come(self, reply: Reply) -> bool:
        """Whether a file that was refused may be had a little later."""
        return reply.status >= 500 or reply.status == 429

    def get(self, url: str) -> Call:
        """The call for a file: without the key, for files lie on whatever host."""
        return Call("GET", url, seconds=60.0)
