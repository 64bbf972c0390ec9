"""The parts of an OpenAPI document: bodies, replies, schemas and the choice of examples."""

import json
from collections.abc import Mapping
from dataclasses import replace

import pytest

from mock_server.core.contract import Contract, LimitRule
from mock_server.core.openapi import openapi
from mock_server.core.openapi.examples import good_examples, is_portable
from mock_server.core.openapi.schemas import components
from mock_server.core.routes import Route, Routes
from tests.core.openapi_samples import (
    STATUS,
    SUBMIT,
    document,
    nodes,
    of,
    profile,
    resolved,
    samples,
)


def with_routes(contract: Contract, *routes: Route) -> Contract:
    notes = [{"summary": "A route", "source": "made up"} for _ in routes]
    return replace(contract, routes=Routes(routes), document={**contract.document, "routes": notes})


def test_a_limited_operation_tells_what_is_left_in_good_replies_too() -> None:
    rule = LimitRule("async_submit", ("submit",), "token_bucket", 50, per_second=5)
    found = of(replace(profile("guide"), limits=(rule,)))
    assert "X-RateLimit-Remaining" in found["paths"][SUBMIT]["post"]["responses"]["200"]["headers"]
    assert "headers" not in found["paths"][STATUS]["get"]["responses"]["200"]


def test_the_sample_of_a_wrong_body_is_the_one_that_the_engine_would_send() -> None:
    replies = document("guide")["paths"][SUBMIT]["post"]["responses"]
    examples = replies["400"]["content"]["application/json"]["examples"]
    assert examples["invalid_request"]["value"] == {
        "error": {
            "code": "invalid_request_error",
            "message": "The 'prompt' field is required.",
            "param": "prompt",
            "type": "invalid_request_error",
        }
    }
    assert examples["unknown_model"]["value"]["error"]["param"] == "model"


def test_an_envelope_without_a_definition_of_its_name_is_any_error() -> None:
    contract = profile("guide")
    schemas = {**contract.schemas, "error.reply.json": {"type": "object"}}
    reply = of(replace(contract, schemas=schemas))["paths"][STATUS]["get"]["responses"]["404"]
    schema = reply["content"]["application/json"]["schema"]
    assert schema == {"$ref": "#/components/schemas/error.reply"}


def test_several_models_are_told_apart_by_the_field_model() -> None:
    content = document("reference")["paths"][SUBMIT]["post"]["requestBody"]["content"]
    schema = content["application/json"]["schema"]
    assert set(schema["discriminator"]["mapping"]) == set(profile("reference").models)
    assert schema["anyOf"][0] == {"$ref": "#/components/schemas/gpt-4o-image.request"}


def test_a_form_takes_files_where_json_takes_urls() -> None:
    found = document("guide")
    form = found["paths"][SUBMIT]["post"]["requestBody"]["content"]["multipart/form-data"]
    images = resolved(found, form["schema"]["$ref"])["properties"]["reference_images"]
    assert images["items"]["format"] == "binary"
    assert images["maxItems"] == 5
    assert (
        form["encoding"]["reference_images"]["contentType"] == "image/jpeg, image/png, image/webp"
    )


def test_an_upload_takes_one_file_of_the_documented_types() -> None:
    upload = document("guide")["paths"]["/v1/uploads/images"]["post"]
    form = upload["requestBody"]["content"]["multipart/form-data"]
    assert form["schema"]["required"] == ["file"]
    assert form["encoding"]["file"]["contentType"].split(", ") == [
        *profile("guide").uploads.media_types
    ]


def test_a_profile_that_rejects_unknown_fields_says_so_for_bodies_and_forms() -> None:
    contract = profile("guide")
    switches = replace(contract.switches, unknown_request_fields="reject")
    schemas = of(replace(contract, switches=switches))["components"]["schemas"]
    for name in ("gpt-4o-image.request", "gpt-4o-image.request.form"):
        assert schemas[name]["unevaluatedProperties"] is False
        assert "additionalProperties" not in schemas[name]
    assert "unevaluatedProperties" not in schemas["task.reply"]


def test_the_callers_own_id_is_offered_for_the_status_where_the_profile_knows_it() -> None:
    texts = {
        name: document(name)["paths"][STATUS]["get"]["parameters"][0]["description"]
        for name in ("guide", "reference")
    }
    assert "client_business_id" not in texts["guide"]
    assert "client_business_id" in texts["reference"]


def test_the_webhook_is_described_where_the_profile_has_one() -> None:
    body = document("reference")["webhooks"]["task"]["post"]["requestBody"]
    schema = body["content"]["application/json"]["schema"]
    assert schema == {"$ref": "#/components/schemas/webhook.reply"}
    assert "webhooks" not in document("guide")


def test_results_are_images_of_every_type_that_a_model_makes() -> None:
    replies = document("guide")["paths"]["/generated/{file}"]["get"]["responses"]
    assert set(replies) == {"200", "206", "304", "416", "403", "404"}
    assert set(replies["200"]["content"]) == {"image/png"}
    path = next(r.path for r in profile("reference").routes.all if r.operation == "result")
    content = document("reference")["paths"][path]["get"]["responses"]["200"]["content"]
    assert {"image/png", "image/jpeg"} <= set(content)


