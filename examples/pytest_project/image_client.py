"""A small client of an asynchronous image API: it orders images and waits for them."""

import random
import time
from collections.abc import Callable
from typing import Any

import httpx

POLL_SECONDS = 5.0
PATIENCE_SECONDS = 120.0
MOST_ATTEMPTS = 5


class ImageError(Exception):
    """No images were made; ``code`` is what the API calls the reason."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


class OutcomeUnknownError(Exception):
    """The order was sent and no answer came: it may have been accepted, and charged."""


class ImageClient:
    """Talks to the API at ``base_url`` (with ``/v1``); ``sleep`` waits for so many seconds."""

    def __init__(
        self, base_url: str, api_key: str, sleep: Callable[[float], object] = time.sleep
    ) -> None:
        self._http = httpx.Client(
            base_url=base_url, headers={"Authorization": f"Bearer {api_key}"}, timeout=30
        )
        self._sleep = sleep

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def generate(self, prompt: str, count: int = 1) -> list[str]:
        """The addresses of ``count`` images; raises ImageError and OutcomeUnknownError."""
        task = self._submit({"model": "gpt-4o-image", "prompt": prompt, "n": count})
        waited = 0.0
        while waited < PATIENCE_SECONDS:
            self._sleep(POLL_SECONDS)
            waited += POLL_SECONDS
            status = self._read(task)
            if status["status"] in ("succeeded", "completed"):
                return [image["url"] for image in status["result"]["data"]]
            if status["status"] == "failed":
                raise ImageError(status["error"]["code"], status["error"]["message"])
        raise ImageError("timeout", f"task {task} took more than {PATIENCE_SECONDS:g} s")

    def _submit(self, order: dict[str, Any]) -> str:
        for attempt in range(MOST_ATTEMPTS):
            try:
                reply = self._http.post("images/generations", json=order)
            except httpx.ConnectError:
                raise
            except httpx.TransportError as error:
                # Ordering again could mean paying twice.
                raise OutcomeUnknownError(str(error)) from error
            if reply.status_code != 429:
                break
            self._sleep(_pause(reply, attempt))
        return str(_answer(reply)["id"])

    def _read(self, task: str) -> Any:
        for attempt in range(MOST_ATTEMPTS):
            try:
                reply = self._http.get(f"images/generations/{task}")
            except httpx.TransportError:
                # Reading costs nothing, so it can be tried again.
                self._sleep(_pause(None, attempt))
                continue
            if reply.status_code != 429 and reply.status_code < 500:
                return _answer(reply)
            self._sleep(_pause(reply, attempt))
        raise ImageError("unreachable", f"task {task} could not be read {MOST_ATTEMPTS} times")


def _pause(reply: httpx.Response | None, attempt: int) -> float:
    """Seconds to wait: what the server asks for, else 1, 2, 4, ... and a bit of chance."""
    asked = "" if reply is None else reply.headers.get("retry-after", "")
    backoff = 2.0**attempt * random.uniform(1, 1.25)
    if asked.isdigit():
        return max(float(asked), backoff)
    return backoff


def _answer(reply: httpx.Response) -> Any:
    value = reply.json()
    if reply.is_error:
        raise ImageError(str(value["error"]["code"]), value["error"]["message"])
    return value
