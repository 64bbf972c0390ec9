"""Explaining a story: what a well-behaved client sees of it, call by call."""

from dataclasses import replace

import pytest

from mock_server.core.contract import Contract, LimitRule
from mock_server.core.explain import explain, play
from mock_server.core.explain_client import Row
from mock_server.core.lifecycle import Phase, Stage, TaskError
from mock_server.core.plan import Plan
from mock_server.core.scenario import Chance, Scenario, TimelinePlan, fixed
from mock_server.loading.faults import read_fault, read_faults
from mock_server.loading.profiles import load_profile

GUIDE = load_profile("guide")
QUEUED = Stage(Phase.QUEUED)
TEN = fixed(QUEUED, Stage(Phase.RUNNING, 30, 4.0), Stage(Phase.SUCCEEDED, 100, 10.0))


def story(**faults: list[object]) -> Scenario:
    """A task of ten seconds and these faults."""
    queues = {name: read_faults(queue, "$") for name, queue in faults.items()}
    return Scenario(timelines=(TEN,), plan=Plan(queues))


def rows(scenario: Scenario, call: str, contract: Contract = GUIDE) -> list[Row]:
    """The rows of one operation."""
    return [row for row in explain(scenario, contract) if row.call == call]


def times(scenario: Scenario, call: str) -> list[float]:
    return [row.seconds for row in rows(scenario, call)]


def test_an_untroubled_task_is_submitted_polled_and_fetched() -> None:
    assert explain(Scenario(), GUIDE) == (
        Row(0.0, "submit", "200 queued, 0 %", None, 1),
        Row(2.0, "status", "200 running, 35 %", None, 1),
        Row(4.0, "status", "200 succeeded, 100 %", None, 1),
        Row(4.0, "result", "200 image/png", None, 1),
    )


def test_an_explanation_uses_the_words_of_the_profile() -> None:
    words = [row.answered for row in explain(Scenario(), load_profile("reference"))]
    assert words[:3] == ["200 queued, 0 %", "200 in_progress, 35 %", "200 completed, 100 %"]


def test_the_gap_between_status_reads_can_be_chosen() -> None:
    seen = [row.seconds for row in explain(Scenario(timelines=(TEN,)), GUIDE, every=5.0)]
    assert seen == [0.0, 5.0, 10.0, 10.0]


def test_a_gap_of_zero_does_not_stop_the_story() -> None:
    assert explain(Scenario(), GUIDE, every=0.0)[-1].call == "result"


def test_a_fault_is_named_where_it_strikes() -> None:
    scenario = story(submit=["429(retry_after=7)"])
    assert rows(scenario, "submit") == [
        Row(0.0, "submit", "429 rate_limit_exceeded, Retry-After: 7", "429(retry_after=7)", None),
        Row(7.0, "submit", "200 queued, 0 %", None, 1),
    ]


def test_refused_submits_are_repeated_after_one_two_and_four_seconds() -> None:
    assert times(story(submit=["429 x3"]), "submit") == [0.0, 1.0, 3.0, 7.0]


def test_a_submit_that_is_refused_without_end_is_given_up() -> None:
    seen = times(story(submit=["429 x*"]), "submit")
    assert len(seen) == GUIDE.backoff.retries_at_most
    assert seen[-1] - seen[-2] == GUIDE.backoff.cap


def test_a_date_to_wait_for_is_obeyed() -> None:
    assert times(story(submit=["429(retry_after_date=7)"]), "submit") == [0.0, 7.0]


@pytest.mark.parametrize("advice", ["0", "soon", "-5", '""'])
def test_unusable_advice_to_wait_leaves_the_usual_backoff(advice: str) -> None:
    assert times(story(submit=[f"429(retry_after={advice})"]), "submit") == [0.0, 1.0]


def test_a_date_in_the_past_leaves_the_usual_backoff() -> None:
    assert times(story(submit=["429(retry_after_date=-60)"]), "submit") == [0.0, 1.0]


def test_nobody_waits_for_years() -> None:
    assert times(story(submit=["429(retry_after=99999999)"]), "submit") == [0.0]


def test_a_bad_request_is_not_repeated() -> None:
    scenario = story(submit=["400(message=No)", "pass"])
    assert [row.call for row in explain(scenario, GUIDE)] == ["submit"]


