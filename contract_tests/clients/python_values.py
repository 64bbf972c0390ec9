"""What a Python client returned, as an outcome."""

from dataclasses import replace
from typing import Any

from contract_tests.outcome import Outcome, OutcomeStatus

_LONGEST_SHOWN = 200
_RETURN_ONE = (
    "return contract_tests.outcome.Outcome(status, task_id, urls) so that it can be judged"
)


def returned_outcome(value: object) -> Outcome:
    """The outcome that a client returned; unknown, with what is wrong, where it is none."""
    if value is None:
        return _unknown(f"expected an Outcome, seen None: {_RETURN_ONE}")
    if not isinstance(value, Outcome):
        shown = repr(value)[:_LONGEST_SHOWN]
        return _unknown(f"expected an Outcome, seen {type(value).__name__} {shown}: {_RETURN_ONE}")
    return _tidied(value)


def _tidied(outcome: Outcome) -> Outcome:
    """The outcome with its status by its name and its URLs in a list forgiven."""
    # Nothing has checked what a client puts in.
    given: tuple[Any, Any] = outcome.status, outcome.urls
    status, urls = given
    try:
        status = OutcomeStatus(status)
    except ValueError:
        names = ", ".join(one.value for one in OutcomeStatus)
        return _unknown(f"expected a status of {names}, seen {status!r}")
    if not isinstance(urls, (list, tuple)) or not all(isinstance(one, str) for one in urls):
        return _unknown(f"expected urls as a list of texts, seen {urls!r}"[:_LONGEST_SHOWN])
    return replace(outcome, status=status, urls=tuple(urls))


def _unknown(message: str) -> Outcome:
    return Outcome(OutcomeStatus.UNKNOWN, message=message)
