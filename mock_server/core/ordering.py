"""From a valid request body to an order, and what the schemas cannot check on the way."""

from collections.abc import Iterator, Mapping

from mock_server.core.contract import Contract, FileRules, Model
from mock_server.core.image_facts import ImageFacts
from mock_server.core.refusal import Problem
from mock_server.core.sizes import field_value, first_value, media_type, pixels, size_word
from mock_server.core.task import Order


def order_of(contract: Contract, model: Model, body: Mapping[str, object], name: str) -> Order:
    """The order in a valid request for the model called ``name``."""
    fields = contract.fields
    width, height = pixels(model, body)
    return Order(
        model=name,
        prompt=str(first_value(body, fields.prompt) or ""),
        size=size_word(model, body),
        count=image_count(contract, model, body),
        width=width,
        height=height,
        media_type=media_type(model, body),
        references=tuple(url for _, url in references_of(contract, body)),
        mask=_text(first_value(body, fields.mask)),
        client_id=_text(first_value(body, fields.client_id)),
        callback=_text(first_value(body, fields.callback)),
        metadata=_object(first_value(body, fields.metadata)),
    )


def image_count(contract: Contract, model: Model, body: Mapping[str, object]) -> int:
    """How many images a valid request orders."""
    count = first_value(body, contract.fields.count)
    if count is None:
        count = first_value(model.defaults, contract.fields.count)
    return int(count) if isinstance(count, (int, float)) else 1


def references_of(
    contract: Contract, body: Mapping[str, object]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """The reference images of a valid request: the path to each and its URL."""
    for field in contract.fields.references:
        items = field_value(body, field)
        for index, item in enumerate(items if isinstance(items, list) else ()):
            url = item.get("url") if isinstance(item, Mapping) else item
            if isinstance(url, str):
                yield (*field.split("."), index), url


def file_problems(
    contract: Contract, body: Mapping[str, object], known: Mapping[str, ImageFacts]
) -> tuple[Problem, ...]:
    """What is wrong with the images that a request names, as far as they are ``known`` by URL."""
    references = tuple(references_of(contract, body))
    problems = [
        problem
        for path, url in references
        for problem in _rule_problems(path, known.get(url), contract.references)
    ]
    mask = first_value(body, contract.fields.mask)
    mask_image = known.get(mask) if isinstance(mask, str) else None
    mask_path = tuple(contract.fields.mask[0].split(".")) if contract.fields.mask else ()
    problems.extend(_rule_problems(mask_path, mask_image, contract.mask))
    first = known.get(references[0][1]) if references else None
    if mask_image and first:
        problems.extend(_mask_size_problems(mask_path, mask_image, first))
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


def _object(value: object) -> Mapping[str, object] | None:
    return value if isinstance(value, Mapping) and value else None