def test_without_a_route_to_the_status_there_is_no_link() -> None:
    found = of(with_routes(profile("guide"), Route("submit", "POST", "/v1/images")))
    assert "links" not in found["paths"]["/v1/images"]["post"]["responses"]["200"]


def test_nothing_is_promised_of_a_body_that_an_operation_does_not_know() -> None:
    route = Route("upload", "POST", "/v1/uploads", content_types=("application/json",))
    found = of(with_routes(profile("guide"), route))
    body = found["paths"]["/v1/uploads"]["post"]["requestBody"]
    assert body == {"required": True, "content": {"application/json": {}}}


def test_without_an_address_the_server_is_where_the_document_comes_from() -> None:
    assert openapi(profile("guide"), {}, "")["servers"] == [{"url": "/"}]


def test_a_changed_document_changes_no_other() -> None:
    first = document("guide")
    for node in list(nodes(first)):
        node.clear()
    assert document("guide")["components"]["headers"]["Retry-After"]["schema"]["type"] == "integer"


def test_references_follow_their_schemas_and_data_stays_as_it_is() -> None:
    schemas: dict[str, Mapping[str, object]] = {
        "a.reply.json": {
            "$id": "x/a.reply.json",
            "items": {"$ref": "#/$defs/part/properties/size"},
            "not": {"$ref": "b.reply.json#/$defs/$ref"},
            "anyOf": [{"$ref": "#"}, True],
            "const": {"$ref": "#/$defs/part"},
            "$defs": {"part": {"properties": {"const": {"$ref": "b.reply.json"}}}},
        },
        "b.reply.json": {"$defs": {"$ref": {}}},
    }
    at = "#/components/schemas/"
    assert components(replace(profile("guide"), schemas=schemas)) == {
        "a.reply": {
            "items": {"$ref": f"{at}a.reply.part/properties/size"},
            "not": {"$ref": f"{at}b.reply.$ref"},
            "anyOf": [{"$ref": f"{at}a.reply"}, True],
            "const": {"$ref": "#/$defs/part"},
        },
        "a.reply.part": {"properties": {"const": {"$ref": f"{at}b.reply"}}},
        "b.reply": {},
        "b.reply.$ref": {},
    }


@pytest.mark.parametrize(
    "value",
    ["\ud800", "a\0b", {"\udfff": 1}, [["\0"]], 10**400, -(2**53), float("nan"), "x" * 2001],
)
def test_what_some_readers_of_json_would_spoil_is_not_shown(value: object) -> None:
    assert not is_portable(value)


@pytest.mark.parametrize(
    "value", ["é\U0001f600", 2**53 - 1, True, None, 1.5, {"a": [1]}, "x" * 1990]
)
def test_what_every_reader_of_json_can_carry_is_shown(value: object) -> None:
    assert is_portable(value)


def test_examples_that_are_wrong_or_belong_elsewhere_are_not_shown() -> None:
    good = {"why": "w", "schema": "task.reply.json", "valid": True, "value": {}}
    examples = {
        "b.json": good,
        "wrong.json": {**good, "valid": False},
        "part.json": {**good, "schema": "task.reply.json#/$defs/x"},
        "a.json": {**good, "source": "REF tasks"},
    }
    found = good_examples(profile("guide"), examples, "task.reply.json")
    assert found == {
        "a": {"summary": "w", "value": {}, "description": "Source: REF tasks"},
        "b": {"summary": "w", "value": {}},
    }
    assert list(found) == ["a", "b"]


def test_the_first_example_of_a_request_is_the_one_that_the_schema_shows() -> None:
    content = document("guide")["paths"][SUBMIT]["post"]["requestBody"]["content"]
    first = next(iter(content["application/json"]["examples"].values()))
    assert [first["value"]] == profile("guide").models["gpt-4o-image"].schema["examples"]


def test_a_request_that_the_profile_would_refuse_is_not_shown() -> None:
    contract = profile("guide")
    models = {name: replace(m, accepts=lambda body: False) for name, m in contract.models.items()}
    found = of(replace(contract, models=models), samples("guide"))
    content = found["paths"][SUBMIT]["post"]["requestBody"]["content"]
    assert content["application/json"]["examples"] == {}


def test_a_callback_is_shown_only_where_the_profile_has_a_webhook() -> None:
    contract = profile("reference")
    assert not contract.switches.webhook_configured
    switches = replace(contract.switches, webhook_configured=True)
    shown = [
        json.dumps(of(each, samples("reference"))["paths"][SUBMIT]["post"]["requestBody"])
        for each in (contract, replace(contract, switches=switches))
    ]
    assert ["https://example.com/hooks" in text for text in shown] == [False, True]


def test_the_document_is_plain_json() -> None:
    found = document("reference")
    assert json.loads(json.dumps(found, allow_nan=False)) == found
