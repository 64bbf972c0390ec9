"""Ledger, limits, metrics and health over the control plane."""

import re

import pytest

from mock_server import start
from mock_server.control import Control, ControlError, Session
from mock_server.edge.runner import Running
from tests.control.callers import FOX, SUBMIT, accepted, call, submit

TEXT = "/v1/chat/completions"


def metric(text: str, name: str) -> float:
    """The value of a metric; an AssertionError if it is not there."""
    (value,) = re.findall(rf"^safelight_{re.escape(name)} (\S+)$", text, re.MULTILINE)
    return float(value)


def test_charges_and_refunds_are_told(session: Session) -> None:
    first = accepted(session, n=3)
    session.tasks.fail(first)
    accepted(session)
    ledger = session.ledger()
    (price,) = {line.credits / line.images for line in ledger.charges.latest}
    assert (ledger.charges.count, ledger.charges.images) == (2, 4)
    assert ledger.charges.credits == 4 * price
    assert (ledger.refunds.count, ledger.refunds.credits) == (1, -3 * price)
    assert ledger.refunds.latest[0].about == first
    (user,) = ledger.users
    assert (user.key, user.spent) == (f"sk-...{str(session.api_key)[-4:]}", price)
    assert user.balance == user.granted - price


def test_tokens_of_the_wrong_endpoint_are_told(session: Session) -> None:
    body = {"model": "gpt-4o-image", "messages": [{"role": "user", "content": "draw a fox"}]}
    assert call("POST", f"{session.url}{TEXT}", body, session.api_key).status >= 400
    tokens = session.ledger().tokens
    assert (tokens.count, tokens.latest[0].about) == (1, TEXT)
    assert tokens.tokens > 0
    assert tokens.credits > 0


def test_orders_with_the_same_body_are_told_as_duplicates(session: Session) -> None:
    same = [accepted(session, "twice"), accepted(session, "twice")]
    accepted(session, "once")
    ledger = session.ledger()
    (duplicate,) = ledger.duplicates
    assert list(duplicate.tasks) == same
    assert (ledger.duplicated, duplicate.credits) == (1, ledger.charges.credits * 2 / 3)


def test_the_same_order_of_two_users_is_no_duplicate(control: Control) -> None:
    keys = ["sk-first-0123456789", "sk-second-0123456789"]
    with control.create(keys=keys) as session:
        for key in keys:
            call("POST", f"{session.url}{SUBMIT}", FOX, key)
        ledger = session.ledger()
        assert (ledger.charges.count, ledger.duplicates) == (2, ())
        assert len(ledger.users) == 2


def test_only_the_latest_lines_are_told(session: Session) -> None:
    tasks = [accepted(session) for _ in range(3)]
    ledger = session.ledger(limit=1)
    assert [line.about for line in ledger.charges.latest] == tasks[-1:]
    assert ledger.charges.count == 3


@pytest.mark.parametrize(
    "rule",
    [
        {"kind": "token_bucket", "capacity": 5, "per_second": 0.5},
        {"kind": "sliding_window", "capacity": 5, "window": 60},
        {"kind": "in_flight", "capacity": 5},
    ],
)
def test_what_is_left_of_a_limit_is_what_callers_are_told(
    control: Control, rule: dict[str, object]
) -> None:
    story = {
        "title": "t",
        "why": "w",
        "limits": [{"category": "x", "operations": ["submit"], **rule}],
    }
    with control.create(story, frozen=True) as session:
        (limit,) = session.limits()
        assert (limit.kind, limit.capacity, limit.users) == (rule["kind"], 5, ())
        for _ in range(3):
            answer = submit(session)
            ((user,),) = [one.users for one in session.limits()]
            assert user.remaining == int(answer.headers["x-ratelimit-remaining"])
        assert user.key == f"sk-...{str(session.api_key)[-4:]}"
        session.clock.advance(60)
        ((user,),) = [one.users for one in session.limits()]
        assert user.remaining == 5


def test_what_is_left_of_a_days_credits_is_told(control: Control) -> None:
    rule = {"category": "x", "operations": ["submit"], "kind": "daily_credits", "capacity": 100}
    with control.create({"title": "t", "why": "w", "limits": [rule]}, frozen=True) as session:
        accepted(session)
        ((user,),) = [one.users for one in session.limits()]
        assert user.remaining == 100 - session.ledger().charges.credits
        session.clock.advance(86_400)
        ((user,),) = [one.users for one in session.limits()]
        assert user.remaining == 100


def test_metrics_count_over_all_sessions_those_that_are_gone_included() -> None:
    with start(ports=2) as running, Control(running.url) as control:
        session = control.create(frozen=True)
        session.faults.add(status="429")
        accepted(session)
        session.tasks.fail(accepted(session))
        text = control.metrics()
        assert metric(text, "calls_total") == metric(text, "submits_total") == 2
        assert metric(text, "sessions") == 2
        assert metric(text, "free_ports") == 2
        assert metric(text, "faults_unspent") == 1
        assert metric(text, 'tasks{phase="queued"}') == 1
        assert metric(text, 'tasks{phase="failed"}') == 1
        assert metric(text, "journal_entries") == 2
        assert "process_resident_memory_bytes" in text
        session.delete()
        text = control.metrics()
        assert metric(text, "calls_total") == 2
        assert metric(text, "sessions") == 1


def test_servers_of_one_process_share_no_metrics(control: Control, mock: Running) -> None:
    with start() as other, Control(other.url) as control_of_other:
        call("GET", f"{mock.base_url}/models", key=mock.api_key)
        assert metric(control_of_other.metrics(), "calls_total") == 0
        assert metric(control.metrics(), "calls_total") >= 1


def test_metrics_have_the_type_that_prometheus_asks_for(mock: Running) -> None:
    answer = call("GET", f"{mock.url}/_mock/metrics")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"


def test_a_server_is_healthy_and_ready(control: Control) -> None:
    assert control.health() == {"status": "ok"}
    assert control.ready() == {"status": "ready", "profile": "guide"}


def test_calls_are_held_against_expectations_through_the_client(session: Session) -> None:
    submit(session, "twice")
    submit(session, "twice")
    once = {"check": "count", "operation": "submit", "equals": 1}
    twice = {**once, "equals": 2}
    found = session.verify(once, twice)
    assert not found.passed
    assert [finding.verdict for finding in found.findings] == ["failed", "passed"]
    assert (found.findings[0].evidence, found.looked_at) == ((1, 2), 2)
    assert session.verify(twice, within=5).passed
    with pytest.raises(ControlError) as refused:
        session.verify({"check": "nosuch"})
    assert refused.value.status == 400
