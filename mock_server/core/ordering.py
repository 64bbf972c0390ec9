"""From a valid request body to an order, and what the schemas cannot check on the way."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from mock_server.core.contract import Contract, FileRules, Model
from mock_server.core.image_facts import ImageFacts
from mock_server.core.refusal import Problem
from mock_server.core.sizes import field_value, first_value, media_type, pixels, size_word
from mock_server.core.task import Order


class Named(NamedTuple):
    """The images that a request names: the path to each reference and its URL, and the mask's."""

    references: tuple[tuple[tuple[str | int, ...], str], ...]
    mask: str | None


_NO_IMAGES = Named((), None)


def named_images(contract: Contract, body: Mapping[str, object]) -> Named:
    """The images that a valid request names."""
    if contract.fields.rare.isdisjoint(body):
        return _NO_IMAGES
    references = tuple(_references_of(contract, body))
    return Named(references, _text(first_value(body, contract.fields.mask)))


def order_of(contract: Contract, model: Model, body: Mapping[str, object], images: Named) -> Order:
    """The order in a valid request for that model."""
    fields = contract.fields
    word = size_word(model, body)
    width, height = pixels(model, body, word)
    prompt = str(first_value(body, fields.prompt) or "")
    count = image_count(contract, model, body)
    kind = media_type(model, body)
    if fields.rare.isdisjoint(body):
        return Order(model.id, prompt, word, count, width, height, kind)
    metadata = first_value(body, fields.metadata)
    return Order(
        model.id,
        prompt,
        word,
        count,
        width,
        height,
        kind,
        tuple([url for _, url in images.references]),
        images.mask,
        _text(first_value(body, fields.client_id)),
        _text(first_value(body, fields.callback)),
        metadata if isinstance(metadata, Mapping) and metadata else None,
    )


def image_count(contract: Contract, model: Model, body: Mapping[str, object]) -> int:
    """How many images a valid request orders."""
    count = first_value(body, contract.fields.count)
    if count is None:
        count = first_value(model.defaults, contract.fields.count)
    return int(count) if isinstance(count, (int, float)) else 1


def _references_of(
    contract: Contract, body: Mapping[str, object]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for name in contract.fields.references:
        items = field_value(body, name)
        if isinstance(items, list):
            for index, item in enumerate(items):
                url = item.get("url") if isinstance(item, Mapping) else item
                if isinstance(url, str):
                    yield (*name.split("."), index), url


def file_problems(
    contract: Contract, images: Named, known: Mapping[str, ImageFacts]
) -> tuple[Problem, ...]:
    """What is wrong with the images that a request names, as far as they are ``known`` by URL."""
    problems = [
        problem
        for path, url in images.references
        for problem in _rule_problems(path, known.get(url), contract.references)
    ]
    mask = known.get(images.mask) if images.mask is not None else None
    if mask is not None:
        path = tuple(contract.fields.mask[0].split("."))
        problems.extend(_rule_problems(path, mask, contract.mask))
        first = known.get(images.references[0][1]) if images.references else None
        if first is not None:
            problems.extend(_mask_size_problems(path, mask, first))
    return tuple(problems)


def _mask_size_problems(
    path: tuple[str | int, ...], mask: ImageFacts, reference: ImageFacts
) -> Iterator[Problem]:
    seen, expected = (f"{image.width}x{image.height}" for image in (mask, reference))
    if seen != expected:
        text = f"The '{path[0]}' image is {seen}, the reference image is {expected}."
        yield Problem(path, "size", text)


def _rule_problems(
    path: tuple[str | int, ...], image: ImageFacts | None, rules: FileRules
) -> Iterator[Problem]:
    if image is None:
        return
    name = path[0] if path else "file"
    if image.media_type not in rules.media_types:
        allowed = ", ".join(rules.media_types)
        yield Problem(path, "type", f"The '{name}' image is {image.media_type}, not {allowed}.")
    if image.size_bytes > rules.max_bytes:
        most = f"{rules.max_bytes // (1024 * 1024)}MB"
        yield Problem(path, "maxBytes", f"The '{name}' image must not be larger than {most}.")


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
