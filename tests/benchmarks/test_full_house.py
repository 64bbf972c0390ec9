"""What the measure of the full house compares: a mock that does all, and one that forgets it."""

from pathlib import Path

from benchmarks.measures.full_house import STORY, keeping_nothing
from tests.edge.callers import SUBMIT, caller


def test_the_story_plans_and_limits_every_call_and_stops_none(tmp_path: Path) -> None:
    story = tmp_path / "story.yaml"
    story.write_text(STORY, "utf-8")
    with caller(scenario=str(story), limits=True) as one:
        task = one.submit()["id"]
        reply = one.get(f"{SUBMIT}/{task}")
        assert (reply.status_code, reply.headers["x-ratelimit-limit"]) == (200, "1000000000")
        fired = {name: queue[0].fired for name, queue in one.world.plan.queues.items()}
        assert fired == {"submit": 1, "status": 1}


def test_a_mock_that_keeps_nothing_answers_all_the_same() -> None:
    with keeping_nothing(), caller() as one:
        one.status(one.submit()["id"])
        assert (one.world.calls, len(one.world.journal)) == (2, 0)


def test_the_journal_is_kept_again_afterwards() -> None:
    with keeping_nothing():
        pass
    with caller() as one:
        one.submit()
        assert len(one.world.journal) == 1
