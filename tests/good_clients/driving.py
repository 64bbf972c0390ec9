"""Driving a job: the calls and pauses that it asks for, one after the other."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from contract_tests import Outcome
from tests.good_clients.careful import Work
from tests.good_clients.steps import Call, LostError, NotSentError, Pause, Reply

Send: TypeAlias = Callable[[Call], Reply]
SendAsync: TypeAlias = Callable[[Call], Awaitable[Reply]]


def drive(work: Work, send: Send, sleep: Callable[[float], None]) -> Outcome:
    """Do a job with a library that blocks."""
    reply: Reply | None = None
    problem: Exception | None = None
    while True:
        try:
            step = work.send(reply) if problem is None else work.throw(problem)
        except StopIteration as end:
            outcome: Outcome = end.value
            return outcome
        reply = problem = None
        if isinstance(step, Pause):
            sleep(step.seconds)
            continue
        try:
            reply = send(step)
        except (LostError, NotSentError) as error:
            problem = error


async def drive_async(
    work: Work, send: SendAsync, sleep: Callable[[float], Awaitable[None]]
) -> Outcome:
    """Do a job with a library that is awaited."""
    reply: Reply | None = None
    problem: Exception | None = None
    while True:
        try:
            step = work.send(reply) if problem is None else work.throw(problem)
        except StopIteration as end:
            outcome: Outcome = end.value
            return outcome
        reply = problem = None
        if isinstance(step, Pause):
            await sleep(step.seconds)
            continue
        try:
            reply = await send(step)
        except (LostError, NotSentError) as error:
            problem = error
