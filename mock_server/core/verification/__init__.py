"""Verification: what a test expects of the calls of a session, and what their trace says of it."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from mock_server.core.finding import Finding
from mock_server.core.trace import Trace
from mock_server.core.verification.check import Check
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

    Raises ValueError for an unknown check, and for parameters that contradict each other.
    """
    options = {name: value for name, value in expectation.items() if name != "check"}
    word = expectation.get("check")
    if not isinstance(word, str) or word not in CHECKS:
        raise ValueError(f"check: expected one of {', '.join(CHECKS)}, seen {word!r}")
    return CHECKS[word].read(options)


def verify(trace: Trace, checks: Iterable[Check]) -> tuple[Finding, ...]:
    """What a trace says of each check, in their order."""
    return tuple(check.judge(trace) for check in checks)


def is_decided(checks: Iterable[Check], findings: Iterable[Finding]) -> bool:
    """Whether neither more calls nor more time can turn these findings into passes."""
    pairs = zip(checks, findings, strict=True)
    return any(check.is_settled(finding) for check, finding in pairs)
