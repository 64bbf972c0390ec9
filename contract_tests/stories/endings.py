"""The lives of tasks, and how they end: well, badly, oddly, or not at all."""

from collections.abc import Iterator

from contract_tests.stories.lives import (
    QUEUED,
    STUCK,
    done_after,
    failed_after,
    running,
)
from contract_tests.stories.order_bounds import OrderBounds
from contract_tests.stories.reply_members import ReplyMembers
from contract_tests.stories.telling import Teller, Told
from contract_tests.stories.troubles import CANARY
from mock_server.core.client_plan import ClientPlan, JobPlan
from mock_server.core.lifecycle import Phase, Stage, TaskError
from mock_server.core.scenario import TimelinePlan, fixed

_EVERYDAY = (
    *("valid-request", "json-content-type", "bearer-once", "exact-path", "no-nulls"),
    *("names-itself", "key-in-header-only", "prompt-intact"),
    *("exact-results", "poll-floor", "own-tasks-only", "quiet-after-end"),
)
_PATIENT = ("poll-floor", "poll-promptly")


def endings(teller: Teller) -> Iterator[Told]:
    """Tasks that succeed, fail, are odd on the way, and never end."""
    yield from _good(teller)
    yield from _bad(teller)
    yield from _odd(teller)
    yield from _several(teller)
    yield from _without_images(teller)
    yield from _endless(teller)


def _good(teller: Teller) -> Iterator[Told]:
    tell = teller.tell
    yield tell(
        "lives/usual",
        "A task is queued, runs and succeeds",
        "The everyday case: what is wrong here is wrong for everybody, all day long.",
        *_EVERYDAY,
    )
    yield tell(
        "lives/slow",
        "A task takes a quarter of a minute",
        "A few polls show whether a client asks too often, or leaves its caller waiting.",
        *_PATIENT,
        life=_rising(14.0, 3),
    )
    yield tell(
        "lives/very-slow",
        "A task takes the better part of a minute",
        "Ten polls show whether a client asks too often, or leaves its caller waiting.",
        *(*_PATIENT, "poll-jitter"),
        life=_rising(48.0, 10),
        client=ClientPlan(runs=3),
        quick=False,
    )
    yield tell(
        "lives/at-once",
        "The first poll sees the task done",
        "Small tasks are done before anybody asks; nobody may wait for a stage that was skipped.",
        *("exact-results", "quiet-after-end"),
        life=done_after(0.0),
        quick=False,
    )


def _bad(teller: Teller) -> Iterator[Told]:
    tell = teller.tell
    rules = ("failure-is-an-error", "error-details-told", "quiet-after-end")
    for index, (code, message) in enumerate(teller.contract.task_errors.items()):
        yield tell(
            f"lives/failed-{code}".replace("_", "-"),
            f"A task fails ({code})",
            "A failure that reads like a success without images is found by a user, much later.",
            *rules,
            life=failed_after(4.0, code, f"{message} {CANARY}"),
            quick=index == 0,
        )
    yield tell(
        "lives/fails-late",
        "A task fails after it was nearly done",
        "Progress promises nothing: a task can fail at 99 percent.",
        *rules,
        life=fixed(
            QUEUED,
            running(1.0, 99),
            Stage(Phase.FAILED, 99, 12.0, error=TaskError("worker_lost", CANARY)),
        ),
        quick=False,
    )
    yield tell(
        "lives/lost",
        "The server forgets the task while it is running",
        "Polling on is of no use, and a new order costs money: the caller has to decide.",
        *("no-retry-after-refusal", "poll-trouble-no-submit", "error-details-told"),
        life=fixed(QUEUED, running(1.0, 30), running(6.0, 30, gone=True)),
    )
    yield tell(
        "lives/expired",
        "The result has expired before it is fetched",
        "Results are kept for a limited time; trying again will not bring them back.",
        "expired-result-handled",
        life=done_after(4.0, lifetime=0.0),
    )


