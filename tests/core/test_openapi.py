"""Every profile as an OpenAPI document: valid, complete, and true to its schemas."""

from collections.abc import Mapping

import jsonschema_rs
import pytest
import schemathesis
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis.core.result import Ok

from mock_server.loading.profiles import profile_names
from tests.core.openapi_samples import (
    STATUS,
    SUBMIT,
    Json,
    document,
    nodes,
    operations,
    profile,
    resolved,
)

ALL = profile_names()


def misfits(found: Json, bodies: Mapping[str, Json]) -> list[str]:
    """The names of examples that break the schema beside them."""
    wrong = []
    for body in bodies.values():
        root = {"components": found["components"], **body.get("schema", {})}
        accepts = jsonschema_rs.Draft202012Validator(root).is_valid
        examples = body.get("examples", {}).items()
        wrong += [name for name, shown in examples if not accepts(shown["value"])]
    return wrong


@pytest.mark.parametrize("name", ALL)
def test_the_document_is_valid_openapi_3_1(name: str) -> None:
    assert [str(error) for error in OpenAPIV31SpecValidator(document(name)).iter_errors()] == []


@pytest.mark.parametrize("name", ALL)
def test_schemathesis_loads_every_operation_and_finds_the_links(name: str) -> None:
    found = schemathesis.openapi.from_dict(document(name))
    loaded = list(found.get_all_operations())
    labels = [result.ok().label for result in loaded if isinstance(result, Ok)]
    assert labels == [f"{r.method} {r.path}" for r in profile(name).routes.all]
    # From the submit to the status, and from a status to the next one.
    assert found.statistic.transitions.total == 2


@pytest.mark.parametrize("name", ALL)
def test_every_reference_leads_somewhere(name: str) -> None:
    found = document(name)
    references = [n["$ref"] for n in nodes(found) if isinstance(n.get("$ref"), str)]
    discriminators = [n["discriminator"] for n in nodes(found) if "discriminator" in n]
    references += [r for d in discriminators for r in d["mapping"].values()]
    assert references
    assert all(isinstance(resolved(found, reference), dict) for reference in references)


@pytest.mark.parametrize("name", ALL)
def test_every_schema_of_the_profile_is_a_component_without_an_id_of_its_own(name: str) -> None:
    schemas = document(name)["components"]["schemas"]
    assert {file.removesuffix(".json") for file in profile(name).schemas} <= set(schemas)
    assert [key for s in schemas.values() for key in ("$id", "$schema", "$defs") if key in s] == []


@pytest.mark.parametrize("name", ALL)
def test_every_operation_has_an_id_of_its_own_a_summary_and_its_source(name: str) -> None:
    found = list(operations(document(name)))
    assert len({operation["operationId"] for operation in found}) == len(found)
    for operation, note in zip(found, profile(name).document["routes"], strict=True):  # type: ignore[call-overload]
        assert operation["summary"] == note["summary"]
        assert f"Source: {note['source']}" in operation["description"]


@pytest.mark.parametrize("name", ALL)
def test_every_example_of_a_request_obeys_the_schema_beside_it(name: str) -> None:
    found = document(name)
    bodies = [o["requestBody"]["content"] for o in operations(found) if "requestBody" in o]
    assert [wrong for content in bodies for wrong in misfits(found, content)] == []


@pytest.mark.parametrize("name", ALL)
def test_every_example_of_a_reply_obeys_the_schema_beside_it(name: str) -> None:
    found = document(name)
    replies = [reply for o in operations(found) for reply in o["responses"].values()]
    assert [wrong for r in replies for wrong in misfits(found, r.get("content", {}))] == []


@pytest.mark.parametrize("name", ALL)
def test_every_documented_error_is_shown_with_its_status_advice_and_source(name: str) -> None:
    for operation in operations(document(name)):
        for entry in profile(name).catalogue.of(operation["x-operation"]):
            content = operation["responses"][str(entry.status)]["content"]["application/json"]
            shown = content["examples"][entry.reason]
            assert shown["summary"] == entry.trigger
            for advice in (entry.fix, entry.retry, entry.source):
                assert advice in shown["description"]


@pytest.mark.parametrize("name", ALL)
def test_every_schema_of_a_model_has_an_example_in_the_submit(name: str) -> None:
    content = document(name)["paths"][SUBMIT]["post"]["requestBody"]["content"]
    shown = content["application/json"]["examples"].values()
    schemas = {id(profile(name).models[e["value"]["model"]].schema) for e in shown}
    assert schemas == {id(model.schema) for model in profile(name).models.values()}


@pytest.mark.parametrize("name", ALL)
def test_the_key_is_asked_for_exactly_where_the_profile_asks_for_it(name: str) -> None:
    found = document(name)
    assert found["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    for operation, route in zip(operations(found), profile(name).routes.all, strict=True):
        assert operation["security"] == ([{"bearer": []}] if route.auth else [])


@pytest.mark.parametrize("name", ALL)
def test_the_submit_links_to_the_status_by_the_id_of_its_reply(name: str) -> None:
    link = document(name)["paths"][SUBMIT]["post"]["responses"]["200"]["links"]["status"]
    status = document(name)["paths"][STATUS]["get"]
    assert link["operationId"] == status["operationId"]
    assert link["parameters"] == {"id": "$response.body#/id"}
    assert [parameter["name"] for parameter in status["parameters"]] == ["id"]


@pytest.mark.parametrize("name", ALL)
def test_a_429_says_when_to_come_back_and_which_limit_it_was(name: str) -> None:
    headers = document(name)["paths"][SUBMIT]["post"]["responses"]["429"]["headers"]
    assert set(headers) == {
        "Retry-After",
        "X-RateLimit-Limit",
        "X-RateLimit-Remaining",
        "X-RateLimit-Reset",
        "X-RateLimit-Category",
    }
