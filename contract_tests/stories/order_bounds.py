"""What may be ordered from a profile's default model, and what is just beyond."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from mock_server.core.contract import Contract

# No profile sells more images in one order than this.
_MOST_IMAGES = 20
_PROMPT = "A lighthouse in the fog"


@dataclass(frozen=True, slots=True)
class OrderBounds:
    """The bounds of an order: numbers of images, sizes, reference images, letters of a prompt.

    ``longest_prompt`` is None where the profile has no bound.
    """

    counts: tuple[int, ...]
    sizes: tuple[str, ...]
    most_references: int
    longest_prompt: int | None

    @classmethod
    def of(cls, contract: Contract) -> Self:
        """Those of a profile, as its request schema has them."""
        model, fields = contract.models[contract.default_model], contract.fields

        def allows(count: int) -> bool:
            return model.accepts({"model": model.id, fields.prompt[0]: _PROMPT, count_field: count})

        count_field = fields.count[0]
        return cls(
            counts=tuple(filter(allows, range(_MOST_IMAGES + 1))),
            sizes=tuple(_said(model.schema, model.aspect.field).get("enum", ())),
            most_references=_said(model.schema, fields.references[0]).get("maxItems", 0),
            longest_prompt=_said(model.schema, fields.prompt[0]).get("maxLength"),
        )


def _said(schema: Mapping[str, Any], path: str) -> Mapping[str, Any]:
    """What a schema says of the member that a path leads to."""
    for name in path.split("."):
        schema = schema.get("properties", {}).get(name, {})
    return schema
