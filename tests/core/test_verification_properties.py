"""What holds for every trace: unrelated calls excuse nobody, nothing unknown is claimed."""

from dataclasses import replace
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from mock_server.core.exchange import Exchange
from mock_server.core.finding import Verdict
from mock_server.core.lifecycle import Phase
from mock_server.core.trace import Trace
from mock_server.core.verification import CHECKS, is_decided, read_check
from tests.core.verification_samples import OTHER_KEY, START, after, poll, submit, trace

# Few values each, so that calls meet each other often.
STATUSES = st.sampled_from([200, 200, 400, 401, 429, 429, 503, None])
WAITS = st.sampled_from([0.0, 0.0, 0.5, 3.0])
GAPS = st.sampled_from([0.0, 0.1, 0.5, 1.0, 2.0, 5.0, 11.0])
TASKS = st.sampled_from(["t1", "t2"])
SECONDS = st.sampled_from([0, 0.5, 1, 2, 7, 30])
OPERATIONS = st.sampled_from(["submit", "status"])
MOST = st.integers(0, 3)
SOME = st.integers(1, 3)
PATTERNS = st.lists(st.sampled_from([429, 401, "4xx", "5xx", None]), min_size=1, max_size=2)
SCOPES = st.sampled_from(["call", "operation", "key", "any"])
WHERE = st.fixed_dictionaries(
    {},
    optional={
        "status": st.sampled_from([200, 429, "5xx", None]),
        "created": st.booleans(),
        "phase": st.sampled_from(["running", "succeeded", None]),
        "body": st.sampled_from([{"prompt": "a cat"}, {"prompt": "a dog"}, {}]),
    },
)
REFUSALS = {"statuses": PATTERNS, "operation": OPERATIONS}
# The parameters of each check, all of them left out or given.
PARAMETERS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "backoff": ({}, {**REFUSALS, "at_least": st.lists(SECONDS, min_size=1, max_size=3)}),
    "count": ({"operation": OPERATIONS}, {"where": WHERE, "equals": MOST}),
    "first-poll": ({}, {"at_least": SECONDS}),
    "in-flight": ({"operation": OPERATIONS}, {"per": st.just("session"), "at_most": SOME}),
    "order": (
        {
            "steps": st.lists(
                st.fixed_dictionaries({"operation": OPERATIONS, "where": WHERE}),
                min_size=1,
                max_size=3,
            )
        },
        {"adjacent": st.booleans()},
    ),
    "own-tasks": ({}, {}),
    "poll-gaps": ({}, {"at_least": SECONDS}),
    "poll-promptly": ({}, {"at_most": SECONDS}),
    "quiet-after-end": ({}, {"quiet_for": SECONDS}),
    "retries-bounded": ({}, {**REFUSALS, "at_most": MOST}),
    "retries-enough": ({}, {**REFUSALS, "at_least": MOST}),
    "retry-after": ({}, {"scope": SCOPES, "at_most": SECONDS}),
    "stop-after": ({}, {**REFUSALS, "scope": SCOPES, "quiet_for": SECONDS}),
    "submit-once": ({}, {"at_most": SOME}),
}
# The least and the most that a full trace can turn a verdict into, from best to worst.
GRADES = (Verdict.PASSED, Verdict.ADVICE, Verdict.FAILED)


@st.composite
def expectations(draw: st.DrawFn) -> dict[str, Any]:
    name = draw(st.sampled_from(sorted(PARAMETERS)))
    needed, optional = PARAMETERS[name]
    parameters = draw(st.fixed_dictionaries(needed, optional=optional))
    return {"check": name, **parameters}


@st.composite
def exchanges(draw: st.DrawFn, number: int, at: float) -> Exchange:
    """A submit or a poll, answered, refused, held back or left."""
    status = draw(STATUSES)
    held = draw(WAITS)
    facts: dict[str, Any] = {"status": status, "head_wait": held, "total_wait": held + draw(WAITS)}
    if status in (429, 503):
        facts |= draw(st.sampled_from([{}, after(1), after(7)]))
    if draw(st.integers(0, 9)) == 0:
        facts |= {"aborted": True, "told": False, "ended": START + at + draw(WAITS)}
    if draw(st.integers(0, 4)) == 0:
        facts["key"] = OTHER_KEY
    if draw(st.booleans()):
        lost = {"status": None, "created": True, "told": False} if status is None else {}
        made = {"task": f"t{draw(st.integers(1, 2))}"} if status in (200, None) else {}
        prompt = draw(st.sampled_from(["a cat", "a dog"]))
        return submit(number, at, prompt, **{**facts, **made, **lost})
    phase = draw(st.sampled_from([Phase.RUNNING, Phase.RUNNING, Phase.SUCCEEDED]))
    return poll(number, at, phase, **{**facts, "task": draw(TASKS)})


