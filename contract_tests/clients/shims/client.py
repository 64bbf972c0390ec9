"""A small client in Python, to start from: orders images, waits for them, reports in JSON.

    BASE_URL=http://127.0.0.1:8080/v1 API_KEY=sk-... python3 client.py --prompt="A red fox" --n=2

It needs nothing but Python's own library. The last line that it prints is its outcome.
"""

import argparse
import email.utils
import json
import os
import random
import signal
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import zlib
from http.client import HTTPException
from pathlib import Path
from typing import Any

POLL_SECONDS = 5.0
LONGEST_WAIT_SECONDS = 120.0
BACKOFF_SECONDS = (1, 2, 4, 8)
LONGEST_PAUSE_SECONDS = 45.0
MOST_TROUBLES_IN_A_ROW = 6
# A silence and a whole call may take so long; some servers send a byte a second.
SILENCE_SECONDS, CALL_SECONDS = 30.0, 60.0
DONE = ("succeeded", "completed")
USER_AGENT = "image-client/1.0"


class OrderError(Exception):
    """Why there are no images; ``status`` is the word for it in the outcome."""

    def __init__(self, message: str, code: object = None, status: str = "failed") -> None:
        super().__init__(message)
        self.code, self.status = code, status


class Stopped(BaseException):
    """Somebody told this process to stop."""


class Reply:
    """A reply that came whole."""

    def __init__(self, status: int, headers: Any, content: bytes) -> None:
        self.status, self.headers = status, headers
        is_packed = "gzip" in (headers.get("content-encoding") or "").lower()
        self.content = zlib.decompress(content, 47) if is_packed else content

    def json(self) -> dict[str, Any]:
        """The JSON object in it, an empty one if there is none."""
        try:
            value = json.loads(self.content)
        except (ValueError, RecursionError):
            return {}
        return value if isinstance(value, dict) else {}

    def error(self, status: str = "failed") -> OrderError:
        """What it says is wrong."""
        body = self.json()
        return told(body.get("error") or body, f"HTTP status {self.status}", self.status, status)

    def retry_after(self) -> float:
        """The seconds that it asks to wait, 0 where it asks for nothing sensible."""
        text = (self.headers.get("retry-after") or "").strip()
        try:
            is_number = text.isascii() and text.isdigit()
            date = None if is_number else email.utils.parsedate_to_datetime(text)
            seconds = float(text) if date is None else date.timestamp() - time.time()
        except (ValueError, TypeError, OverflowError):
            return 0.0
        return seconds if 0 < seconds <= LONGEST_PAUSE_SECONDS else 0.0


def told(error: object, message: str, code: object, status: str = "failed") -> OrderError:
    """The server's own words on an error, as far as there are any."""
    found = error if isinstance(error, dict) else {}
    if type(found.get("code")) in (str, int):
        code = found["code"]
    if isinstance(found.get("message"), str):
        message = found["message"]
    return OrderError(message, code, status)


class AsItIs(urllib.request.HTTPErrorProcessor):
    """Every reply is handed on: no redirect is followed, for the key is for one host alone."""

    def http_response(self, request: object, response: Any) -> Any:
        """The reply itself, whatever its status."""
        return response

    https_response = http_response


OPENER = urllib.request.build_opener(AsItIs)
# What goes wrong on the way to a reply that is whole.
BROKEN = (OSError, HTTPException, zlib.error, ValueError)


def send(request: urllib.request.Request) -> Reply:
    """Make one call."""
    deadline = time.monotonic() + CALL_SECONDS
    with OPENER.open(request, timeout=SILENCE_SECONDS) as response:
        content = bytearray()
        while piece := response.read1(65536):
            content += piece
            if time.monotonic() > deadline:
                raise TimeoutError("the reply takes too long")
        if response.length:
            raise ConnectionError("the reply was cut")
        return Reply(response.status, response.headers, bytes(content))


def call(path: str, order: dict[str, object] | None = None) -> Reply:
    """Call the API."""
    headers = {
        "Authorization": f"Bearer {os.environ['API_KEY']}",
        "Accept-Encoding": "gzip",
        "User-Agent": USER_AGENT,
    }
    data = None
    if order is not None:
        headers["Content-Type"] = "application/json"
        data = json.dumps(order).encode()
    url = f"{os.environ['BASE_URL'].rstrip('/')}/{path}"
    return send(urllib.request.Request(url, data, headers))


def pause(seconds: float, asked: float = 0.0) -> None:
    """Wait so long, or as long as asked; the jitter keeps clients apart."""
    time.sleep(max(seconds, asked) * random.uniform(1.0, 1.25))


def submit(order: dict[str, object]) -> str:
    """Place the order, once: it is paid for as soon as it is accepted. The id of its task."""
    for seconds in (*BACKOFF_SECONDS, None):
        try:
            reply = call("images/generations", order)
        except urllib.error.URLError as error:
            refused = isinstance(error.reason, ConnectionRefusedError)
            raise OrderError(str(error), "no_reply", "failed" if refused else "unknown") from None
        except BROKEN as error:
            raise OrderError(f"no whole reply: {error!r}", "no_reply", "unknown") from None
        if reply.status != 429 or seconds is None:
            break
        pause(seconds, reply.retry_after())
    if reply.status != 200:
        raise reply.error("failed" if 400 <= reply.status < 500 else "unknown")
    task_id = reply.json().get("id")
    if not isinstance(task_id, str) or not task_id:
        raise OrderError("the reply names no task", "no_task", "unknown")
    return task_id


