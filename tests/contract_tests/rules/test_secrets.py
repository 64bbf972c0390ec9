"""The rules SEC-01 to SEC-03: where the key goes."""

from dataclasses import replace

import pytest

from contract_tests.finding import Verdict
from contract_tests.outcome import Outcome
from contract_tests.rules import rule_named
from contract_tests.rules.base import samples
from contract_tests.trace import Ability, Exchange, Trace
from tests.contract_tests.rules.judged import FAILED, IDLE, PASSED, seen, verdict
from tests.contract_tests.rules.leading import AWAY, led, redirected

SHOWN = f"sk-...{samples.KEY[-4:]}"

HALF = samples.KEY[: len(samples.KEY) // 2]


@pytest.mark.parametrize(
    "call",
    [
        samples.submit(2, 0, base=samples.ELSEWHERE),
        samples.submit(2, 0, base=samples.ELSEWHERE, key="", headers=((b"x-key", SHOWN.encode()),)),
        samples.download(2, 0, base=samples.ELSEWHERE, query=f"key={SHOWN}"),
        samples.download(2, 0, base=samples.ELSEWHERE, path=f"/{samples.KEY}/a.png"),
        samples.download(2, 0, base="http://127.0.0.1:9", headers=samples.authorized()),
    ],
)
def test_a_key_that_leaves_in_any_way_fails(call: Exchange) -> None:
    assert verdict("key-stays-home", led(call)) is FAILED


@pytest.mark.parametrize(
    "calls",
    [
        (),
        (samples.submit(2, 0, base=samples.ELSEWHERE, key="", headers=()),),
        (samples.download(2, 0, base=samples.ELSEWHERE),),
    ],
)
def test_a_key_that_stays_passes(calls: tuple[Exchange, ...]) -> None:
    assert verdict("key-stays-home", led(*calls)) is PASSED


def test_a_key_that_was_seen_at_home_is_known_without_its_words() -> None:
    calls = samples.submit(1, 0), samples.download(2, 9, base=samples.ELSEWHERE, key="another")
    assert verdict("key-stays-home", samples.trace(*calls)) is PASSED
    own = samples.download(2, 9, base=samples.ELSEWHERE, key=calls[0].key)
    assert verdict("key-stays-home", samples.trace(calls[0], own)) is FAILED


def test_a_short_key_is_not_looked_for_in_words() -> None:
    job = samples.job(api_key="cat")
    file = samples.download(2, 9, base=samples.ELSEWHERE, path="/cat.png")
    trace = samples.trace(samples.submit(1, 0), file, jobs=(samples.done(None, job=job),))
    assert verdict("key-stays-home", trace) is PASSED


@pytest.mark.parametrize(
    "call",
    [
        samples.submit(1, 0),
        samples.download(1, 0),
        redirected(1, f"{samples.ORIGIN}/moved"),
        # It was never heard of.
        redirected(1, AWAY, head_wait=9.0, total_wait=9.0, aborted=True, ended=samples.START + 1),
        replace(redirected(1, AWAY), reply_headers=()),
        redirected(1, "http://[not a URL"),
    ],
)
def test_where_nothing_leads_away_nothing_is_shown(call: Exchange) -> None:
    assert verdict("key-stays-home", samples.trace(call)) is IDLE


@pytest.mark.parametrize(
    ("call", "place"),
    [
        (samples.poll(1, 0, path=f"{samples.SUBMIT}/{SHOWN}"), "path"),
        (samples.poll(1, 0, query=f"key={SHOWN}"), "query"),
        (samples.submit(1, 0, {"prompt": "a cat", "metadata": {"key": SHOWN}}), "body"),
        (samples.poll(1, 0, headers=((b"cookie", f"key={SHOWN}".encode()),)), "cookie"),
        (samples.poll(1, 0, headers=((b"referer", f"/?key={SHOWN}".encode()),)), "referer"),
        (samples.download(1, 0, base=samples.ELSEWHERE, query=samples.KEY), "query"),
    ],
)
def test_a_key_in_the_wrong_place_is_found_there(call: Exchange, place: str) -> None:
    trace = samples.trace(call, outcome=samples.failed())
    assert verdict("key-in-header-only", trace) is FAILED
    assert place in seen("key-in-header-only", trace)


def test_another_key_is_not_the_callers() -> None:
    poll = samples.poll(1, 0, query="token=sk-...zzzz", headers=((b"x-api-key", SHOWN.encode()),))
    trace = samples.trace(poll, outcome=samples.failed())
    assert verdict("key-in-header-only", trace) is PASSED


@pytest.mark.parametrize(
    "trace",
    [
        samples.trace(samples.submit(1, 0)),
        samples.trace(
            replace(samples.submit(1, 0), body=b'{"pro', body_cut=True), outcome=samples.failed()
        ),
    ],
)
def test_without_a_key_and_a_whole_call_nothing_is_shown(trace: Trace) -> None:
    assert verdict("key-in-header-only", trace) is IDLE


REFUSED = samples.refused(1, 0, 401)


@pytest.mark.parametrize(
    "outcome",
    [
        samples.failed(samples.KEY),
        samples.failed("e401", f"Authorization: Bearer {samples.KEY}"),
        samples.failed(stdout=f"{{'key': '{samples.KEY}'}}"),
        samples.failed(stderr=f"+ curl -H 'Authorization: Bearer {samples.KEY}'"),
        samples.failed(stderr=f"{samples.KEY[:20]}\n   {samples.KEY[20:]}"),
        samples.failed(stderr=f"the key {HALF}..."),
        samples.succeeded(f"{samples.RESULT}&key={samples.KEY}"),
    ],
)
def test_a_key_that_is_shown_anywhere_fails(outcome: Outcome) -> None:
    assert verdict("key-not-printed", samples.trace(REFUSED, outcome=outcome)) is FAILED


def test_a_key_in_what_a_stopped_client_printed_fails() -> None:
    done = samples.done(None, printed=f"waiting with {samples.KEY}")
    trace = samples.trace(REFUSED, jobs=(done,))
    assert verdict("key-not-printed", trace) is FAILED
    assert samples.KEY not in seen("key-not-printed", trace)


def test_a_client_that_broke_before_its_first_call_can_show_its_key() -> None:
    done = samples.done(samples.failed(), raised="KeyError", printed=f"config: {samples.KEY}")
    assert verdict("key-not-printed", samples.trace(jobs=(done,))) is FAILED


@pytest.mark.parametrize("text", [f"the key {SHOWN}", samples.KEY[:12], "sk-", ""])
def test_what_is_too_little_to_be_a_key_may_be_shown(text: str) -> None:
    outcome = samples.failed("e401", text, stderr=text)
    assert verdict("key-not-printed", samples.trace(REFUSED, outcome=outcome)) is PASSED


@pytest.mark.parametrize(
    ("key", "text", "expected"),
    [
        ("password", "the password was refused", PASSED),
        ("sk-middling-one", "the key sk-middli", PASSED),
        ("sk-middling-one", "the key sk-middling-one", FAILED),
    ],
)
def test_only_of_a_long_key_a_half_gives_it_away(key: str, text: str, expected: Verdict) -> None:
    done = samples.done(samples.failed("e401", text), job=samples.job(api_key=key))
    assert verdict("key-not-printed", samples.trace(REFUSED, jobs=(done,))) is expected


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (samples.submit(1, 0), IDLE),
        (samples.submit(1, 0, fault="delay(1)"), PASSED),
        (samples.submit(1, 0, status=None), PASSED),
        (samples.poll(1, 0, status=503), PASSED),
    ],
)
def test_only_trouble_makes_a_client_talk(call: Exchange, expected: Verdict) -> None:
    trace = samples.trace(call, outcome=samples.succeeded())
    assert verdict("key-not-printed", trace) is expected


def test_an_exception_is_trouble() -> None:
    done = samples.done(samples.failed(), raised="httpx.ConnectError")
    assert verdict("key-not-printed", samples.trace(jobs=(done,))) is PASSED


@pytest.mark.parametrize("ability", [Ability.REPORTS, Ability.PRINTS])
def test_either_way_of_speaking_is_enough(ability: Ability) -> None:
    guilty = rule_named("key-not-printed").guilty
    assert verdict("key-not-printed", replace(guilty, abilities=frozenset({ability}))) is FAILED


def test_of_whom_nothing_is_heard_nothing_is_said() -> None:
    guilty = replace(rule_named("key-not-printed").guilty, abilities=frozenset())
    assert verdict("key-not-printed", guilty) is Verdict.NOT_APPLICABLE
