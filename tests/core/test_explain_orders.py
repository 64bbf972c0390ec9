"""Explaining a story that asks something of its client: it is what the client does."""

import pytest

from mock_server.core.client_plan import ClientPlan, JobPlan, Stop, StopBy
from mock_server.core.client_words import client_words
from mock_server.core.explain import explain, play
from mock_server.core.scenario import Scenario
from mock_server.loading.profiles import load_profile

GUIDE = load_profile("guide")


def asking(plan: ClientPlan) -> Scenario:
    """The usual story, of which a client is asked this."""
    return Scenario(client=plan)


def test_as_many_images_are_ordered_as_the_story_asks_for() -> None:
    rows = explain(asking(ClientPlan(JobPlan(n=3))), GUIDE)
    assert [row.call for row in rows].count("result") == 3


@pytest.mark.parametrize("job", [JobPlan(n=5), JobPlan(n=0), JobPlan(prompt="")])
def test_an_order_that_cannot_be_had_is_refused(job: JobPlan) -> None:
    (row,) = explain(asking(ClientPlan(job)), GUIDE)
    assert row.answered == "400 invalid_request_error"


def test_the_prompt_is_that_of_the_story() -> None:
    world = play(asking(ClientPlan(JobPlan("A cat"))), GUIDE).world
    assert [task.order.prompt for task in world.tasks.values()] == ["A cat"]


def test_there_are_as_many_tasks_as_jobs_of_all_clients() -> None:
    rows = explain(asking(ClientPlan(jobs=3, clients=2)), GUIDE)
    assert [row.task for row in rows if row.call == "submit"] == [1, 2, 3, 4, 5, 6]


def test_results_on_another_host_are_fetched_as_well() -> None:
    assert explain(Scenario(results_host="127.0.0.2"), GUIDE) == explain(Scenario(), GUIDE)


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        (ClientPlan(), ""),
        (ClientPlan(JobPlan(n=4)), "one job with 4 images"),
        (ClientPlan(jobs=3), "3 jobs at once"),
        (ClientPlan(clients=20, runs=5), "one job, for each of 20 clients, in 5 runs"),
        (ClientPlan(stop=Stop(StopBy.CANCEL, 2.0)), "one job, cancelled 2 s after the start"),
        (
            ClientPlan(stop=Stop(StopBy.SIGNAL, 1.5)),
            "one job, ended by SIGTERM 1.5 s after the start",
        ),
        (
            ClientPlan(JobPlan("A cat", "2:3", 0, 1, True, "a-model")),
            "one job with the prompt 'A cat', 0 images, the size 2:3, the model a-model,"
            " 1 reference image, a mask",
        ),
        (ClientPlan(JobPlan("a" * 41)), f"one job with the prompt '{'a' * 40}...'"),
    ],
)
def test_what_is_asked_of_a_client_is_told_in_words(plan: ClientPlan, words: str) -> None:
    assert client_words(plan) == words
