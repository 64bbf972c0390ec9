"""Traces: what the journal of a session says, as values that rules and checks can read."""

import pytest

from mock_server.core.exchange import Exchange
from mock_server.core.outcome import Outcome, OutcomeStatus
from mock_server.core.trace import by_call, copy_journal, gaps, is_shorter, trace_of
from mock_server.core.world import Bounds
from tests.core.engine_runs import NOW, run
from tests.core.verification_samples import poll, refused, submit, trace


def test_the_trace_ends_when_it_was_taken() -> None:
    told = run().submit(0).poll(5).delivered(7)
    assert told.trace().taken == NOW + 7
    assert told.trace(now=NOW + 60).taken == NOW + 60
    assert run().trace().taken == 0.0


def test_calls_that_the_journal_let_go_are_counted() -> None:
    told = run(bounds=Bounds(journal=3)).submit(0)
    for n in range(4):
        told.poll(5.0 + n)
    found = told.trace()
    assert (len(found.exchanges), found.dropped) == (3, 2)


@pytest.mark.parametrize(
    ("since", "numbers", "dropped"),
    [(0, [3, 4, 5], 2), (1, [3, 4, 5], 1), (2, [3, 4, 5], 0), (4, [5], 0), (5, [], 0), (9, [], 0)],
)
def test_earlier_calls_can_be_left_out_and_then_do_not_matter(
    since: int, numbers: list[int], dropped: int
) -> None:
    told = run(bounds=Bounds(journal=3)).submit(0)
    for n in range(4):
        told.poll(5.0 + n)
    found = trace_of(told.world, since=since)
    assert [one.number for one in found.exchanges] == numbers
    assert found.dropped == dropped


def test_calls_that_are_over_are_read_only_once() -> None:
    told = run().submit(0).delivered(1).poll(5)
    known: dict[int, Exchange] = {}
    first = copy_journal(told.world).trace(known)
    assert list(known) == [1]
    told.delivered(6, aborted=True)
    again = copy_journal(told.world).trace(known)
    assert again.exchanges[0] is first.exchanges[0]
    assert (first.exchanges[1].aborted, again.exchanges[1].aborted) == (False, True)
    assert again == told.trace()


def test_a_trace_picks_submits_and_polls() -> None:
    found = trace(submit(1, 0), poll(2, 5), poll(3, 6, task="t2"), refused(4, 7))
    assert [one.number for one in found.submits()] == [1, 4]
    assert [one.number for one in found.polls()] == [2, 3]
    assert [one.number for one in found.polls("t2")] == [3]


def test_what_comes_after_a_call_began_when_its_reply_could_be_known() -> None:
    held = poll(1, 0, total_wait=3)
    found = trace(held, poll(2, 2), poll(3, 3), poll(4, 4))
    assert [one.number for one in found.after(held)] == [3, 4]
    assert found.after(found.exchanges[-1]) == ()


def test_gaps_are_between_starts() -> None:
    found = gaps([poll(1, 0), poll(2, 2), poll(3, 5)])
    assert [(gap.before.number, gap.after.number, gap.seconds) for gap in found] == [
        (1, 2, 2),
        (2, 3, 3),
    ]


def test_attempts_at_one_call_belong_together() -> None:
    calls = [refused(1, 0), refused(2, 1, prompt="a dog"), submit(3, 2), poll(4, 5)]
    found = by_call(calls)
    assert [[one.number for one in attempts] for attempts in found.values()] == [[1, 3], [2], [4]]


def test_a_time_is_shorter_only_beyond_what_floats_lose() -> None:
    assert not is_shorter(2 - 1e-7, 2)
    assert is_shorter(2 - 1e-5, 2)
    assert not is_shorter(2, 2)


def test_what_the_client_reported_comes_with_the_trace() -> None:
    outcome = Outcome(OutcomeStatus.FAILED, code="rate_limit_exceeded", message="no")
    assert trace().reported(outcome).outcome == outcome
    assert Outcome(OutcomeStatus.UNKNOWN).urls == ()
