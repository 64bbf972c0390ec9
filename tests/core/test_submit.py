"""A valid request becomes a task, with everything that it asked for, and nothing is made up."""

from typing import Any

import pytest

from mock_server.core.lifecycle import Phase, Stage
from mock_server.core.scenario import Scenario, fixed
from tests.core.clients import (
    AT_ONCE,
    BODY,
    FAILS,
    KEY,
    NOW,
    PROFILES,
    SUBMIT,
    Client,
    belongings,
    client,
    file,
    image,
    with_switches,
)
from tests.core.refusals import is_refused

every_profile = pytest.mark.parametrize("name", PROFILES)


def order(caller: Client, **fields: Any) -> Any:
    """What was ordered by a submit of the usual body and these fields."""
    return caller.world.tasks[caller.submitted(**fields)].order


def test_the_guides_minimal_request_gets_its_minimal_response() -> None:
    seen = client("guide").submit()
    assert list(seen.json) == [
        *("id", "object", "model", "status", "progress", "created_at", "metadata"),
    ]
    assert seen.json["id"].startswith("task_img_")
    assert {key: value for key, value in seen.json.items() if key != "id"} == {
        "object": "generation.task",
        "model": "gpt-4o-image",
        "status": "queued",
        "progress": 0,
        "created_at": int(NOW),
        "metadata": {},
    }


@pytest.mark.parametrize(
    ("name", "word", "prefix"),
    [
        ("guide", "queued", "task_img_"),
        ("reference", "queued", "task_img_"),
        ("live", "pending", "tsk_img_"),
    ],
)
def test_the_reply_to_a_submit_has_the_profiles_word_and_form_of_id(
    name: str, word: str, prefix: str
) -> None:
    seen = client(name).submit().json
    assert (seen["status"], seen["id"].startswith(prefix)) == (word, True)


@every_profile
def test_an_accepted_task_can_be_polled_at_once(name: str) -> None:
    caller = client(name)
    task = caller.submit().json["id"]
    assert caller.status(task).json["id"] == task


@every_profile
@pytest.mark.parametrize("story", [AT_ONCE, FAILS, fixed(Stage(Phase.FAILED))])
def test_the_reply_to_a_submit_never_tells_the_end_of_the_task(name: str, story: Any) -> None:
    seen = client(name, Scenario(timelines=(story,))).submit().json
    ends = {"result", "error", "completed_at", "expires_at", "url"}
    assert ends & seen.keys() == set()
    assert seen["status"] == client(name).world.contract.words.accepted


@every_profile
def test_each_submit_makes_a_task_of_its_own(name: str) -> None:
    caller = client(name)
    assert len({caller.submitted() for _ in range(50)}) == 50
    assert len(caller.world.tasks) == 50


def test_the_same_submits_in_the_same_session_get_the_same_ids() -> None:
    first, second = client(), client()
    assert [first.submitted() for _ in range(3)] == [second.submitted() for _ in range(3)]


def test_what_is_not_said_is_filled_in_from_the_documentation() -> None:
    found = order(client())
    assert (found.images, found.size, found.metadata) == (1, "1:1", None)
    assert (found.references, found.mask, found.client_id, found.callback) == ((), None, None, None)


def test_what_is_said_is_ordered() -> None:
    found = order(
        client(),
        prompt="Ein Drachen 🪁",
        size="2:3",
        n=3,
        reference_images=["https://a.example/1.png", "http://a.example/2"],
        mask_url="https://a.example/mask.png",
        metadata={"order": 7},
    )
    assert (found.prompt, found.size, found.images) == ("Ein Drachen 🪁", "2:3", 3)
    assert found.references == ("https://a.example/1.png", "http://a.example/2")
    assert (found.mask, found.metadata) == ("https://a.example/mask.png", {"order": 7})
    assert (found.width, found.height, found.media_type) == (683, 1024, "image/png")


def test_a_whole_number_may_be_written_with_a_fraction_of_zero() -> None:
    assert order(client(), n=2.0).images == 2


@every_profile
def test_metadata_is_echoed_as_it_was_sent(name: str) -> None:
    sent = {"order": 10**30, "deep": {"list": [1, None, "ü"]}}
    assert client(name).submit(metadata=sent).json["metadata"] == sent


def test_unknown_fields_are_accepted_where_the_profile_says_so() -> None:
    assert client().submit(colour="red").status == 200


@pytest.mark.parametrize("name", ["reference", "live"])
@pytest.mark.parametrize("field", ["image_urls", "reference_images"])
def test_references_have_two_names_and_two_forms(name: str, field: str) -> None:
    caller = client(name)
    if caller.submit(**{field: [{"url": "http://a/1"}]}).status == 200:
        assert order(caller, **{field: [{"url": "http://a/1"}]}).references == ("http://a/1",)
    assert order(caller, **{field: ["http://a/1", "http://a/2"]}).references == (
        "http://a/1",
        "http://a/2",
    )


@pytest.mark.parametrize(
    "fields",
    [{"client_business_id": "order_7"}, {"metadata": {"client_business_id": "order_7"}}],
)
def test_the_callers_own_id_is_told_and_can_be_polled(fields: dict[str, Any]) -> None:
    caller = client("reference")
    task = caller.submit(**fields).json
    assert task["client_business_id"] == "order_7"
    assert caller.status("order_7").json["id"] == task["id"]


