"""A story exercises the rules that it names: played with a client that does everything right."""

from collections.abc import Callable
from typing import Any, Literal

import pytest

from contract_tests import Overall, Verdict, check_client
from contract_tests.stories import Level
from mock_server.loading.scenarios import scenario_names
from tests.contract_tests.stories.telling import told
from tests.good_clients.async_httpx import AsyncHttpx

# What this client has no occasion to show, whatever it meets.
NEVER_SHOWN = {
    "jitter-per-process": "it is no process of its own",
    "signal-stops": "it is no process of its own",
    "concurrency-limit": "it takes more jobs at once than any story has",
    "backoff-cap": "it gives up before its waits would pass the cap",
}
SHIPPED = set(scenario_names())


@pytest.mark.proof
def test_each_story_exercises_the_rules_that_it_names(proof_size: Callable[..., Any]) -> None:
    level: Literal["quick", "default"] = proof_size("quick", "default")
    found = check_client(AsyncHttpx(at_once=200), level=level, downloads=True, cancels=True)
    assert found.overall in (Overall.CONFORMANT, Overall.WITH_ADVICE)
    seen = {story.name: story.found for story in found.stories}
    idle = [
        f"{story.name}: {rule}"
        for story in told(Level(level))
        if story.name not in SHIPPED
        for rule in story.expect
        if rule not in NEVER_SHOWN
        and seen[story.name][rule].verdict not in (Verdict.PASSED, Verdict.ADVICE)
    ]
    assert idle == []
