"""Order images, wait for them and save them: a complete client in Python, with httpx.

    BASE_URL=http://127.0.0.1:8080/v1 API_KEY=sk-... python python_httpx.py "A red fox" --n 2

It polls as the API advises, backs off 1, 2 and 4 seconds with jitter when it is told 429, and never
sends an order twice that may have been accepted, for every order is paid for.
"""

import argparse
import os
import random
import sys
import time
from collections.abc import Callable
from datetime import UTC
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import httpx

BACKOFF_SECONDS = (1, 2, 4)
LONGEST_PAUSE_SECONDS = 60
LONGEST_WAIT_SECONDS = 120
POLL_FAILURES_TOLERATED = 3
# The API's documents disagree on the word for success, so both are known here.
DONE = {"succeeded", "completed"}
ENDINGS = {"image/png": ".png", "image/jpeg": ".jpg", "image/webp": ".webp"}


class OrderError(Exception):
    """Why there are no images; ``status`` is the API's HTTP status code, 0 when it gave none."""

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(f"{status}: {message}" if status else message)
        self.status = status


def checked(reply: httpx.Response) -> dict[str, Any]:
    """The JSON object in a reply; an OrderError for every refusal."""
    try:
        body = reply.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise OrderError("the reply is no JSON object", reply.status_code)
    if reply.status_code != 200:
        error = body.get("error")
        message = error.get("message") if isinstance(error, dict) else None
        raise OrderError(str(message or "no message"), reply.status_code)
    return body


def asked_seconds(reply: httpx.Response) -> float:
    """What a reply asks to wait, as a number of seconds or until a date; 0 for anything else."""
    asked = reply.headers.get("retry-after", "")
    if asked.isascii() and asked.isdigit():
        return min(float(asked), LONGEST_PAUSE_SECONDS)
    try:
        date = parsedate_to_datetime(asked)
    except ValueError:
        return 0
    # Without a zone it is one of those old dates that are always UTC.
    seconds = date.replace(tzinfo=date.tzinfo or UTC).timestamp() - time.time()
    return min(seconds, LONGEST_PAUSE_SECONDS)


def pause(reply: httpx.Response, seconds: float) -> None:
    """Wait so long, or longer if the reply asks for it; the jitter keeps clients apart."""
    time.sleep(max(seconds, asked_seconds(reply)) * random.uniform(1, 1.25))


def patiently(call: Callable[[], httpx.Response]) -> dict[str, Any]:
    """Make a call again after each 429, a little later every time; all else is final at once."""
    for seconds in BACKOFF_SECONDS:
        reply = call()
        if reply.status_code != 429:
            return checked(reply)
        pause(reply, seconds)
    return checked(call())


def submit(api: httpx.Client, order: dict[str, object]) -> str:
    """Place an order; the id of its task."""
    try:
        task = patiently(lambda: api.post("images/generations", json=order))
    except httpx.ConnectError:
        raise
    except httpx.TransportError as error:
        # Sent again, it could be paid for twice: a person has to look.
        raise OrderError(f"the order may have been accepted: {error!r}") from error
    if not isinstance(task.get("id"), str):
        raise OrderError("the order was accepted, but its id is missing")
    return str(task["id"])


def wait(api: httpx.Client, task_id: str, every: float) -> list[str]:
    """Poll until the task has ended; the URLs of its images."""
    deadline = time.monotonic() + LONGEST_WAIT_SECONDS
    failures = 0
    while time.monotonic() < deadline:
        time.sleep(every * random.uniform(1, 1.1))
        try:
            task = patiently(lambda: api.get(f"images/generations/{task_id}"))
        except (httpx.TransportError, OrderError) as error:
            # Reading a status changes nothing, so a hiccup on the way may be waited out.
            failures += 1
            is_final = isinstance(error, OrderError) and 400 <= error.status < 500
            if is_final or failures > POLL_FAILURES_TOLERATED:
                raise
            continue
        failures = 0
        if task.get("status") in DONE:
            return [item["url"] for item in task.get("result", {}).get("data", [])]
        if task.get("status") == "failed":
            raise OrderError(f"task {task_id} failed: {task.get('error', {}).get('message')}")
    raise OrderError(f"task {task_id} had not ended after {LONGEST_WAIT_SECONDS} seconds")


def download(url: str, folder: Path, number: int) -> Path:
    """Save one image. The files are on another host, so the key is not sent along."""
    reply = httpx.get(url, timeout=60).raise_for_status()
    kind = reply.headers.get("content-type", "").partition(";")[0]
    if kind not in ENDINGS:
        raise OrderError(f"image {number} is {kind or 'of no type'}")
    path = folder / f"image-{number}{ENDINGS[kind]}"
    path.write_bytes(reply.content)
    return path


def run(prompt: str, n: int, size: str, folder: Path, every: float) -> None:
    """Order, wait, save."""
    order = {"model": "gpt-4o-image", "prompt": prompt, "size": size, "n": n}
    key = {"Authorization": f"Bearer {os.environ['API_KEY']}"}
    with httpx.Client(base_url=os.environ["BASE_URL"], headers=key, timeout=30) as api:
        task_id = submit(api, order)
        print(f"task {task_id}")
        urls = wait(api, task_id, every)
    folder.mkdir(parents=True, exist_ok=True)
    for number, url in enumerate(urls, 1):
        print(download(url, folder, number))
    if len(urls) != n:
        raise OrderError(f"{n} images were ordered, {len(urls)} came")


def main() -> None:
    """Read the command line; errors become one line and exit code 1."""
    parser = argparse.ArgumentParser(description="Order images and save them.")
    parser.add_argument("prompt")
    parser.add_argument("--n", type=int, default=1, help="how many images")
    parser.add_argument("--size", default="1:1", help="1:1, 2:3 or 3:2")
    parser.add_argument("--folder", type=Path, default=Path("images"), help="where to save them")
    parser.add_argument("--every", type=float, default=5, help="seconds between two polls")
    try:
        run(**vars(parser.parse_args()))
    except (OrderError, httpx.HTTPError) as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