def test_of_references_under_a_name_that_the_model_does_not_document_urls_are_taken() -> None:
    sent = ["http://a/1", 5, {"url": 6}, {"url": "http://a/2"}, None]
    found = order(client("reference"), model="flux-2-pro", reference_images=sent)
    assert found.references == ("http://a/1", "http://a/2")


def test_the_callers_own_id_belongs_to_that_caller_alone() -> None:
    caller = client("reference")
    other = caller.as_another()
    mine = caller.submitted(client_business_id="order_7")
    assert other.status("order_7").status == 404
    theirs = other.submitted(client_business_id="order_7")
    assert caller.status("order_7").json["id"] == mine
    assert other.status("order_7").json["id"] == theirs


def test_of_two_tasks_with_one_own_id_the_latest_is_found() -> None:
    caller = client("reference")
    caller.submitted(client_business_id="order_7")
    latest = caller.submitted(client_business_id="order_7")
    assert caller.status("order_7").json["id"] == latest


def test_a_profile_may_refuse_an_own_id_that_was_used_before() -> None:
    caller = client(with_switches("reference", duplicate_client_id="reject"))
    assert caller.submit(client_business_id="order_7").status == 200
    before = belongings(caller.world)
    seen = caller.submit(client_business_id="order_7")
    is_refused(caller.world, before, seen, "invalid_request", "submit")
    assert seen.error["param"] == "client_business_id"
    assert seen.error["message"] == "The 'client_business_id' field has been used before."
    assert caller.submit(client_business_id="order_8").status == 200
    assert caller.as_another().submit(client_business_id="order_7").status == 200


def test_a_profile_without_own_ids_does_not_find_tasks_by_them() -> None:
    caller = client("guide")
    caller.submitted(client_business_id="order_7")
    assert caller.status("order_7").status == 404


@pytest.mark.parametrize("name", ["reference", "live"])
def test_a_callback_without_a_webhook_is_refused(name: str) -> None:
    caller = client(name)
    before = belongings(caller.world)
    seen = caller.submit(callback_url="https://a.example/hook")
    is_refused(caller.world, before, seen, "webhook_not_configured", "submit")
    assert seen.error["message"] == "webhook_not_configured"


def test_a_callback_with_a_webhook_is_ordered() -> None:
    caller = client(with_switches("reference", webhook_configured=True))
    assert order(caller, callback_url="https://a.example/hook").callback == "https://a.example/hook"


def uploaded(caller: Client, facts: Any) -> str:
    """The URL of an uploaded file that was found to be that."""
    return str(caller.upload(file(facts=facts)).json["data"]["url"])


@pytest.mark.parametrize(
    ("fields", "param", "told"),
    [
        ({"reference_images": ["{gif}"]}, "reference_images", "is image/gif, not"),
        ({"reference_images": ["http://a/1", "{gif}"]}, "reference_images", "is image/gif, not"),
        ({"mask_url": "{jpeg}"}, "mask_url", "is image/jpeg, not image/png"),
        ({"mask_url": "{wide}", "reference_images": ["{png}"]}, "mask_url", "is 65x64, the"),
    ],
)
def test_an_uploaded_file_is_judged_by_what_it_was_found_to_be(
    fields: dict[str, Any], param: str, told: str
) -> None:
    caller = client()
    urls = {
        "{gif}": uploaded(caller, image("image/gif")),
        "{jpeg}": uploaded(caller, image("image/jpeg")),
        "{wide}": uploaded(caller, image(width=65)),
        "{png}": uploaded(caller, image()),
    }
    sent = {
        name: [urls.get(url, url) for url in value] if isinstance(value, list) else urls[value]
        for name, value in fields.items()
    }
    before = belongings(caller.world)
    seen = caller.submit(**sent)
    is_refused(caller.world, before, seen, "invalid_request", "submit")
    assert (seen.error["param"], told in seen.error["message"]) == (param, True)


def test_uploaded_files_that_fit_are_taken() -> None:
    caller = client()
    png = uploaded(caller, image())
    assert caller.submit(reference_images=[png, "http://a/1"], mask_url=png).status == 200
    assert caller.submit(mask_url=png).status == 200
    assert caller.submit(reference_images=["http://a/1"], mask_url=png).status == 200


def test_a_file_that_the_mock_does_not_know_is_not_looked_at() -> None:
    caller = client()
    uploaded(caller, image("image/gif"))
    elsewhere = ["https://a.example/uploads/a.gif", caller.base + "/uploads/123/unknown.gif"]
    assert caller.submit(reference_images=elsewhere).status == 200


def test_a_submit_belongs_to_the_key_that_sent_it() -> None:
    caller = client()
    task = caller.world.tasks[caller.submitted()]
    assert KEY not in repr(task)
    assert caller.as_another().status(task.id).status == 404


def test_a_body_may_hold_any_prompt_that_is_text() -> None:
    prompts = ["e\u0301", "שלום", "👩‍👩‍👧", "a\nb\tc", "'\"\\</script>", "\u2028", "x" * 900_000]
    caller = client()
    assert [order(caller, prompt=prompt).prompt for prompt in prompts] == prompts


def test_the_model_is_echoed() -> None:
    seen = client("reference").post(SUBMIT, {**BODY, "model": "gpt-image-2"})
    assert seen.json["model"] == "gpt-image-2"
