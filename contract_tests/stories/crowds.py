"""Many jobs at once, and many clients."""

from collections.abc import Iterator
from dataclasses import replace

from contract_tests.stories.lives import TWO_POLLS, done_after, failed_after
from contract_tests.stories.telling import Teller, Told
from mock_server.core.client_plan import ClientPlan
from mock_server.core.scenario import TimelinePlan

_MANY = 20
_FEW = 6
# Runs follow each other: only what is open after each of them shows a leak.
_SOAK = 6


def crowds(teller: Teller) -> Iterator[Told]:
    """Jobs side by side that end in another order, herds, and long days."""
    yield from _jobs(teller)
    yield from _troubled_jobs(teller)
    yield from _clients(teller)


_MIXED = ("results-not-mixed", "own-tasks-only", "concurrency-limit", "exact-results")


def _jobs(teller: Teller) -> Iterator[Told]:
    tell = teller.tell
    for jobs in (_FEW, _MANY):
        yield tell(
            f"crowds/{jobs}-jobs",
            f"{jobs} jobs at once end in another order than they began",
            "Each caller must get the images that it ordered, and no other's.",
            *_MIXED,
            life=shuffled(jobs),
            client=ClientPlan(jobs=jobs),
            quick=jobs == _FEW,
        )
    yield tell(
        "crowds/soak",
        "Six jobs at once, six times over: more than a hundred calls",
        "A socket or a file that is left open with each job is a crash after a day.",
        *("no-leaks", "results-not-mixed", "concurrency-limit"),
        client=ClientPlan(jobs=_FEW, runs=_SOAK),
        quick=False,
    )


def _troubled_jobs(teller: Teller) -> Iterator[Told]:
    tell = teller.tell
    yield tell(
        "crowds/some-fail",
        "Of six jobs at once every second fails",
        "What happens to one job is no business of the others.",
        *(*_MIXED[:2], "failure-is-an-error"),
        life=[replace(life, times=1) for life in _every_second_fails()],
        client=ClientPlan(jobs=_FEW),
        quick=False,
    )
    yield tell(
        "crowds/trouble",
        "Six jobs at once meet refusals and broken connections",
        "Trouble on one connection must not cost another job its task, or make a second one.",
        *("results-not-mixed", "poll-trouble-no-submit", "own-tasks-only"),
        life=shuffled(_FEW),
        client=ClientPlan(jobs=_FEW),
        submit=["pass", "429", "pass", "429"],
        status=["pass x2", "reset", "503", "pass", "429"],
        quick=False,
    )


def _clients(teller: Teller) -> Iterator[Told]:
    tell = teller.tell
    yield tell(
        "crowds/herd",
        "Twenty clients are refused at one instant",
        "Those who were refused together must not come back together, or nothing is won.",
        *("no-herd", "backoff-floor", "backoff-jitter"),
        submit=[f"429 x{_MANY}"],
        client=ClientPlan(clients=_MANY),
        quick=False,
    )
    yield tell(
        "crowds/two-clients",
        "Two independent clients are refused as busy, again and again",
        "Two processes with the same fixed seed wait the same, and meet for ever.",
        *("jitter-per-process", "backoff-jitter", "backoff-floor"),
        submit=["429 x6"],
        client=ClientPlan(clients=2),
        quick=False,
    )
    yield tell(
        "crowds/polls",
        "Five clients wait for a task each",
        "Clients that began together and poll in step ask together for ever.",
        *("poll-jitter", "poll-floor", "own-tasks-only"),
        life=TWO_POLLS,
        client=ClientPlan(clients=5),
        quick=False,
    )


def shuffled(jobs: int) -> tuple[TimelinePlan, ...]:
    """Lives that end in another order than the tasks began: a step that shares no factor."""
    step = next(number for number in range(jobs // 2 + 1, jobs + 2) if _coprime(number, jobs))
    ends = [3.0 + (index * step) % jobs * (6.0 / jobs) for index in range(jobs)]
    return tuple(replace(done_after(round(end, 1)), times=1) for end in ends)


def _coprime(one: int, other: int) -> bool:
    while other:
        one, other = other, one % other
    return one == 1


def _every_second_fails() -> list[TimelinePlan]:
    good, bad = done_after(4.0), failed_after(4.0, "generation_failed", "It did not work.")
    return [(bad if index % 2 else good) for index in range(_FEW)]
