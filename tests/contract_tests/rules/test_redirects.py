"""The rules SEC-04 and SEC-05: where redirects lead."""

from dataclasses import replace

import pytest

from contract_tests.finding import Verdict
from contract_tests.rules.base import samples
from contract_tests.trace import Ability, Exchange
from mock_server.core.lifecycle import Phase
from tests.contract_tests.rules.judged import ADVICE, FAILED, IDLE, OPEN, PASSED, verdict
from tests.contract_tests.rules.leading import AWAY, led, located, redirected

SUBMIT = samples.submit(1, 0)

MOVED = samples.poll(2, 5, status=308, reply_headers=located(f"{samples.SUBMIT}/t2"))

SUCCESS = samples.succeeded()


def test_an_address_without_a_host_is_within_the_api() -> None:
    there = samples.poll(3, 5, Phase.SUCCEEDED, path=f"{samples.SUBMIT}/t2")
    trace = samples.trace(SUBMIT, MOVED, there, outcome=SUCCESS)
    assert verdict("safe-redirect", trace) is PASSED
    lost = replace(there, status=401, key="", headers=())
    assert verdict("safe-redirect", samples.trace(SUBMIT, MOVED, lost)) is FAILED


@pytest.mark.parametrize(
    "calls",
    [
        # Not followed, and an error.
        (),
        # Polled again elsewhere in its own time.
        (samples.poll(3, 10, path=f"{samples.SUBMIT}/t9", key="", headers=()),),
        # Files and unknown places need no key.
        (samples.poll(3, 5, operation="result", path=f"{samples.SUBMIT}/t2", key="", headers=()),),
    ],
)
def test_a_redirect_that_is_not_followed_is_safe(calls: tuple[Exchange, ...]) -> None:
    trace = samples.trace(SUBMIT, MOVED, *calls, outcome=samples.failed("e308"))
    assert verdict("safe-redirect", trace) is PASSED


def test_a_call_that_was_under_way_did_not_follow() -> None:
    slow = replace(MOVED, head_wait=3.0, total_wait=3.0, ended=samples.START + 8)
    other = samples.poll(3, 6, path=f"{samples.SUBMIT}/t2", key="", headers=())
    assert verdict("safe-redirect", samples.trace(SUBMIT, slow, other)) is PASSED


def test_another_host_gets_no_key() -> None:
    there = samples.submit(2, 0, base=samples.ELSEWHERE, key="", headers=())
    assert verdict("safe-redirect", led(there)) is PASSED


@pytest.mark.parametrize(("key", "expected"), [("", PASSED), (None, FAILED)])
def test_plain_http_gets_no_key(key: str | None, expected: Verdict) -> None:
    home = samples.ORIGIN.replace("http:", "https:")
    first = redirected(1, f"{samples.ORIGIN}{samples.SUBMIT}", base=home)
    headers = samples.authorized() if key is None else ()
    there = samples.submit(2, 0, headers=headers)
    there = replace(there, key=there.key if key is None else key)
    assert verdict("safe-redirect", samples.trace(first, there, origin=home)) is expected


@pytest.mark.parametrize(
    ("abilities", "expected"), [(samples.EVERYTHING, FAILED), (frozenset(), PASSED)]
)
def test_a_redirect_is_not_a_success(abilities: frozenset[Ability], expected: Verdict) -> None:
    trace = samples.trace(SUBMIT, MOVED, outcome=SUCCESS, abilities=abilities)
    assert verdict("safe-redirect", trace) is expected


def test_a_success_that_is_no_longer_in_the_journal_is_left_open() -> None:
    trace = samples.trace(SUBMIT, MOVED, outcome=SUCCESS, dropped=2)
    assert verdict("safe-redirect", trace) is OPEN


def test_without_a_redirect_there_is_nothing_to_follow() -> None:
    assert verdict("safe-redirect", samples.trace(SUBMIT, outcome=SUCCESS)) is IDLE


HOME = f"{samples.ORIGIN}{samples.SUBMIT}"


def get(number: int, **facts: object) -> Exchange:
    usual: dict[str, object] = {"operation": "nowhere", "path": samples.SUBMIT, "status": 405}
    return samples.poll(number, 0, **{**usual, **facts})  # type: ignore[arg-type]


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_post_that_becomes_something_else_is_advised_against(status: int, method: str) -> None:
    trace = samples.trace(redirected(1, HOME, status), get(2, method=method))
    assert verdict("post-stays-post", trace) is ADVICE


def test_it_shows_on_the_other_host_as_well() -> None:
    there = get(2, base=samples.ELSEWHERE, key="", headers=())
    assert verdict("post-stays-post", samples.trace(redirected(1, AWAY), there)) is ADVICE


@pytest.mark.parametrize(
    "calls", [(), (samples.submit(2, 0),), (samples.poll(2, 5), samples.poll(3, 10))]
)
def test_a_post_that_is_repeated_or_given_up_passes(calls: tuple[Exchange, ...]) -> None:
    trace = samples.trace(redirected(1, HOME, 302), *calls, outcome=samples.failed("e302"))
    assert verdict("post-stays-post", trace) is PASSED


@pytest.mark.parametrize(
    "calls",
    [
        (redirected(1, HOME, 303), get(2)),
        (SUBMIT, MOVED),
        (SUBMIT,),
    ],
)
def test_where_a_get_is_right_nothing_is_shown(calls: tuple[Exchange, ...]) -> None:
    assert verdict("post-stays-post", samples.trace(*calls)) is IDLE
