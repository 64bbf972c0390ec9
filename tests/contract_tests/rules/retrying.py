"""Refusals and troubles, and jobs that end with them."""

from dataclasses import replace
from typing import Any

from contract_tests.outcome import Outcome
from contract_tests.rules.base import samples
from contract_tests.trace import Exchange, Trace

SUBMIT = samples.submit(1, 0)
FAILURE = samples.failed("some_error", "it failed")
SUCCESS = samples.succeeded()
DOG = {"model": "sample-image", "prompt": "a dog"}
LEFT_EARLY: dict[str, Any] = {
    "head_wait": 5.0,
    "total_wait": 5.0,
    "aborted": True,
    "ended": samples.START + 1,
}


def jobs(count: int, outcome: Outcome | None = FAILURE, **job: Any) -> dict[str, Any]:
    """So many equal jobs."""
    done = [samples.done(outcome, job=samples.job(id=str(n), **job)) for n in range(count)]
    return {"jobs": tuple(done)}


def refusals(*times: float, status: int | None = 429, **facts: Any) -> list[Exchange]:
    """Submits at these times, all of them turned down."""
    return [samples.refused(n, at, status, **facts) for n, at in enumerate(times, 1)]


def polls(*statuses: int | None, every: float = 5.0, **facts: Any) -> list[Exchange]:
    """Polls with these answers, one after the other."""
    return [
        samples.poll(number, every * number, status=status, fault=None, **facts)
        for number, status in enumerate(statuses, 2)
    ]


def polled(*statuses: int | None, outcome: Outcome | None = FAILURE, **facts: Any) -> Trace:
    """A task that was polled with these answers, and reported so."""
    return samples.trace(SUBMIT, *polls(*statuses), outcome=outcome, **facts)


def upload(number: int, at: float, digest: bytes = b"a", **facts: Any) -> Exchange:
    return replace(
        samples.refused(number, at, operation="upload", **{"status": 400, **facts}), digest=digest
    )


def stopped(outcome: Outcome | None = FAILURE, **facts: Any) -> dict[str, Any]:
    """A job that its caller stopped."""
    return {"jobs": (samples.done(outcome, stopped=samples.START + 1, **facts),)}


def given_up(*calls: Exchange, **facts: Any) -> Trace:
    return samples.trace(*calls, **{"outcome": FAILURE, **facts})


MOST = samples.BACKOFF.retries_at_most
