"""Faults enter at one point, before or after the work, and are marked as what they are."""

from dataclasses import dataclass

import pytest

from mock_server.core.fault import Moment, Scene
from mock_server.core.plan import Plan, Planned
from mock_server.core.scenario import Scenario
from mock_server.core.script import Chunk, HangUp, Head, Reset, Script, Wait
from tests.core.clients import PROFILES, SUBMIT, belongings, client, profile
from tests.core.refusals import is_refused, leaves_no_trace

every_profile = pytest.mark.parametrize("name", PROFILES)


@dataclass(frozen=True)
class Adds:
    """A fault that notes its scene and puts steps after the script."""

    moment: Moment
    steps: Script = (HangUp(),)
    text: str = "adds"

    def rewrite(self, script: Script, scene: Scene) -> Script:
        return (*script, *self.steps)


@dataclass(frozen=True)
class Says:
    """A fault that answers with an error of the catalogue in place of the reply."""

    what: str | int
    message: str | None = None
    moment: Moment = "before"
    text: str = "says"

    def rewrite(self, script: Script, scene: Scene) -> Script:
        return scene.error(self.what, self.message)


def test_a_fault_before_the_work_leaves_nothing_created() -> None:
    caller = client()
    before = belongings(caller.world)
    assert caller.struck(Adds("before")).script == (HangUp(),)
    assert belongings(caller.world) == before


def test_a_fault_after_the_work_spoils_the_reply_alone() -> None:
    caller = client()
    seen = caller.struck(Adds("after", (Wait(5), Reset())))
    assert [type(step) for step in seen.script] == [Head, Chunk, Wait, Reset]
    assert list(caller.world.tasks) == [seen.json["id"]]


def test_a_fault_after_the_work_strikes_a_refusal_too() -> None:
    seen = client().struck(Adds("after"), n=9)
    assert (seen.status, seen.script[-1]) == (400, HangUp())


def test_the_head_of_a_struck_reply_names_the_fault() -> None:
    caller = client()
    assert caller.struck(Adds("after")).headers["x-mock-fault"] == "adds"
    assert caller.struck(Says(500)).headers["x-mock-fault"] == "says"
    assert "x-mock-fault" not in caller.submit().headers


def test_the_fault_that_a_call_asks_for_comes_before_the_plan_and_spends_nothing() -> None:
    planned = Plan({"submit": (Planned(Adds("after")),)})
    caller = client(scenario=Scenario(plan=planned))
    assert caller.struck(Says(500)).status == 500
    assert list(caller.world.plan.unspent) == ["submit: adds"]
    assert caller.submit().script[-1] == HangUp()
    assert list(caller.world.plan.unspent) == []


def test_faults_are_planned_for_operations() -> None:
    planned = Plan({"status": (Planned(Says(500)),), "nowhere": (Planned(Says(500)),)})
    caller = client(scenario=Scenario(plan=planned))
    task = caller.submitted()
    assert [caller.status(task).status for _ in range(2)] == [500, 200]
    assert [caller.get("/none").status for _ in range(2)] == [500, 404]


def test_the_faults_that_struck_are_named_in_order() -> None:
    planned = Plan({"submit": (Planned(Says(500)), Planned(None), Planned(Adds("after")))})
    caller = client(scenario=Scenario(plan=planned))
    for _ in range(4):
        caller.submit()
    assert list(caller.world.fired) == ["submit: says", "submit: adds"]


@every_profile
@pytest.mark.parametrize("reason", ["rate_limited", "server_error", "unauthenticated"])
def test_an_injected_error_has_the_words_of_the_catalogue(name: str, reason: str) -> None:
    caller = client(name)
    before = belongings(caller.world)
    is_refused(caller.world, before, caller.struck(Says(reason)), reason, "submit")


@every_profile
@pytest.mark.parametrize(
    "status", [400, 401, 402, 404, 409, 418, 422, 429, 451, 500, 502, 503, 599]
)
@pytest.mark.parametrize("path", [SUBMIT, f"{SUBMIT}/task_1", "/v1/models", "/v1/balance", "/x"])
def test_any_error_status_can_be_injected_anywhere_in_an_envelope_of_the_vendor(
    name: str, status: int, path: str
) -> None:
    caller = client(name)
    before = belongings(caller.world)
    method = "POST" if path == SUBMIT else "GET"
    seen = caller.send(method, path, headers=caller.json_headers(), fault=Says(status))
    assert seen.status == status
    leaves_no_trace(caller.world, before, seen)


def test_an_injected_error_may_have_words_of_its_own() -> None:
    seen = client().struck(Says(429, "Not now"))
    assert seen.error["message"] == "Not now"


def test_an_injected_error_for_head_has_no_content() -> None:
    caller = client()
    seen = caller.send("HEAD", "/v1/models", headers=caller.authorization(), fault=Says(503))
    assert (seen.status, seen.content) == (503, b"")


def test_the_scene_of_a_fault_tells_what_was_called_and_when() -> None:
    scenes = []

    @dataclass(frozen=True)
    class Notes(Adds):
        def rewrite(self, script: Script, scene: Scene) -> Script:
            scenes.append(scene)
            return script

    caller = client()
    caller.get("/v1/models?type=all", fault=Notes("after"))
    (scene,) = scenes
    assert (scene.operation, scene.path, scene.query) == ("models", "/v1/models", "type=all")
    assert (scene.base, scene.now) == (caller.base, caller.now)
    assert 0 <= scene.chance < 1


@every_profile
def test_every_error_of_a_profile_is_in_one_of_its_envelopes(name: str) -> None:
    for reason in profile(name).catalogue.entries:
        caller = client(name)
        seen = caller.get("/v1/models", fault=Says(reason))
        leaves_no_trace(caller.world, belongings(caller.world), seen)
