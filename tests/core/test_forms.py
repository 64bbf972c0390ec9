"""A submit as a multipart form says the same as one in JSON, and its files are looked into."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.core.call import FilePart, Form
from mock_server.core.contract import Contract
from mock_server.core.routes import Routes
from tests.core.clients import (
    BODY,
    SUBMIT,
    Client,
    Seen,
    belongings,
    client,
    file,
    image,
    profile,
)
from tests.core.refusals import is_refused, leaves_no_trace

Fields = tuple[tuple[str, str], ...]
TEXTS: Fields = tuple(BODY.items())


def send(caller: Client, *fields: tuple[str, str], files: tuple[FilePart, ...] = ()) -> Seen:
    """A submit of the usual texts and these."""
    return caller.post_form(SUBMIT, Form((*TEXTS, *fields), files))


def refused(caller: Client, *fields: tuple[str, str], files: tuple[FilePart, ...] = ()) -> Any:
    """The error of a submit that the schema refuses."""
    before = belongings(caller.world)
    seen = send(caller, *fields, files=files)
    is_refused(caller.world, before, seen, "invalid_request", "submit")
    return seen.error


def taking_forms(name: str) -> Contract:
    """The profile with a submit that takes forms as well."""
    contract = profile(name)
    both = ("application/json", "multipart/form-data")
    routes = (
        replace(route, content_types=both) if route.operation == "submit" else route
        for route in contract.routes.all
    )
    return replace(contract, routes=Routes(routes))


def order_of(caller: Client, seen: Seen) -> Any:
    """What was ordered by an accepted submit."""
    assert seen.status == 200, seen.content
    return caller.world.tasks[seen.json["id"]].order


def test_texts_are_read_as_the_types_of_the_schema() -> None:
    caller = client()
    order = order_of(caller, send(caller, ("n", "2"), ("size", "2:3"), ("metadata", '{"a":[1]}')))
    assert (order.images, order.size, order.metadata) == (2, "2:3", {"a": [1]})
    assert (order.model, order.prompt) == (BODY["model"], BODY["prompt"])


def test_a_form_and_its_json_are_the_same_order() -> None:
    caller = client()
    by_form = order_of(caller, send(caller, ("n", "3")))
    assert by_form == order_of(caller, caller.submit(n=3))


@pytest.mark.parametrize("text", ["true", "false"])
def test_truth_values_are_read_where_the_schema_has_them(text: str) -> None:
    caller = client(taking_forms("reference"))
    fields = (("model", "doubao-seedream-5-0-pro"), ("prompt", "A"), ("layer_decomposition", text))
    assert caller.post_form(SUBMIT, Form(fields)).status == 200


@pytest.mark.parametrize(
    ("field", "text", "told"),
    [
        ("n", "two", "must be of type integer"),
        ("n", "", "must be of type integer"),
        ("n", "1.0", "must be of type integer"),
        ("n", " 1", "must be of type integer"),
        ("n", "٣", "must be of type integer"),
        ("n", "5", "must be at most 4"),
        ("n", "9" * 400, "must be at most 4"),
        ("n", "9" * 5_000, "must be of type integer"),
        ("metadata", "{", "must be of type object"),
        ("metadata", "[]", "must be of type object"),
        ("size", "4:3", "must be one of"),
        ("reference_images", "kite.png", "must be an http or https URL"),
    ],
)
def test_a_text_that_its_field_does_not_take_is_refused_by_its_name(
    field: str, text: str, told: str
) -> None:
    error = refused(client(), (field, text))
    assert (error["param"], told in error["message"]) == (field, True)


def test_a_truth_value_in_other_words_is_refused() -> None:
    caller = client(taking_forms("reference"))
    fields = (("model", "doubao-seedream-5-0-pro"), ("prompt", "A"), ("layer_decomposition", "1"))
    assert caller.post_form(SUBMIT, Form(fields)).error["param"] == "layer_decomposition"


def test_a_file_becomes_an_upload_that_the_order_refers_to() -> None:
    caller = client()
    part = file("reference_images", data=b"the picture of a kite")
    (url,) = order_of(caller, send(caller, files=(part,))).references
    assert url.startswith(caller.base)
    given_back = caller.send("GET", url.removeprefix(caller.base))
    assert given_back.content == b"the picture of a kite"
    assert given_back.headers["content-type"] == "image/png"


@pytest.mark.parametrize("field", ["reference_images", "reference_images[]"])
def test_several_files_are_a_list_in_their_order_after_the_urls(field: str) -> None:
    caller = client()
    files = tuple(file(field, data=data) for data in (b"one", b"two"))
    references = order_of(caller, send(caller, (field, "http://a/0"), files=files)).references
    own = [caller.send("GET", url.removeprefix(caller.base)).content for url in references[1:]]
    assert (references[0], own) == ("http://a/0", [b"one", b"two"])


def test_a_mask_is_one_file() -> None:
    caller = client()
    files = (file("reference_images"), file("mask_url", data=b"a mask"))
    mask = order_of(caller, send(caller, files=files)).mask
    assert caller.send("GET", mask.removeprefix(caller.base)).content == b"a mask"


MEGABYTE = 1024 * 1024


@pytest.mark.parametrize(
    ("files", "param", "told"),
    [
        ((file("reference_images", image("image/gif")),), "reference_images", "is image/gif, not"),
        (
            (file("reference_images", image(size=10 * MEGABYTE + 1)),),
            "reference_images",
            "must not be larger than 10MB",
        ),
        ((file("mask_url", image("image/jpeg")),), "mask_url", "is image/jpeg, not image/png"),
        (
            (file("mask_url", image(size=4 * MEGABYTE + 1)),),
            "mask_url",
            "must not be larger than 4MB",
        ),
        (
            (file("reference_images"), file("mask_url", image(width=65))),
            "mask_url",
            "is 65x64, the reference image is 64x64",
        ),
        (tuple(file("reference_images") for _ in range(6)), "reference_images", "at most 5 items"),
        ((FilePart("mask_url", "a.png", b"no", None),), "mask_url", "file is not an image"),
        ((file("prompt"),), "prompt", "must not be a file"),
        ((file("who_knows"),), "who_knows", "must not be a file"),
    ],
)
def test_a_file_that_its_field_does_not_take_is_refused_by_its_name(
    files: tuple[FilePart, ...], param: str, told: str
) -> None:
    error = refused(client(), files=files)
    assert told in error["message"]
    assert error["param"] == param


def test_files_at_the_limit_are_taken() -> None:
    caller = client()
    reference = file("reference_images", image(size=10 * MEGABYTE))
    assert send(caller, files=(reference, file("mask_url", image(size=4 * MEGABYTE)))).status == 200


def test_all_that_is_wrong_with_texts_and_files_is_told_at_once() -> None:
    no_image = FilePart("reference_images", "a.png", b"no", None)
    message = refused(client(), ("n", "0"), ("size", "9"), files=(no_image,))["message"]
    for told in ("'reference_images' file is not an image", "'size' field must be", "'n' field"):
        assert told in message


def test_a_form_that_could_not_be_read_is_refused_with_the_reason() -> None:
    caller = client()
    before = belongings(caller.world)
    seen = caller.post_form(SUBMIT, Form(broken="The multipart boundary is missing."))
    is_refused(caller.world, before, seen, "invalid_body", "submit")
    assert seen.error["message"] == "The multipart boundary is missing."


def test_an_empty_form_lacks_every_required_field() -> None:
    seen = client().post_form(SUBMIT, Form())
    assert seen.error["message"] == "The 'model' field is required. The 'prompt' field is required."


def test_a_form_without_a_body_is_refused() -> None:
    caller = client()
    kind = (b"content-type", b"multipart/form-data; boundary=x")
    seen = caller.send("POST", SUBMIT, headers=(*caller.authorization(), kind))
    assert (seen.status, seen.error["message"]) == (400, "The request body is empty.")


@pytest.mark.parametrize(
    "fields", [(("prompt", "B"),), (("prompt[]", "B"),), (("n", "1"), ("n", "1"))]
)
def test_a_field_that_comes_twice_where_one_is_wanted_is_refused(fields: Fields) -> None:
    caller = client()
    before = belongings(caller.world)
    seen = send(caller, *fields)
    is_refused(caller.world, before, seen, "invalid_body", "submit")
    assert f"repeats the field '{fields[-1][0].removesuffix('[]')}'" in seen.error["message"]


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        ((("mask_url", "http://a/b"),), ("mask_url",)),
        ((("mask_url", "http://a/b"),), ("mask_url[]",)),
        ((("mask_url[]", "http://a/b"),), ("mask_url",)),
        ((), ("mask_url", "mask_url")),
        ((), ("mask_url", "mask_url[]")),
    ],
)
def test_a_file_for_a_field_that_has_its_one_value_is_refused_and_not_kept(
    fields: Fields, names: tuple[str, ...]
) -> None:
    caller = client()
    before = belongings(caller.world)
    files = (file("reference_images"), *(file(name) for name in names))
    seen = send(caller, *fields, files=files)
    is_refused(caller.world, before, seen, "invalid_body", "submit")
    assert seen.error["message"] == "The form repeats the field 'mask_url'."


def test_a_list_where_one_text_is_wanted_is_refused() -> None:
    assert refused(client(), ("size[]", "1:1"))["param"] == "size"


@pytest.mark.parametrize("field", ["prompt", "model", "metadata", "size", "reference_images", "x"])
@pytest.mark.parametrize("character", ["\0", "\ud800"])
def test_characters_that_json_must_not_carry_are_refused_in_forms_too(
    field: str, character: str
) -> None:
    caller = client()
    before = belongings(caller.world)
    texts = {**BODY, field: f'{{"a":"{character}"}}'}
    seen = caller.post_form(SUBMIT, Form(tuple(texts.items())))
    assert seen.status == 400
    leaves_no_trace(caller.world, before, seen)


names = st.sampled_from(
    ("model", "prompt", "n", "size", "metadata", "reference_images", "mask_url")
)
texts = st.sampled_from(("", "1", "1:1", "{}", "http://a/b", "gpt-4o-image", "true", "null"))
parts = st.builds(
    lambda name, suffix, facts: FilePart(name + suffix, "a", b"x", facts),
    names | st.just("file"),
    st.sampled_from(("", "[]")),
    st.sampled_from((None, image(), image("image/gif"), image(width=1), image(size=2**30))),
)


@given(
    st.lists(st.tuples(st.builds(str.__add__, names, st.sampled_from(("", "[]"))), texts)),
    st.lists(parts, max_size=4),
    st.booleans(),
)
def test_any_form_is_accepted_or_refused_with_a_400_that_leaves_no_trace(
    fields: list[tuple[str, str]], files: list[FilePart], whole: bool
) -> None:
    caller = client()
    before = belongings(caller.world)
    form = Form((*(TEXTS if whole else ()), *fields), tuple(files))
    seen = caller.post_form(SUBMIT, form)
    if seen.status == 200:
        assert len(caller.world.uploads) == len(files)
        assert json.loads(seen.content)["id"] in caller.world.tasks
    else:
        assert seen.status == 400
        leaves_no_trace(caller.world, before, seen)
