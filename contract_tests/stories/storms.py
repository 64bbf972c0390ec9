"""Trouble that lasts: the same fault several times in a row, or for ever."""

from collections.abc import Iterator

from contract_tests.stories.lives import ONE_POLL, TWO_POLLS, done_after
from contract_tests.stories.telling import Teller, Told
from mock_server.core.client_plan import ClientPlan

_DECIDING_RUNS = 5
# Waits that are drawn from nothing to the whole step show their growth only in so many runs.
_GROWING_RUNS = 16
_LONG = done_after(40.0)


def storms(teller: Teller) -> Iterator[Told]:
    """Storms of refusals, outages and broken connections."""
    yield from _refusals(teller)
    yield from _words(teller)
    yield from _endless(teller)
    yield from _busy_polls(teller)
    yield from _polls(teller)
    yield from _files(teller)


def _refusals(teller: Teller) -> Iterator[Told]:
    tell = teller.tell
    waits = ("backoff-floor", "backoff-growth", "retry-429-submit", "same-body-on-retry")
    yield tell(
        "storms/busy-three-times",
        "Three submits in a row are refused as busy, then one for good, in five runs",
        "The waits must grow, and differ from run to run: clients that were refused together would"
        " else come back together.",
        *(*waits, "backoff-jitter", "jitter-per-process"),
        # And that is the end of it: in real time a poll would take as long as the waits.
        submit=["429 x3", "400"],
        client=ClientPlan(runs=_DECIDING_RUNS),
    )
    yield tell(
        "storms/busy-three-times-in-many-runs",
        "Three submits in a row are refused as busy, in sixteen runs",
        "Waits that are drawn from nothing up to a limit grow as well, but only on average: it"
        " takes many runs to see that.",
        *(*waits, "backoff-jitter", "jitter-per-process"),
        submit=["429 x3"],
        client=ClientPlan(runs=_GROWING_RUNS),
        quick=False,
    )


def _words(teller: Teller) -> Iterator[Told]:
    tell = teller.tell
    yield tell(
        "storms/two-words",
        "A busy moment, and then a refusal in other words",
        "What the caller needs to know is why it ended, not how it began.",
        *("last-error-told", "error-details-told", "no-retry-after-401"),
        submit=[
            '429(message="The first word is parsley.")',
            '401(message="The last word is marzipan-4711.")',
        ],
    )
    yield tell(
        "storms/busy-eight-times",
        "Eight submits in a row are refused as busy",
        "Doubled again and again, a wait of a second becomes one of minutes: it needs a cap.",
        *("backoff-floor", "backoff-growth", "backoff-cap"),
        submit=["429 x8"],
    )
    yield tell(
        "storms/busy-then-reset",
        "Busy moments and broken connections take turns",
        "Whatever the trouble, the order is the same and must be sent the same.",
        *("same-body-on-retry", "retry-unread-submit", "backoff-floor"),
        submit=["429", "reset", "429"],
        quick=False,
    )


def _endless(teller: Teller) -> Iterator[Told]:
    tell = teller.tell
    yield tell(
        "storms/busy-for-ever",
        "Every submit is refused as busy, and the words change",
        "An outage of hours must end in an error, with the last thing that the server said.",
        *("retries-bounded", "last-error-told", "retry-429-submit", "backoff-cap"),
        submit=[
            *(f'429(message="Word {number}: wait.")' for number in (1, 2, 3)),
            '429(message="The last word is marzipan-4711.") x*',
        ],
    )
    policy = "submit-5xx-policy"
    for fault, name, what, rule, quick in (
        ("503", "down", "meets a server that is down", policy, False),
        ("html(502)", "gateway", "is answered by a gateway's page", policy, False),
        ("reset", "reset", "is reset before it is read", "retry-unread-submit", True),
    ):
        yield tell(
            f"storms/{name}-for-ever",
            f"Every submit {what}",
            "",
            *("retries-bounded", rule),
            submit=[f"{fault} x*"],
            quick=quick,
        )
    for fault, name, rule in (
        ("429", "busy", "retries-bounded"),
        ("503", "down", "poll-survives-5xx"),
        ("reset", "reset", "poll-survives-5xx"),
    ):
        yield tell(
            f"storms/polls-{name}-for-ever",
            f"Every poll meets {fault}",
            "A task that cannot be asked about any more must not hold its caller for ever.",
            *(rule, "poll-trouble-no-submit"),
            status=[f"{fault} x*"],
            quick=False,
        )


def _busy_polls(teller: Teller) -> Iterator[Told]:
    tell = teller.tell
    yield tell(
        "storms/polls-busy-three-times",
        "Three polls in a row are refused as busy, in five runs",
        "Polls are cheap, and sent by everybody: they need the same waits as orders do.",
        *("backoff-on-polls", "retry-429-poll", "poll-trouble-no-submit"),
        life=ONE_POLL,
        status=["429 x3"],
        client=ClientPlan(runs=_DECIDING_RUNS),
        quick=False,
    )
    yield tell(
        "storms/polls-busy-twice",
        "Two polls in a row are refused as busy",
        "Polls are cheap, and sent by everybody: they need the same waits as orders do.",
        *("backoff-on-polls", "retry-429-poll", "poll-trouble-no-submit"),
        life=ONE_POLL,
        status=["429 x2"],
    )


def _polls(teller: Teller) -> Iterator[Told]:
    tell = teller.tell
    yield tell(
        "storms/polls-gateway-twice",
        "Two polls in a row are answered by a gateway's page",
        "The task goes on behind a broken gateway; a look can always be repeated.",
        *("poll-survives-5xx", "poll-trouble-no-submit", "exact-results"),
        life=TWO_POLLS,
        status=["html(502) x2"],
    )
    yield tell(
        "storms/polls-now-and-then",
        "Every second poll fails",
        "Each success wipes the slate clean: three failures with successes between them are not"
        " three in a row.",
        *("retry-count-resets", "poll-trouble-no-submit", "exact-results"),
        life=_LONG,
        status=["pass", "503", "pass", "503", "pass", "503", "pass", "503"],
        quick=False,
    )
    yield tell(
        "storms/polls-reset-twice",
        "Two polls in a row are reset",
        "",
        *("poll-trouble-no-submit", "poll-survives-5xx", "exact-results"),
        life=ONE_POLL,
        status=["reset x2"],
        quick=False,
    )


def _files(teller: Teller) -> Iterator[Told]:
    for code in (403, 410):
        yield teller.tell(
            f"storms/result-{code}-for-ever",
            f"The file is never given out ({code})",
            "A result that has expired will not come back, however often it is asked for.",
            *("expired-result-handled", "poll-trouble-no-submit"),
            result=[f"{code} x*"],
            quick=False,
        )
