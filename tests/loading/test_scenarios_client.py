"""What a story asks of a client, and where its files lie."""

from collections.abc import Callable
from pathlib import Path

import pytest

from mock_server.core.client_plan import ClientPlan, JobPlan, Stop, StopBy
from mock_server.core.client_value import client_value
from mock_server.core.scenario import Scenario
from mock_server.loading.data_error import DataError
from mock_server.loading.profiles import load_profile
from mock_server.loading.scenarios import load_scenario, read_scenario, write_scenario

Write = Callable[[str, str], None]

GUIDE = load_profile("guide")
OPENING = "title: A story\nwhy: To see it told.\n"


def read(text: str) -> Scenario:
    """The story in a text that opens with a title and a why."""
    return read_scenario(OPENING + text, GUIDE)


def test_a_story_asks_the_usual_of_a_client_unless_it_says_otherwise() -> None:
    assert read("").client == ClientPlan() == read("client: {}").client
    assert read("").results_host is None


def test_a_story_can_say_all_that_a_client_is_asked_to_do() -> None:
    told = read("""
client:
  job: {prompt: a cat, size: "2:3", n: 0, references: 6, mask: true, model: gpt-4o-image}
  jobs: 20
  clients: 3
  runs: 5
  stop: {by: signal, after: 1}
results_host: 127.0.0.2
""")
    job = JobPlan("a cat", "2:3", 0, 6, True, "gpt-4o-image")
    assert told.client == ClientPlan(job, 20, 3, 5, Stop(StopBy.SIGNAL, 1.0))
    assert told.results_host == "127.0.0.2"


def test_a_story_that_extends_another_asks_the_same_of_a_client(
    tmp_path: Path, write: Write
) -> None:
    write("base.yaml", f"{OPENING}client: {{job: {{n: 2}}, runs: 3}}\nresults_host: h\n")
    write("same.yaml", f"{OPENING}extends: base.yaml\n")
    write("other.yaml", f"{OPENING}extends: base.yaml\nclient: {{jobs: 2}}\n")
    same, other = (
        load_scenario(str(tmp_path / name), GUIDE) for name in ("same.yaml", "other.yaml")
    )
    assert same.client == ClientPlan(JobPlan(n=2), runs=3)
    assert other.client == ClientPlan(jobs=2)
    assert other.results_host == "h"


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("client: {jbs: 2}", "$.client.jbs", "(did you mean 'jobs'?)"),
        ("client: {job: {n: 51}}", "$.client.job.n", "expected maximum 50, seen 51"),
        ("client: {job: {prompt: 5}}", "$.client.job.prompt", "expected type string, seen 5"),
        ("client: {jobs: 0}", "$.client.jobs", "expected minimum 1, seen 0"),
        ("client: {stop: {by: signal}}", "$.client.stop.after", "expected a value, seen nothing"),
        ("client: {stop: {by: hand, after: 1}}", "$.client.stop.by", "one of cancel, signal"),
        ("results_host: http://h", "$.results_host", "seen 'http://h'"),
    ],
)
def test_what_cannot_be_asked_of_a_client_is_refused(text: str, path: str, expected: str) -> None:
    with pytest.raises(DataError) as caught:
        read(text)
    (line,) = caught.value.lines()
    assert f"inline:3: {path}: " in line
    assert expected in line


def test_a_very_long_prompt_is_read_but_not_an_endless_one() -> None:
    prompt = "\u05d0\u0301 \U0001f98a\u200d" * 8_000
    assert len(prompt) == 40_000
    scenario = Scenario(name="inline", client=ClientPlan(JobPlan(prompt)))
    assert read_scenario(write_scenario(scenario), GUIDE) == scenario
    with pytest.raises(DataError, match="maxLength: 40000"):
        read(f"client: {{job: {{prompt: {'x' * 40_001}}}}}")


def test_only_the_unusual_is_written_of_a_client() -> None:
    assert client_value(ClientPlan()) == {}
    asked = ClientPlan(JobPlan(n=2), runs=5, stop=Stop(StopBy.CANCEL, 2.0))
    assert client_value(asked) == {
        "job": {"n": 2},
        "runs": 5,
        "stop": {"by": "cancel", "after": 2},
    }