@st.composite
def traces(draw: st.DrawFn) -> Trace:
    at = 0.0
    calls = []
    for number in range(1, draw(st.integers(0, 9)) + 1):
        at += draw(GAPS)
        calls.append(draw(exchanges(number, at)))
    return trace(*calls, taken=at + draw(GAPS))


@st.composite
def unrelated(draw: st.DrawFn) -> Exchange:
    """A call that no expectation here is about: another operation and key, no refusal."""
    operation = draw(st.sampled_from(["models", "balance", "result"]))
    status = draw(st.sampled_from([200, 204, 302]))
    at = START + draw(st.floats(0, 60))
    path = f"/v1/{operation}"
    return Exchange(0, at, operation, path=path, status=status, key="another")


def with_more(full: Trace, more: list[Exchange]) -> Trace:
    """The trace with further calls in between; numbers stay what tells calls apart."""
    calls = [*full.exchanges, *(replace(one, number=100 + n) for n, one in enumerate(more))]
    return replace(full, exchanges=tuple(sorted(calls, key=lambda one: one.started)))


def test_every_check_is_drawn() -> None:
    assert set(PARAMETERS) == set(CHECKS)


@given(traces(), expectations(), st.lists(unrelated(), max_size=5))
def test_unrelated_calls_never_turn_a_failure_into_a_pass(
    full: Trace, expectation: dict[str, Any], more: list[Exchange]
) -> None:
    check = read_check(expectation)
    if check.judge(full).verdict is Verdict.FAILED:
        assert check.judge(with_more(full, more)).verdict is Verdict.FAILED


@given(traces(), expectations(), st.lists(unrelated(), max_size=5))
def test_unrelated_calls_accuse_nobody(
    full: Trace, expectation: dict[str, Any], more: list[Exchange]
) -> None:
    # But they do come in between where nothing may, and where the scope is everything.
    assume(not expectation.get("adjacent") and expectation.get("scope") != "any")
    check = read_check(expectation)
    before = check.judge(full)
    after_more = check.judge(with_more(full, more))
    assert (after_more.verdict, after_more.evidence) == (before.verdict, before.evidence)


@given(traces(), expectations(), st.integers(1, 9))
def test_what_is_claimed_without_the_oldest_calls_is_true_of_all(
    full: Trace, expectation: dict[str, Any], lost: int
) -> None:
    check = read_check(expectation)
    kept = replace(full, exchanges=full.exchanges[lost:], dropped=lost)
    truth, claim = check.judge(full).verdict, check.judge(kept).verdict
    if claim is not Verdict.INCONCLUSIVE:
        assert GRADES.index(claim) <= GRADES.index(truth)
        assert claim is not Verdict.PASSED or truth is Verdict.PASSED


@given(traces(), expectations(), st.integers(0, 9))
def test_a_settled_failure_stays_one_whatever_comes(
    full: Trace, expectation: dict[str, Any], cut: int
) -> None:
    check = read_check(expectation)
    early = replace(full, exchanges=full.exchanges[:cut])
    finding = check.judge(early)
    if is_decided([check], [finding]):
        assert check.judge(full).verdict is Verdict.FAILED


@given(traces(), expectations())
def test_a_finding_names_calls_of_its_trace_and_has_words(
    full: Trace, expectation: dict[str, Any]
) -> None:
    finding = read_check(expectation).judge(full)
    numbers = {one.number for one in full.exchanges}
    assert {*finding.evidence} <= numbers
    assert list(finding.evidence) == sorted(set(finding.evidence))
    assert finding.place is None or finding.place.call in numbers
    assert finding.near is None or finding.near.call in numbers
    assert finding.near is None or str(finding.near.words)
    assert str(finding.seen)
    assert str(finding.expected)
    if finding.verdict is Verdict.FAILED:
        assert finding.evidence or expectation["check"] in ("count", "order")
