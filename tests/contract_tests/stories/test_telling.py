"""Stories told in few words, the facts of a profile that they need, and how long they take."""

import pytest

from contract_tests.stories import Level, real_seconds
from contract_tests.stories.lives import done_after, failed_after
from contract_tests.stories.order_bounds import OrderBounds
from contract_tests.stories.reply_members import ReplyMembers
from contract_tests.stories.shipped import is_for_exams
from contract_tests.stories.telling import Teller, plot, shortened, slug
from mock_server.core.client_plan import ClientPlan, JobPlan, Stop, StopBy
from mock_server.core.explain import play
from mock_server.core.plan import Plan
from mock_server.core.scenario import Chance, Scenario
from mock_server.loading.faults import read_fault, read_faults
from mock_server.loading.scenarios import load_scenario
from tests.contract_tests.stories.telling import PROFILES, contract, named, told


def test_the_reason_of_a_story_is_that_of_its_first_fault_unless_it_has_its_own() -> None:
    teller = Teller(contract())
    reset = teller.tell("a/b", "Title", submit=["reset"]).scenario
    assert reset.why.startswith("both look alike to a client")
    assert teller.tell("a/b", "Title", status=["429(retry_after=2)"]).scenario.why == teller.why(
        "status(429)"
    )
    assert teller.tell("a/b", "Title", "My own.", submit=["reset"]).scenario.why == "My own."


def test_rules_are_named_once() -> None:
    story = Teller(contract()).tell("a/b", "Title", "Why.", "deadline", "deadline").scenario
    assert story.expect == ("deadline",)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("429(retry_after=2) x3", "429-retry-after-2-x3"),
        ("wrong_length(-20)", "wrong-length-minus-20"),
        ("10^35", "10-35"),
        ("-5", "minus-5"),
        ("status(500, moment=after)", "status-500-moment-after"),
    ],
)
def test_a_fault_can_stand_in_a_name(text: str, name: str) -> None:
    assert slug(text) == name


def test_a_title_is_cut_where_a_file_could_not_hold_it() -> None:
    assert shortened("a" * 120) == "a" * 120
    assert shortened("a" * 121) == "a" * 117 + "..."


def test_the_plot_of_a_story_tells_its_faults_and_what_is_unusual() -> None:
    plan = Plan({"submit": read_faults(["429 x2"], "$"), "any": read_faults(["pass", "cut"], "$")})
    chaos = {"result": (Chance(read_fault("503"), 0.5),)}
    client = ClientPlan(JobPlan(n=2, references=3), jobs=4, stop=Stop(StopBy.CANCEL, 1.5))
    assert plot(Scenario(plan=plan, chaos=chaos, client=client)) == (
        "Submits meet 429 x2; calls meet pass, cut; chance in results; 4 jobs at once; 2 images; "
        "3 references; a stop after 1.5 s"
    )
    assert plot(Scenario()) == "No trouble at all"


def test_lives_are_short_and_end_as_they_say() -> None:
    assert [one.stage.seconds for one in done_after(0.0).stages] == [0.0, 0.0]
    assert [one.stage.seconds for one in done_after(7.0).stages] == [0.0, 1.0, 7.0]
    error = failed_after(4.0, "code", "message").stages[-1].stage.error
    assert error is not None
    assert (error.code, error.message) == ("code", "message")


@pytest.mark.parametrize("profile", PROFILES)
def test_what_can_be_ordered_is_found_in_the_profile_s_schema(profile: str) -> None:
    bounds = OrderBounds.of(contract(profile))
    assert bounds.sizes == ("1:1", "2:3", "3:2")
    assert bounds.most_references == 5
    if profile == "guide":
        assert bounds.counts == (1, 2, 3, 4)
        assert bounds.longest_prompt is None
    else:
        assert bounds.counts == (1, 2, 4)
        assert bounds.longest_prompt == 1_000


@pytest.mark.parametrize("profile", PROFILES)
def test_the_members_of_replies_are_found_in_the_profile_s_template(profile: str) -> None:
    found = ReplyMembers.of(contract(profile))
    assert found == ReplyMembers("id", "status", "progress", "result.data", "result.data.0.url")


@pytest.mark.parametrize(
    ("name", "needs"),
    [
        ("lifecycle/held", "a release"),
        ("limits/out-of-credit", "another key"),
        ("faults/upload-refused", "another operation"),
        ("faults/redirect-elsewhere", "a lookup"),
    ],
)
def test_a_story_that_needs_more_than_a_client_is_for_no_exam(name: str, needs: str) -> None:
    assert not is_for_exams(load_scenario(name, contract())), needs


@pytest.mark.parametrize("profile", PROFILES)
def test_each_single_fault_is_met_by_a_client_that_does_everything_right(profile: str) -> None:
    places = ("submit/", "poll-1/", "poll-2/", "result/")
    singles = [story for story in told(profile=profile) if story.name.startswith(places)]
    interval = contract(profile).polling.interval
    unmet = {one.name: play(one, contract(profile), interval).world.plan.unspent for one in singles}
    assert {name: faults for name, faults in unmet.items() if faults} == {}


def test_every_quick_story_ends() -> None:
    for story in told(Level.QUICK):
        client = play(story, contract(), contract().polling.interval)
        assert len(client.rows) < 500, story.name


def test_a_usual_story_takes_one_interval_of_polling() -> None:
    assert 5 <= real_seconds(named("lives/usual"), contract()) <= 8


def test_waits_and_endless_tasks_take_the_time_that_they_take() -> None:
    assert 8 <= real_seconds(named("waits/a-date-in-7-seconds"), contract()) <= 12
    assert real_seconds(named("waits/10-35"), contract()) > 5
    assert real_seconds(named("lives/stuck"), contract()) > 120
    assert real_seconds(named("storms/busy-eight-times"), contract()) > 127


def test_a_client_that_is_told_to_stop_takes_no_longer() -> None:
    assert real_seconds(named("stops/cancel-backoff"), contract()) < 3


def test_most_of_a_quick_exam_can_be_played_in_real_time() -> None:
    seconds = sorted(real_seconds(story, contract()) for story in told(Level.QUICK))
    assert seconds[int(len(seconds) * 0.9)] <= 20
