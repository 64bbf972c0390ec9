"""What the measure of the full house compares with the usual mock: one that does all it can."""

from pathlib import Path

from benchmarks.measures.full_house import STORY
from tests.edge.callers import SUBMIT, caller


def test_the_story_plans_and_limits_every_call_and_stops_none(tmp_path: Path) -> None:
    story = tmp_path / "story.yaml"
    story.write_text(STORY, "utf-8")
    with caller(scenario=str(story), limits=True) as one:
        task = one.submit()["id"]
        reply = one.get(f"{SUBMIT}/{task}")
        assert (reply.status_code, reply.headers["x-ratelimit-limit"]) == (200, "500")
        assert [place for place, _ in one.world.attempts] == ["submit", "status"]
        assert one.world.limiter.buckets
