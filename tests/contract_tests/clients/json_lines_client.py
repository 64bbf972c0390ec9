"""A long-lived client for tests: does what the prompt of each job says, in lines of JSON."""

import json
import os
import signal
import socket
import sys
import threading
import time
from typing import Any

READY = json.loads(os.environ.get("READY", '{"abilities": ["parallel", "cancels"]}'))


def say(kind: str, **members: Any) -> None:
    print(json.dumps({"type": kind, **members}), flush=True)


def succeed(job_id: str, **members: Any) -> None:
    say("result", id=job_id, outcome={"status": "succeeded", "task_id": job_id, **members})


def die(job_id: str, key: str) -> None:
    print("boom", file=sys.stderr, flush=True)
    os._exit(7)


def crash(job_id: str, key: str) -> None:
    raise KeyError("id")


def hang(job_id: str, key: str) -> None:
    print("hanging", file=sys.stderr, flush=True)
    threading.Event().wait()


def garbage(job_id: str, key: str) -> None:
    print("Loading model...\n[1]\n\n" + "x" * 300, flush=True)


def leak(job_id: str, key: str) -> None:
    print(key, flush=True)
    print(key, file=sys.stderr, flush=True)


def flood(job_id: str, key: str) -> None:
    print("y" * 3_000_000, flush=True)


def nonsense(job_id: str, key: str) -> None:
    say("result", id=job_id, outcome={"status": "great"})


def raw(job_id: str, key: str) -> None:
    say("result", id=job_id, raised="KeyError")


def typed(job_id: str, key: str) -> None:
    say("result", id=job_id, raised="OrderError", outcome={"status": "failed", "code": "busy"})


def now(job_id: str, key: str) -> None:
    while waiting:
        succeed(waiting.pop())


def progress(job_id: str, key: str) -> None:
    say("progress", id=job_id, progress=10)
    say("progress", id="nobody", progress=10)
    say("progress", id=job_id, progress=100)


def slowly(job_id: str, key: str) -> None:
    time.sleep(0.05)


def leave(job_id: str, key: str) -> None:
    sockets.append(socket.socket())


sockets: list[socket.socket] = []
DEEDS = [die, crash, hang, garbage, leak, flood, nonsense, now, progress, slowly, leave]
DEEDS += [raw, typed]


def do(message: dict[str, Any]) -> None:
    """Do one job; ``later`` ones stay open until one is done ``now``."""
    job_id, word = message["id"], message["job"]["prompt"]
    if word == "later":
        waiting.append(job_id)
        return
    for deed in DEEDS:
        if deed.__name__ == word:
            deed(job_id, message["api_key"])
    told = [json.dumps(message)] if word == "tell" else []
    succeed(job_id, urls=told, message=str(os.getpid()))


waiting: list[str] = []
if "STUBBORN" in os.environ:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
for line in sys.stdin:
    told = json.loads(line)
    if told["type"] == "start":
        say("ready", **READY)
    elif told["type"] == "run":
        do(told)
    elif told["type"] == "cancel":
        waiting.remove(told["id"])
        say("result", id=told["id"], outcome={"status": "cancelled"})
    elif told["type"] == "stop" and "STUBBORN" not in os.environ:
        break
