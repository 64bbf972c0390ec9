"""Verification: what a test expects of the calls of a session, and what their trace says of it."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from mock_server.core.finding import Finding
from mock_server.core.trace import Trace
from mock_server.core.verification.check import Check, ExpectationError
from mock_server.core.verification.checks.backoff import Backoff
from mock_server.core.verification.checks.count import Count
from mock_server.core.verification.checks.first_poll import FirstPoll
from mock_server.core.verification.checks.in_flight import InFlight
from mock_server.core.verification.checks.order import Order
from mock_server.core.verification.checks.own_tasks import OwnTasks
from mock_server.core.verification.checks.poll_gaps import PollGaps
from mock_server.core.verification.checks.poll_promptly import PollPromptly
from mock_server.core.verification.checks.quiet_after_end import QuietAfterEnd
from mock_server.core.verification.checks.retries_bounded import RetriesBounded
from mock_server.core.verification.checks.retries_enough import RetriesEnough
from mock_server.core.verification.checks.retry_after import RetryAfter
from mock_server.core.verification.checks.stop_after import StopAfter
from mock_server.core.verification.checks.submit_once import SubmitOnce

_TYPES: tuple[type[Check], ...] = (
    Backoff,
    Count,
    FirstPoll,
    InFlight,
    Order,
    OwnTasks,
    PollGaps,
    PollPromptly,
    QuietAfterEnd,
    RetriesBounded,
    RetriesEnough,
    RetryAfter,
    StopAfter,
    SubmitOnce,
)
# All that can be checked, by the word for it in ``schemas/verification.schema.json``.
CHECKS: Mapping[str, type[Check]] = MappingProxyType({check.id: check for check in _TYPES})


def read_check(expectation: Mapping[str, Any]) -> Check:
    """The check that an expectation describes; it is to obey the schema.

    Raises :class:`ExpectationError` for an unknown check or parameter, and for parameters that
    contradict each other.
    """
    options = {name: value for name, value in expectation.items() if name != "check"}
    word = expectation.get("check")
    if not isinstance(word, str) or word not in CHECKS:
        raise ExpectationError("check", f"one of {', '.join(CHECKS)}", repr(word))
    known = CHECKS[word].words()
    for name in options:
        if name not in known:
            expected = f"one of {', '.join(known)}" if known else "no parameters"
            raise ExpectationError(word, expected, repr(name))
    return CHECKS[word].read({name: _whole(value) for name, value in options.items()})


def _whole(value: Any) -> Any:
    """A JSON value in which 2.0 is 2, as JSON means it."""
    if isinstance(value, dict):
        return {name: _whole(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_whole(one) for one in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def verify(trace: Trace, checks: Iterable[Check]) -> tuple[Finding, ...]:
    """What a trace says of each check, in their order."""
    return tuple(check.judge(trace) for check in checks)


def is_decided(checks: Iterable[Check], findings: Iterable[Finding]) -> bool:
    """Whether neither more calls nor more time can turn these findings into passes."""
    pairs = zip(checks, findings, strict=True)
    return any(check.is_settled(finding) for check, finding in pairs)
