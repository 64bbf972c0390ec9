"""The tasks of a session over the control plane: listed, released, ended."""

import pytest

from mock_server.control import Control, ControlError, Session
from mock_server.edge.runner import Running
from tests.control.callers import accepted, call, status


def test_tasks_are_listed_oldest_first_with_what_was_ordered(session: Session) -> None:
    first, second = accepted(session, "one"), accepted(session, "two", n=3, size="3:2")
    tasks = list(session.tasks)
    assert [task.id for task in tasks] == [first, second]
    assert (tasks[1].prompt, tasks[1].images, tasks[1].size) == ("two", 3, "3:2")
    assert (tasks[0].phase, tasks[0].word, tasks[0].finished) == ("queued", "queued", None)


def test_tasks_are_listed_page_by_page(mock: Running, session: Session) -> None:
    made = [accepted(session) for _ in range(3)]
    url = f"{mock.url}/_mock/sessions/{session.name}/tasks"
    page = call("GET", f"{url}?limit=2").value
    assert ([task["id"] for task in page["tasks"]], page["total"]) == (made[:2], 3)
    rest = call("GET", f"{url}?limit=2&after={page['next']}").value
    assert ([task["id"] for task in rest["tasks"]], rest["next"]) == (made[2:], None)


def test_tasks_are_picked_by_phase(session: Session) -> None:
    done, waiting = accepted(session), accepted(session)
    session.tasks.succeed(done)
    assert [task.id for task in session.tasks.all("succeeded")] == [done]
    assert [task.id for task in session.tasks.all("queued")] == [waiting]


def test_a_held_task_is_released_stage_by_stage(control: Control) -> None:
    stages = [
        {"phase": "queued"},
        {"phase": "running", "held": True, "progress": 50},
        {"phase": "succeeded", "held": True},
    ]
    with control.create({"title": "t", "why": "w", "timeline": stages}) as session:
        task = accepted(session)
        assert session.tasks.get(task).held
        assert session.tasks.release(task).phase == "running"
        assert status(session, task).value["progress"] == 50
        released = session.tasks.release(task)
        assert (released.phase, released.held, released.released) == ("succeeded", False, 2)
        with pytest.raises(ControlError) as refused:
            session.tasks.release(task)
        assert refused.value.status == 409


def test_a_task_fails_now_with_the_profiles_words(session: Session) -> None:
    task = accepted(session)
    session.clock.advance(1)
    failed = session.tasks.fail(task)
    assert failed.error is not None
    assert (failed.phase, failed.finished) == ("failed", session.clock.now)
    answer = status(session, task).value
    assert answer["status"] == "failed"
    assert answer["error"]["code"] == failed.error.code
    assert session.ledger().refunds.count == 1


def test_a_task_fails_now_with_a_given_code_and_message(session: Session) -> None:
    failed = session.tasks.fail(accepted(session), "content_policy_violation")
    assert failed.error is not None
    assert "content policy" in failed.error.message
    task = accepted(session)
    session.tasks.fail(task, "odd_code", "told by the test")
    error = status(session, task).value["error"]
    assert (error["code"], error["message"]) == ("odd_code", "told by the test")


def test_a_task_succeeds_now_with_all_or_some_of_its_images(session: Session) -> None:
    whole, part = accepted(session, n=4), accepted(session, n=4)
    session.tasks.succeed(whole)
    session.tasks.succeed(part, results=2)
    assert len(status(session, whole).value["result"]["data"]) == 4
    assert len(status(session, part).value["result"]["data"]) == 2


@pytest.mark.parametrize("action", ["fail", "succeed"])
def test_a_task_ends_once(session: Session, action: str) -> None:
    task = accepted(session)
    session.tasks.succeed(task)
    with pytest.raises(ControlError) as refused:
        getattr(session.tasks, action)(task)
    assert (refused.value.status, refused.value.seen) == (409, "succeeded")
    assert session.tasks.get(task).phase == "succeeded"


@pytest.mark.parametrize("name", ["nosuch", "a/b", "../default", "%2F", "\u00e9"])
def test_an_unknown_task_is_refused(session: Session, name: str) -> None:
    with pytest.raises(ControlError) as refused:
        session.tasks.get(name)
    assert refused.value.status == 404


def test_a_wrong_ending_is_refused_with_its_place(mock: Running, session: Session) -> None:
    url = f"{mock.url}/_mock/sessions/{session.name}/tasks/{accepted(session)}"
    answer = call("POST", f"{url}/fail", {"code": 7})
    assert (answer.status, answer.value["error"]["path"]) == (400, "$.code")
    answer = call("POST", f"{url}/succeed", {"result": 1})
    assert (answer.status, answer.value["error"]["nearest"]) == (400, "results")


def test_keys_in_prompts_are_masked_and_long_prompts_cut(session: Session) -> None:
    task = session.tasks.get(accepted(session, f"my key is {session.api_key} " + "x" * 600))
    assert str(session.api_key) not in task.prompt
    assert "sk-..." in task.prompt
    assert len(task.prompt) == 500
