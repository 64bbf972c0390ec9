"""Polls with results, and what callers are told of them."""

from typing import Any

from contract_tests.outcome import Outcome
from contract_tests.rules.base import samples
from contract_tests.trace import Exchange, Trace
from mock_server.core.lifecycle import Phase

SUBMIT = samples.submit(1, 0)
SUCCESS = samples.poll(2, 5, Phase.SUCCEEDED)
FAILURE = samples.poll(2, 5, Phase.FAILED)


def told(*calls: Exchange, outcome: Outcome | None, **facts: Any) -> Trace:
    return samples.trace(*calls, jobs=(samples.done(outcome, **facts),))
