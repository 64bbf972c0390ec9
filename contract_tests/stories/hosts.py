"""Files on another host, and callers that are sent there: the key must not go with them."""

from collections.abc import Iterator

from contract_tests.stories.telling import Teller, Told
from contract_tests.stories.troubles import OTHER_HOST
from mock_server.core.client_plan import ClientPlan, JobPlan

_WHY = "Whoever runs the other host reads what is sent to it; the key belongs to the API alone."


def hosts(teller: Teller) -> Iterator[Told]:
    """Results that lie elsewhere, and longer journeys."""
    yield from _files(teller)
    yield from _circles(teller)


def _files(teller: Teller) -> Iterator[Told]:
    tell = teller.tell
    yield tell(
        "hosts/results-elsewhere",
        "The images lie on another host",
        _WHY,
        *("key-stays-home", "exact-results"),
        results_host=OTHER_HOST,
    )
    yield tell(
        "hosts/results-sent-on",
        "The images lie on another host, which sends the client back",
        _WHY,
        *("key-stays-home", "safe-redirect"),
        results_host=OTHER_HOST,
        result=["redirect(302, host=127.0.0.1)"],
        quick=False,
    )
    yield tell(
        "hosts/several-elsewhere",
        "Several images lie on another host, and one is busy",
        _WHY,
        *("key-stays-home", "exact-results"),
        results_host=OTHER_HOST,
        result=["503"],
        client=ClientPlan(JobPlan(n=2)),
        quick=False,
    )


def _circles(teller: Teller) -> Iterator[Told]:
    tell = teller.tell
    yield tell(
        "hosts/in-a-circle",
        "The submit is sent to itself for ever",
        "A redirect that leads to itself has no end; to follow it for ever is an attack.",
        *("safe-redirect", "post-stays-post"),
        submit=["redirect(307) x*"],
        quick=False,
    )
    yield tell(
        "hosts/polls-in-a-circle",
        "The polls are sent to themselves for ever",
        "A redirect that leads to itself has no end; to follow it for ever is an attack.",
        *("safe-redirect", "poll-trouble-no-submit"),
        status=["redirect(302) x*"],
        quick=False,
    )