def test_a_submit_that_was_accepted_is_never_repeated() -> None:
    client = play(story(submit=["lost_reply", "pass"]), GUIDE)
    assert [row.answered for row in client.rows] == ["connection reset after 0 bytes of content"]
    assert client.rows[0].task == 1
    assert len(client.world.tasks) == 1


def test_a_submit_that_was_not_read_is_repeated() -> None:
    assert times(story(submit=["reset"]), "submit") == [0.0, 1.0]


def test_a_silent_server_costs_thirty_seconds() -> None:
    seen = rows(story(status=["stall"]), "status")
    assert seen[0].answered == "silence for 30 s"
    assert [row.seconds for row in seen] == [2.0, 34.0]


def test_a_slow_reply_passes_its_seconds() -> None:
    assert times(story(status=["delay(3)"]), "status")[:2] == [2.0, 7.0]


def test_a_poll_that_fails_is_repeated_at_the_next_turn() -> None:
    seen = rows(story(status=["reset", "html(502)", "close(headers)", "cut(at=5)"]), "status")
    told = [row.answered[:30] for row in seen]
    assert told[0] == "connection reset after 0 bytes"
    assert told[1] == "502 <!DOCTYPE html> <html> <he"
    assert told[2] == "bytes that are no correct HTTP"
    assert told[3].startswith("200, 5 of ")
    assert seen[-1].answered == "200 succeeded, 100 %"


def test_polling_ends_when_the_key_is_refused() -> None:
    assert times(story(status=["pass", "401 x*"]), "status") == [2.0, 4.0]


def test_a_task_that_is_unknown_once_is_asked_for_again() -> None:
    assert rows(story(status=["404"]), "status")[-1].answered == "200 succeeded, 100 %"


def test_a_task_that_stays_unknown_is_given_up() -> None:
    assert times(story(status=["404 x*"]), "status") == [2.0, 4.0]


def test_polls_that_always_fail_are_given_up() -> None:
    seen = times(story(status=["500 x*"]), "status")
    assert 3 < len(seen) <= GUIDE.backoff.retries_at_most
    assert seen[-1] <= GUIDE.polling.max_wait


def test_spaced_failures_are_not_added_up() -> None:
    queue: list[object] = ["500", "pass"] * 15
    scenario = replace(story(status=queue), timelines=(fixed(QUEUED, end_at(65.0)),))
    assert rows(scenario, "status")[-1].answered == "200 succeeded, 100 %"


def end_at(seconds: float) -> Stage:
    return Stage(Phase.SUCCEEDED, 100, seconds)


def test_a_task_that_never_ends_is_given_up_after_the_profile_s_time() -> None:
    running = fixed(QUEUED, Stage(Phase.RUNNING, 40, 2.0))
    assert times(Scenario(timelines=(running,)), "status")[-1] == GUIDE.polling.max_wait


def test_a_long_story_is_told_to_its_end() -> None:
    long = fixed(QUEUED, end_at(200.0))
    assert rows(Scenario(timelines=(long,)), "status")[-1].seconds == 200.0


def test_a_failed_task_tells_its_reason_and_has_no_results() -> None:
    failed = Stage(Phase.FAILED, 50, 1.0, error=TaskError("generation_failed", "No."))
    seen = explain(Scenario(timelines=(fixed(QUEUED, failed),)), GUIDE)
    assert [row.answered for row in seen[1:]] == ["200 failed: generation_failed"]


def test_a_progress_that_is_left_out_is_not_told() -> None:
    silent = fixed(Stage(Phase.QUEUED, None), Stage(Phase.SUCCEEDED, None, 1.0))
    seen = explain(Scenario(timelines=(silent,)), GUIDE)
    assert [row.answered for row in seen[:2]] == ["200 queued", "200 succeeded"]


def test_a_held_task_is_released_when_it_waits_for_nothing_else() -> None:
    held = fixed(
        QUEUED,
        Stage(Phase.RUNNING, 50, 3.0, held=True),
        Stage(Phase.SUCCEEDED, 100, 3.0, polls=4, held=True),
    )
    seen = explain(Scenario(timelines=(held,)), GUIDE)
    assert [(row.seconds, row.call, row.answered) for row in seen[1:]] == [
        (2.0, "status", "200 queued, 0 %"),
        (4.0, "status", "200 queued, 0 %"),
        (4.0, "release", "on to running"),
        (6.0, "status", "200 running, 50 %"),
        (8.0, "status", "200 running, 50 %"),
        (8.0, "release", "on to succeeded"),
        (10.0, "status", "200 succeeded, 100 %"),
        (10.0, "result", "200 image/png"),
    ]


