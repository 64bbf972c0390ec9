"""Runs of small clients against the real engine, for the tests of traces and checks."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from mock_server.core.call import Call, FilePart, Form
from mock_server.core.contract import Contract
from mock_server.core.engine import answer
from mock_server.core.finding import Finding
from mock_server.core.image_facts import ImageFacts
from mock_server.core.keys import Keyring
from mock_server.core.lifecycle import Phase, Stage
from mock_server.core.scenario import Scenario, fixed
from mock_server.core.script import Headers
from mock_server.core.trace import Trace, trace_of
from mock_server.core.verification import read_check
from mock_server.core.world import Bounds, World, new_world
from mock_server.loading.faults import read_fault
from mock_server.loading.profiles import load_profile

NOW = 1_800_000_000.0
KEY = "sk-test0123456789abcdefghijklmnopqrstuvwxyz0123456789"
BASE = "http://127.0.0.1:8080/s/a"
SUBMIT = "/v1/images/generations"


@cache
def profile(name: str) -> Contract:
    return load_profile(name)


@dataclass
class Run:
    """A client that does what it is told; ``at`` is in seconds from the start."""

    world: World
    numbers: int = 0
    tasks: list[str] = field(default_factory=list)

    def call(
        self,
        at: float,
        method: str,
        path: str,
        body: bytes = b"",
        *,
        fault: str | None = None,
        headers: Headers = (),
        query: str = "",
        key: str | None = KEY,
        form: Form | None = None,
        picture: bytes | None = None,
    ) -> "Run":
        self.numbers += 1
        own: Headers = ((b"content-type", b"application/json"),) if body else ()
        if form is not None:
            own = ((b"content-type", b"multipart/form-data"),)
        if key is not None:
            own = (*own, (b"authorization", b"Bearer " + key.encode()))
        call = Call(
            self.numbers,
            method,
            path,
            query,
            headers=(*own, *headers),
            body=body,
            base=BASE,
            form=form,
            picture=picture,
            fault=None if fault is None else read_fault(fault),
        )
        answer(self.world, call, NOW + at)
        last = self.world.journal.last
        if last is not None and last.created and last.task is not None:
            self.tasks.append(last.task)
        return self

    def submit(self, at: float, prompt: str = "a cat", **options: Any) -> "Run":
        body = {"model": "gpt-4o-image", "prompt": prompt}
        return self.call(at, "POST", SUBMIT, json.dumps(body).encode(), **options)

    def poll(self, at: float, task: str | None = None, **options: Any) -> "Run":
        """Poll a task, the latest one if none is named."""
        return self.call(at, "GET", f"{SUBMIT}/{task or self.tasks[-1]}", **options)

    def upload(self, at: float) -> "Run":
        image = ImageFacts("image/png", 8, 8, False, 22)
        form = Form(files=(FilePart("file", "a.png", b"a picture", image),))
        return self.call(at, "POST", "/v1/uploads/images", form=form)

    def delivered(self, at: float, *, aborted: bool = False) -> "Run":
        """Note the end of the latest delivery, as the edge does."""
        last = self.world.journal.last
        assert last is not None
        last.ended, last.aborted = NOW + at, aborted
        return self

    def trace(self, **options: Any) -> Trace:
        return trace_of(self.world, **options)

    def judged(self, expectation: Mapping[str, Any], taken: float | None = None) -> Finding:
        now = None if taken is None else NOW + taken
        return read_check(expectation).judge(self.trace(now=now))


def run(
    name: str = "guide",
    *stages: Stage,
    bounds: Bounds | None = None,
    keyring: Keyring | None = None,
) -> Run:
    """A run in a new world whose tasks go through these stages."""
    usual = (
        Stage(Phase.QUEUED),
        Stage(Phase.RUNNING, 50, seconds=2),
        Stage(Phase.SUCCEEDED, 100, seconds=12),
    )
    scenario = Scenario(timelines=(fixed(*(stages or usual)),))
    ring = keyring or Keyring({}, any_key=True)
    return Run(new_world("a", profile(name), scenario, ring, bounds or Bounds(), b"secret"))
