"""Every image model of the reference is as the reference tells of it: limits, ratios and rules."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from mock_server.core.contract import Contract, Model
from mock_server.core.ordering import named_images as images_of
from mock_server.core.ordering import order_of
from mock_server.loading.profiles import load_profile

FIVE = "1:1 2:3 3:2 16:9 9:16"
SEVEN = "1:1 4:3 3:4 16:9 9:16 3:2 2:3"
NINE = f"{SEVEN} 21:9 9:21"
TEN = f"{SEVEN} 4:5 5:4 21:9"
THIRTEEN = f"{NINE} 5:4 4:5 2:1 1:2"
ALL_SIZES = f"{THIRTEEN} 1:4 4:1 1:8 8:1 auto match_input_image 1024x1024".split()
MOST = 20


@dataclass(frozen=True)
class Row:
    """What the reference says of some models.

    ``prompt`` is the most characters and ``references`` the most images (None: no limit is given),
    ``counts`` are the numbers of images. ``tiers`` are the words for resolutions, ``other`` is one
    that is none. ``shape`` is how a reference is written in the field ``name``: a URL, or
    either that or an object.
    """

    ids: str
    prompt: int | None
    sizes: str
    counts: tuple[int, ...]
    references: int | None
    shape: str = "url"
    name: str = "image_urls"
    tiers: str = ""
    tier: str = "metadata.resolution"
    extra: dict[str, Any] = field(default_factory=dict)


TO_10, TO_15 = tuple(range(1, 11)), tuple(range(1, 16))
ROWS = (
    Row("gpt-4o-image", 1000, "1:1 2:3 3:2", (1, 2, 4), 5, "either"),
    Row("gpt-image-2 gpt-image-2-vip", 32_000, THIRTEEN, TO_10, None, "either",
        "reference_images", "1k 2k 4k", "resolution"),
    Row("gpt-image-2-official", None, f"{THIRTEEN} auto", TO_10, 16, "url", "image_urls",
        "1k 2k", "resolution"),
    Row("gpt-image-2.5-flare-vip gpt-image-2.5-flare-official gpt-image-2.5-sunburst-vip"
        " gpt-image-2.5-sunburst-official", None, "1024x1024", (1,), None, "either",
        "reference_images"),
    Row("gemini-2.5-flash-image-preview nano-banana", 1000, SEVEN, (1,), 14, "either",
        tiers="1K"),
    Row("gemini-3-pro-image-preview nano-banana-pro", None, TEN, (1,), 14, "either",
        tiers="1K 2K 4K"),
    Row("gemini-3.1-flash-image-preview", None, f"{TEN} 1:4 4:1 1:8 8:1", TO_10, 14, "either",
        tiers="0.5K 1K 2K 4K"),
    Row("gemini-2.5-flash-image-official nano-banana-official", None, TEN, (1,), 3),
    Row("gemini-3-pro-image-preview-official nano-banana-pro-official", None, TEN, (1,), 14,
        tiers="1K 2K 4K"),
    Row("gemini-3.1-flash-image-preview-official nano-banana-2-official"
        " nano-banana-2-lite-official", None, f"{TEN} 4:1 8:1", (1,), 14, tiers="1K 2K 4K"),
    Row("flux-kontext-pro flux-kontext-max", None, f"{NINE} match_input_image", (1,), 1,
        extra={"image_urls": ["https://example.com/1.png"]}),
    Row("flux-2-flex flux-2-pro", None, SEVEN, (1,), 8, tiers="1K 2K"),
    Row("doubao-seedream-4-0", 1000, f"{NINE} auto", TO_15, 10, tiers="1K 2K 4K",
        extra={"image_urls": ["https://example.com/1.png"]}),
    Row("doubao-seedream-4-5", None, NINE, TO_15, 10, tiers="2K 4K"),
    Row("doubao-seedream-5-0", None, NINE, TO_15, 10, tiers="2K 3K"),
    Row("doubao-seedream-5-0-pro", None, NINE, TO_10, 10, tiers="1K 2K"),
    Row("grok-4-1-image grok-4-2-image", 1000, FIVE, (1, 2, 4), 5),
    Row("grok-imagine-1.0", None, FIVE, TO_10, None),
    Row("vidu-image viduq3-fast viduq2-pro viduq2-fast", None, SEVEN, (1,), 7, tiers="1K"),
)  # fmt: skip
BY_MODEL = [pytest.param(name, row, id=name) for row in ROWS for name in row.ids.split()]
WITH_TIERS = [pytest.param(n, r, id=n) for r in ROWS for n in r.ids.split() if r.tiers]


@pytest.fixture(scope="module")
def reference() -> Contract:
    return load_profile("reference")


def test_the_table_has_every_model_of_the_reference(reference: Contract) -> None:
    assert sorted(name for row in ROWS for name in row.ids.split()) == sorted(reference.models)


@pytest.mark.parametrize(("name", "row"), BY_MODEL)
def test_a_model_takes_prompts_of_the_documented_length(
    reference: Contract, name: str, row: Row
) -> None:
    longest = row.prompt or 40_000
    assert accepted(reference, name, prompt="é" * longest)
    assert accepted(reference, name, prompt="é" * (longest + 1)) is (row.prompt is None)


@pytest.mark.parametrize(("name", "row"), BY_MODEL)
def test_a_model_takes_the_documented_sizes_and_no_others(
    reference: Contract, name: str, row: Row
) -> None:
    found = {size for size in ALL_SIZES if accepted(reference, name, size=size, **row.extra)}
    assert found == set(row.sizes.split())


@pytest.mark.parametrize(("name", "row"), BY_MODEL)
def test_a_model_makes_the_documented_numbers_of_images(
    reference: Contract, name: str, row: Row
) -> None:
    found = tuple(n for n in range(MOST) if accepted(reference, name, n=n))
    assert found == row.counts


@pytest.mark.parametrize(("name", "row"), BY_MODEL)
def test_a_model_takes_the_documented_number_of_references(
    reference: Contract, name: str, row: Row
) -> None:
    if name == "grok-imagine-1.0":
        # It makes images from words alone; what it is sent besides is passed over.
        return
    most = row.references or MOST
    assert accepted(reference, name, **{row.name: urls(most)})
    assert accepted(reference, name, **{row.name: urls(most + 1)}) is (row.references is None)


@pytest.mark.parametrize(("name", "row"), BY_MODEL)
def test_a_model_takes_references_in_the_documented_form(
    reference: Contract, name: str, row: Row
) -> None:
    if name == "grok-imagine-1.0":
        return
    url = "https://example.com/1.png"
    assert accepted(reference, name, **{row.name: [url]})
    assert accepted(reference, name, **{row.name: [{"url": url}]}) is (row.shape == "either")
    assert not accepted(reference, name, **{row.name: ["data:image/png;base64,aGk="]})


@pytest.mark.parametrize(("name", "row"), WITH_TIERS)
def test_a_model_takes_the_documented_resolutions(reference: Contract, name: str, row: Row) -> None:
    for tier in row.tiers.split():
        assert accepted(reference, name, **resolution(row, tier)), tier
    assert not accepted(reference, name, **resolution(row, "8K"))


@pytest.mark.parametrize(("name", "row"), BY_MODEL)
def test_images_have_the_ratio_and_the_resolution_that_were_ordered(
    reference: Contract, name: str, row: Row
) -> None:
    model = reference.models[name]
    for size, tier, order in orders(reference, model, row):
        made = order_of(reference, model, order, images_of(reference, order))
        across, down = ratio(model, size)
        assert made.width / made.height == pytest.approx(across / down, rel=0.04), (size, tier)
        exact = model.pixels.get(tier or "", {}).get(size)
        if exact is not None:
            assert f"{made.width}x{made.height}" == exact, (size, tier)
        elif tier is not None:
            assert max(made.width, made.height) == model.resolution.long_side[tier], (size, tier)


@pytest.mark.parametrize(
    "name", ["doubao-seedream-4-0", "doubao-seedream-4-5", "doubao-seedream-5-0"]
)
def test_references_and_images_are_15_together_at_most(reference: Contract, name: str) -> None:
    for references in range(1, 11):
        for n in range(1, 16):
            is_taken = accepted(reference, name, image_urls=urls(references), n=n)
            assert is_taken is (references + n <= 15), (references, n)


def test_4k_is_for_six_ratios_only(reference: Contract) -> None:
    name, large = "gpt-image-2-official", {"16:9", "9:16", "2:1", "1:2", "21:9", "9:21"}
    for size in f"{THIRTEEN} auto".split():
        is_taken = accepted(reference, name, size=size, resolution="4k")
        # auto leaves the choice to the server, which may choose one of them.
        assert is_taken is (size in {*large, "auto"}), size


def orders(
    reference: Contract, model: Model, row: Row
) -> Iterator[tuple[str, str | None, dict[str, Any]]]:
    """Every right order of a size that is no mere word, at each resolution."""
    for size in row.sizes.split():
        for tier in (*row.tiers.split(), None):
            more = {} if tier is None else resolution(row, tier)
            order = {"model": model.id, "prompt": "A fox", "size": size, **row.extra, **more}
            if size not in model.aspect.words and model.accepts(order):
                yield size, tier, order


def ratio(model: Model, size: str) -> tuple[int, int]:
    """The two numbers of a ratio or of a size in pixels."""
    across, _, down = size.replace("x", ":").partition(":")
    return int(across), int(down)


def resolution(row: Row, word: str) -> dict[str, Any]:
    """The part of an order that asks for a resolution."""
    outer, _, inner = row.tier.partition(".")
    return {outer: {inner: word}} if inner else {outer: word}


def urls(count: int) -> list[str]:
    """So many references."""
    return [f"https://example.com/{number}.png" for number in range(count)]


def accepted(reference: Contract, name: str, **fields: Any) -> bool:
    """Whether an order for that model with these fields is right."""
    return reference.models[name].accepts({"model": name, "prompt": "A fox", **fields})