def _odd(teller: Teller) -> Iterator[Told]:
    tell = teller.tell
    yield tell(
        "lives/unknown-status",
        "A task has status words that nobody documented",
        "Vendors add words without a notice. An unknown one is neither a success nor a failure.",
        *("unknown-status", "poll-floor", "exact-results"),
        life=fixed(
            Stage(Phase.QUEUED, word="queued_v2"),
            running(1.0, 20, word="moderating"),
            running(8.0, 70),
            Stage(Phase.SUCCEEDED, 100, 12.0),
        ),
    )
    for name, what, values in (
        ("flapping", "jumps back and forth", (50, 60, 10)),
        ("unchanged", "stays where it is", (50, 50, 50)),
        ("missing", "is not told", (None, None, None)),
        ("full", "says 100 percent long before the end", (100, 100, 100)),
    ):
        yield tell(
            f"lives/progress-{name}",
            f"Progress {what}",
            "Progress is for the eye alone. A client that steers by it, or divides by its"
            " difference, fails when a worker starts over.",
            *(
                "odd-progress",
                "exact-results",
                *(("progress-forward",) if name == "flapping" else ()),
            ),
            life=_stepping(values),
            quick=name == "flapping",
        )


def _several(teller: Teller) -> Iterator[Told]:
    tell = teller.tell
    counts = OrderBounds.of(teller.contract).counts
    most = max(counts)
    for count in counts[1:]:
        yield tell(
            f"lives/{count}-images",
            f"{count} images are ordered and come",
            "Each image is paid for: all have to reach the caller, in order, by their exact URLs.",
            *("exact-results", "valid-request"),
            client=ClientPlan(JobPlan(n=count)),
            quick=count == most,
        )
    yield tell(
        "lives/too-few-images",
        f"{most} images are ordered, and one less comes",
        "A partly successful task says that it succeeded. Its caller must learn what is missing.",
        "missing-results-noticed",
        life=done_after(4.0, results=most - 1),
        client=ClientPlan(JobPlan(n=most)),
    )


def _without_images(teller: Teller) -> Iterator[Told]:
    tell, at = teller.tell, ReplyMembers.of(teller.contract)
    yield tell(
        "lives/no-images",
        "A task succeeds without any image",
        "A success with an empty list is a failure that nobody was told of.",
        "missing-results-noticed",
        life=done_after(4.0, results=0),
    )
    yield tell(
        "lives/no-list-of-images",
        "A task succeeds, and its reply has no results at all",
        "A member that is missing must end in words that say so, not in a crash far away.",
        *("missing-results-noticed", "poll-trouble-no-submit"),
        status=[f"fields(drop=[{at.results}]) x*"],
    )
    yield tell(
        "lives/odd-list-of-images",
        "A task succeeds, and its results are of another type",
        "What is no list has no first image; to look for one must not end in a crash.",
        *("wrong-types-handled", "missing-results-noticed"),
        status=[f'fields(set={{"{at.results}": "none"}}) x*'],
        quick=False,
    )
    yield tell(
        "lives/no-address",
        "A task succeeds, and the first image has no address",
        "Half an entry is worse than none: it looks like a result until somebody opens it.",
        *("wrong-types-handled", "missing-results-noticed"),
        status=[f'fields(set={{"{at.url}": null}}) x*'],
        quick=False,
    )


def _endless(teller: Teller) -> Iterator[Told]:
    tell = teller.tell
    yield tell(
        "lives/stuck",
        "A task never ends",
        "A worker can die and leave its task running. Without a deadline a client waits for ever.",
        *("deadline", "poll-floor"),
        life=STUCK,
    )
    yield tell(
        "lives/queued-for-ever",
        "A task never starts",
        "A queue can be longer than anybody's patience.",
        "deadline",
        life=fixed(QUEUED),
        quick=False,
    )
    yield tell(
        "lives/unknown-end",
        "A task ends with a status that nobody documented",
        "No other word will follow; only a deadline gets a client out of the wait.",
        *("unknown-status", "poll-trouble-no-submit"),
        life=fixed(
            QUEUED,
            running(1.0, 20),
            Stage(Phase.FAILED, 20, 4.0, word="withdrawn", error=TaskError("withdrawn", CANARY)),
        ),
        quick=False,
    )


def _rising(seconds: float, steps: int) -> TimelinePlan:
    """A task whose progress rises step by step."""
    stages = [
        running(max(0.5, seconds * step / steps - 1), 100 * step // steps) for step in range(steps)
    ]
    return fixed(QUEUED, *stages, Stage(Phase.SUCCEEDED, 100, seconds))


def _stepping(values: tuple[int | None, ...]) -> TimelinePlan:
    """A task whose polls see these values of progress, then its end."""
    stages = [running(4.0 * index, value, polls=index + 1) for index, value in enumerate(values)]
    last = Stage(Phase.SUCCEEDED, 100, 4.0 * len(values), len(values) + 1)
    return fixed(Stage(Phase.QUEUED, values[0] and 0), *stages, last)