def test_four_images_are_ordered_where_some_will_be_missing() -> None:
    partial = fixed(QUEUED, Stage(Phase.SUCCEEDED, 100, 1.0, results=2))
    assert len(rows(Scenario(timelines=(partial,)), "result")) == 2


def test_a_file_that_is_not_whole_is_fetched_again() -> None:
    scenario = story(result=["image(truncated)", "cut", "reset"])
    seen = rows(scenario, "result")
    assert [row.seconds for row in seen] == [10.0, 11.0, 13.0, 17.0]
    assert seen[-1].answered == "200 image/png"


def test_a_file_that_is_refused_is_not_fetched_again() -> None:
    assert times(story(result=["403 x*"]), "result") == [10.0]


def test_operations_are_called_where_the_story_plans_something_for_them() -> None:
    scenario = story(upload=["500"], models=["pass"], text=["pass"], webhook=["pass"])
    calls = [(row.call, row.answered.partition(" ")[0]) for row in explain(scenario, GUIDE)]
    assert calls.count(("upload", "500")) == 1
    assert calls.count(("upload", "200")) == 1
    assert calls.count(("models", "200")) == 1
    assert calls.count(("text", "500")) == 1
    assert not any(call == "balance" for call, _ in calls)


@pytest.mark.parametrize(
    ("fault", "answered"), [("reset", "not sent"), ("lost_reply", "204, which gets lost")]
)
def test_an_event_that_fails_is_told_with_its_next_attempt(fault: str, answered: str) -> None:
    first, second = rows(story(webhook=[fault]), "webhook")
    assert first == Row(10.0, "webhook", answered, fault, 1)
    assert second == Row(20.0, "webhook", "204", None, 1)


def test_a_late_event_is_told_at_its_time() -> None:
    seen = rows(story(webhook=["delay(3)"]), "webhook")
    assert seen == [Row(13.0, "webhook", "204", "delay(3)", 1)]


def test_operations_are_called_where_chaos_may_strike_them() -> None:
    chaos = {"balance": (Chance(read_fault("503"), 1.0),)}
    assert len(rows(Scenario(chaos=chaos), "balance")) == GUIDE.backoff.retries_at_most


def test_as_many_tasks_are_submitted_as_the_story_has_timelines() -> None:
    first = TimelinePlan(TEN.stages, TEN.fixed, times=2)
    client = play(Scenario(timelines=(first, TEN)), GUIDE)
    assert len(client.world.tasks) == 3


def test_each_key_of_the_story_is_used() -> None:
    scenario = Scenario(keys={"sk-old": "revoked", "sk-new": "valid"})
    seen = rows(scenario, "submit")
    assert [row.answered for row in seen] == ["401 authentication_error", "200 queued, 0 %"]


@pytest.mark.parametrize(
    ("rule", "refused"),
    [
        (LimitRule("c", ("submit",), "token_bucket", 3, per_second=1), True),
        (LimitRule("c", ("submit",), "daily_credits", 25), True),
        (LimitRule("c", ("submit",), "in_flight", 100), False),
        (LimitRule("c", ("models",), "sliding_window", 3, window=60), False),
    ],
)
def test_a_limit_is_met_if_few_enough_tasks_fit(rule: LimitRule, refused: bool) -> None:
    seen = explain(Scenario(limits=(rule,)), GUIDE)
    assert any(row.answered.startswith("429") for row in seen) == refused


def test_free_images_never_use_up_the_credits_of_a_day() -> None:
    model = replace(GUIDE.models[GUIDE.default_model], credits=0.0)
    free = replace(GUIDE, models={GUIDE.default_model: model})
    rule = LimitRule("c", ("submit",), "daily_credits", 25)
    assert len(rows(Scenario(limits=(rule,)), "submit", free)) == 1


def test_a_story_without_end_is_cut_off() -> None:
    stuck = fixed(QUEUED, Stage(Phase.RUNNING, 1, 1.0))
    many = TimelinePlan(stuck.stages, stuck.fixed, times=50)
    assert len(explain(Scenario(timelines=(many, TEN)), GUIDE, every=0.1)) == 2_000
