"""The images of a task have the pixels and the format that its request asks for."""

from dataclasses import replace
from typing import Any

import pytest

from mock_server.core.contract import Aspect, Model, OutputFormat, Resolution
from mock_server.core.sizes import field_value, first_value, media_type, pixels, size_word
from tests.core.clients import BODY, PROFILES, client, profile

MODEL = replace(
    profile("guide").models["gpt-4o-image"],
    aspect=Aspect("size", "3:2", {"auto": "1:1", "tall": "1:2"}),
    resolution=Resolution("1k", {"1k": 1000, "2K": 2000}, "metadata.resolution"),
    pixels={"2K": {"1:1": "1999x1998"}},
)


def sized(model: Model = MODEL, **fields: Any) -> tuple[int, int]:
    return pixels(model, fields, size_word(model, fields))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, (1000, 667)),
        ({"size": "1:1"}, (1000, 1000)),
        ({"size": "2:3"}, (667, 1000)),
        ({"size": "auto"}, (1000, 1000)),
        ({"size": "tall"}, (500, 1000)),
        ({"size": "1:1", "metadata": {"resolution": "2K"}}, (1999, 1998)),
        ({"size": "auto", "metadata": {"resolution": "2k"}}, (1999, 1998)),
        ({"size": "2:1", "metadata": {"resolution": "2k"}}, (2000, 1000)),
        ({"size": "2:1", "metadata": {"resolution": "9k"}}, (1000, 500)),
        ({"size": "2:1", "metadata": {"resolution": 7}}, (1000, 500)),
        ({"size": "640x480"}, (640, 480)),
        ({"size": "640*480"}, (640, 480)),
        ({"size": "99999x0"}, (8192, 1)),
        ({"size": "0:5"}, (200, 1000)),
        ({"size": "999:1"}, (1000, 1)),
        ({"size": "1:999"}, (1, 1000)),
        ({"size": "as you like"}, (1000, 667)),
        ({"size": 7}, (1000, 667)),
    ],
)
def test_a_word_for_a_size_becomes_pixels(body: dict[str, Any], expected: tuple[int, int]) -> None:
    assert sized(**body) == expected


def test_a_size_that_nothing_explains_is_square() -> None:
    model = replace(MODEL, aspect=Aspect("size", "as you like", {}))
    assert sized(model) == (1000, 1000)


def test_a_model_without_a_field_for_the_resolution_has_its_default() -> None:
    model = replace(MODEL, resolution=Resolution("1k", {"1k": 1000, "2K": 2000}))
    assert sized(model, size="1:1", metadata={"resolution": "2K"}) == (1000, 1000)


def test_the_word_for_a_size_is_the_callers_or_the_default() -> None:
    bodies: tuple[dict[str, object], ...] = ({"size": "2:3"}, {}, {"size": 7})
    assert [size_word(MODEL, body) for body in bodies] == ["2:3", "3:2", "3:2"]


def test_the_file_format_is_the_callers_or_the_models() -> None:
    chosen = OutputFormat("metadata.format", {"jpg": "image/jpeg"})
    model = replace(MODEL, media_type="image/webp", output_format=chosen)
    words: tuple[object, ...] = ("jpg", "tiff", None)
    found = [media_type(model, {"metadata": {"format": word}}) for word in words]
    assert found == ["image/jpeg", "image/webp", "image/webp"]
    assert media_type(MODEL, {"metadata": {"format": "jpg"}}) == "image/png"


def test_dots_lead_into_objects_and_nowhere_else() -> None:
    body = {"a": {"b": {"c": 1}}, "d": 2, "e": None}
    assert field_value(body, "a.b.c") == 1
    assert [field_value(body, path) for path in ("a.x", "d.e", "a.b.c.d", "x.y")] == [None] * 4
    assert first_value(body, ("x", "e", "a.b.x", "d", "a")) == 2
    assert first_value(body, ()) is None


every_model = pytest.mark.parametrize(
    ("name", "model"),
    [
        pytest.param(name, model, id=f"{name}-{model.id}")
        for name in PROFILES
        for model in profile(name).models.values()
    ],
)


def ordered(name: str, body: dict[str, Any]) -> tuple[int, int]:
    """The pixels of the task that such a body creates."""
    caller = client(name)
    task = caller.world.tasks[caller.submitted(**body)]
    return task.order.width, task.order.height


@every_model
def test_every_documented_ratio_of_a_model_has_its_pixels(name: str, model: Model) -> None:
    properties: Any = model.schema["properties"]
    tier = model.resolution.default
    for ratio in (word for word in properties["size"].get("enum", ()) if ":" in word):
        across, down = map(int, ratio.split(":"))
        width, height = ordered(name, {**BODY, "model": model.id, "size": ratio})
        exact = model.pixels.get(tier, {}).get(ratio)
        if exact is None:
            assert max(width, height) == model.resolution.long_side[tier]
            assert abs(width * down - height * across) <= max(across, down)
        else:
            assert f"{width}x{height}" == exact


@every_model
def test_a_request_that_says_nothing_of_its_size_gets_the_models_default(
    name: str, model: Model
) -> None:
    default = {"size": model.aspect.default}
    body = {**BODY, "model": model.id}
    assert ordered(name, body) == ordered(name, {**body, **default})


def test_an_exact_size_is_made_exactly() -> None:
    body = {**BODY, "model": "gpt-image-2.5-flare-vip", "size": "640x480"}
    assert ordered("reference", body) == (640, 480)


def test_a_word_in_place_of_a_ratio_has_pixels_too() -> None:
    reference = {"image_urls": ["https://example.com/a.png"]}
    body = {**BODY, "model": "flux-kontext-pro", "size": "match_input_image", **reference}
    assert ordered("reference", body) == (1024, 1024)


def test_a_documented_pixel_table_is_followed_at_every_resolution() -> None:
    body = {**BODY, "model": "gpt-image-2", "size": "21:9"}
    found = [ordered("reference", {**body, "resolution": word}) for word in ("1k", "2k", "4k")]
    assert found == [(2016, 864), (2688, 1152), (3840, 1648)]
