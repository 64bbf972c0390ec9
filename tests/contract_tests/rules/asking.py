"""Submits of every shape, as callers ask for them."""

from dataclasses import replace
from typing import Any

from contract_tests.outcome import Outcome
from contract_tests.rules.base import samples
from contract_tests.trace import Exchange, Trace

FORM = (b"content-type", b"multipart/form-data; boundary=x")
ORDER = {"model": "sample-image", "prompt": samples.PROMPT}


def form(*fields: tuple[str, str], files: tuple[str, ...] = (), **facts: Any) -> Exchange:
    """A submit as a form, as the journal tells of it."""
    shown = {"fields": fields, "files": [[name, "a.png", 9] for name in files], "broken": None}
    return samples.submit(1, 0, shown, headers=(FORM, *samples.authorized()), **facts)


def raw(body: bytes, number: int = 1, at: float = 0, **facts: Any) -> Exchange:
    """A submit with exactly these bytes."""
    return replace(samples.submit(number, at, **facts), body=body, digest=body)


def asked(*calls: Exchange, outcome: Outcome | None = None, **job: Any) -> Trace:
    """The calls of a client whose caller asked for this."""
    return samples.trace(*calls, jobs=(samples.done(outcome, job=samples.job(**job)),))