class Waiting:
    """Polls one task until it has ended."""

    def __init__(self, task_id: str) -> None:
        self.task_id = task_id
        self.path = f"images/generations/{urllib.parse.quote(task_id, safe='')}"
        self.progress: list[float] = []
        self.troubles = 0
        self.is_known = False

    def result(self) -> list[str]:
        """The URLs of the images."""
        deadline = time.monotonic() + LONGEST_WAIT_SECONDS
        seconds, asked = POLL_SECONDS, 0.0
        while time.monotonic() + max(seconds, asked) < deadline:
            pause(seconds, asked)
            seconds, asked = POLL_SECONDS, 0.0
            try:
                reply = call(self.path)
            except BROKEN as error:
                self.put_up_with(OrderError(f"no whole reply: {error!r}", "no_reply", "unknown"))
                continue
            task = reply.json()
            if reply.status == 200 and task:
                self.troubles, self.is_known = 0, True
                if (urls := self.look(task)) is not None:
                    return urls
                continue
            self.put_up_with(reply.error("unknown"), reply.status)
            if reply.status == 429:
                seconds, asked = 2.0 ** (self.troubles - 1), reply.retry_after()
        raise OrderError("the task takes too long; it may end later", "timeout", "unknown")

    def put_up_with(self, error: OrderError, status: int = 0) -> None:
        """Go on after some trouble, for reading a status changes nothing, but not for ever."""
        self.troubles += 1
        # A new task may not be known everywhere at once.
        is_new = status == 404 and not self.is_known and self.troubles < 3
        is_refused = 400 <= status < 500 and status != 429 and not is_new
        if is_refused or self.troubles > MOST_TROUBLES_IN_A_ROW:
            error.status = "failed" if status in range(400, 500) else "unknown"
            raise error

    def look(self, task: dict[str, Any]) -> list[str] | None:
        """The URLs if the task has succeeded, None while it goes on."""
        progress: Any = task.get("progress")
        if type(progress) in (int, float) and max(self.progress, default=0) <= progress <= 100:
            self.progress.append(progress)
        if task.get("status") == "failed":
            raise told(task.get("error"), "the task failed", "failed")
        if task.get("status") not in DONE:
            return None
        result = task.get("result")
        data = result.get("data") if isinstance(result, dict) else None
        items = [item for item in data if isinstance(item, dict)] if isinstance(data, list) else []
        return [item["url"] for item in items if isinstance(item.get("url"), str)]


def is_whole(image: bytes) -> bool:
    """Whether an image has its end: PNG, JPEG or WebP."""
    if image.startswith(b"RIFF"):
        return len(image) >= int.from_bytes(image[4:8], "little") + 8
    is_png = image.startswith(b"\x89PNG") and image.endswith(b"IEND\xaeB`\x82")
    return is_png or (image.startswith(b"\xff\xd8") and image.endswith(b"\xff\xd9"))


def download(url: str, file: Path) -> None:
    """Save one image, whole or not at all; the key stays at home."""
    address = urllib.parse.quote(url, safe="%/:?#[]@!$&'()*+,;=~")
    try:
        reply = send(urllib.request.Request(address, headers={"User-Agent": USER_AGENT}))
    except BROKEN as error:
        raise OrderError(f"{file.name} could not be fetched: {error!r}", "download") from None
    if reply.status != 200:
        raise OrderError(f"{file.name} could not be fetched: {reply.status}", "download")
    if not is_whole(reply.content):
        raise OrderError(f"{file.name} is no whole image", "download")
    file.write_bytes(reply.content)


def read_order() -> tuple[dict[str, object], Path | None]:
    """The body of the order, what was not asked for left out, and where to save the images."""
    parser = argparse.ArgumentParser(description="Order images.")
    parser.add_argument("--prompt", required=True)
    parser.add_argument("--n", type=int, default=1, help="how many")
    parser.add_argument("--size", help="such as 3:2")
    parser.add_argument("--model", default="gpt-4o-image")
    parser.add_argument("--reference_images", action="append", help="a URL; repeatable")
    parser.add_argument("--mask_url", help="URL of a mask")
    parser.add_argument("--out-dir", type=Path, help="where to save the images")
    order = {name: value for name, value in vars(parser.parse_args()).items() if value is not None}
    return order, order.pop("out_dir", None)


def stop(*_: object) -> None:
    """Stop at once, but say so."""
    raise Stopped


def main() -> int:
    """Do the job; the exit status is 0 for a success."""
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    order, folder = read_order()
    outcome: dict[str, object] = {"status": "unknown"}
    try:
        waiting = Waiting(submit(order))
        outcome |= {"task_id": waiting.task_id, "progress": waiting.progress}
        outcome["urls"] = urls = waiting.result()
        if len(urls) != order["n"]:
            raise OrderError(f"{order['n']} ordered, {len(urls)} came", "missing_images")
        for number, url in enumerate(urls if folder else (), 1):
            download(url, Path(folder or ".") / f"image-{number}")
        outcome["status"] = "succeeded"
    except OrderError as error:
        outcome |= {"status": error.status, "code": error.code, "message": str(error)}
    except Stopped:
        outcome["status"] = "cancelled"
    print(json.dumps(outcome), flush=True)
    return 0 if outcome["status"] == "succeeded" else 1


if __name__ == "__main__":
    sys.exit(main())
