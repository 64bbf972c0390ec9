"""Samples of calls whose replies are lost."""

from contract_tests.rules.base import samples
from contract_tests.trace import Exchange

# How long the sample's caller waits for a reply that never comes, in seconds.
TIMEOUT = 30.0


def unanswered(number: int, at: float, task: str = "t1") -> Exchange:
    """A submit that makes a task, and whose caller leaves before there is a reply."""
    return samples.submit(
        number,
        at,
        status=None,
        task=task,
        created=True,
        told=False,
        content=b"",
        fault="lost_reply(hang)",
        moment="after",
        head_wait=1e9,
        total_wait=1e9,
        ended=samples.START + at + TIMEOUT,
        aborted=True,
    )


def reset_after(number: int, at: float, task: str = "t1") -> Exchange:
    """A submit that makes a task, and whose reply is a reset."""
    return samples.submit(
        number,
        at,
        status=None,
        task=task,
        created=True,
        told=False,
        content=b"",
        fault="lost_reply",
        moment="after",
    )


def reset_before(number: int, at: float) -> Exchange:
    """A submit that makes nothing, and whose reply is a reset."""
    return samples.submit(
        number, at, status=None, told=False, content=b"", fault="reset", moment="before"
    )


def dropped_poll(number: int, at: float) -> Exchange:
    """A poll whose reply is a reset."""
    return samples.poll(
        number, at, status=None, told=False, content=b"", fault="reset", moment="before"
    )
