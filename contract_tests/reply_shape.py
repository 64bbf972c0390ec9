"""Where a profile's replies say what, and what types their members have."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Self, TypeAlias

from mock_server.core.contract import Contract
from mock_server.core.template import placeholders

# Where something stands in a JSON value: names of members, ``*`` for each item of a list.
Path: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReplyShape:
    """Where replies say what; rules look there and nowhere else.

    ``results`` leads to the URLs of a task that succeeded; ``codes`` and ``messages`` to what the
    replies about errors say. ``types`` are the documented JSON types of a task's members, the
    ``required`` ones are never absent.
    """

    results: Path = ("result", "data", "*", "url")
    codes: tuple[Path, ...] = (("error", "code"),)
    messages: tuple[Path, ...] = (("error", "message"), ("message",))
    types: tuple[tuple[Path, frozenset[str]], ...] = (
        (("id",), frozenset({"string"})),
        (("status",), frozenset({"string"})),
        (("progress",), frozenset({"integer"})),
    )
    required: frozenset[str] = frozenset({"id", "status"})

    @classmethod
    def of(cls, contract: Contract) -> Self:
        """That of a profile: its templates say where, its schema of the task says of what type."""
        replies, envelopes = contract.document["replies"], contract.document["envelopes"]
        assert isinstance(replies, Mapping)
        assert isinstance(envelopes, Mapping)
        slots = [
            *_slots(replies["task"]),
            *(one for two in envelopes.values() for one in _slots(two)),
        ]
        schema = contract.schemas["task.reply.json"]
        required = schema.get("required", ())
        assert isinstance(required, (list, tuple))
        return cls(
            results=next(path for path, fact in slots if "*" in path and fact == "url"),
            codes=_where(slots, "code", "error_code"),
            messages=_where(slots, "message", "error_message"),
            types=tuple(_types(schema)),
            required=frozenset(required),
        )


# Where most services of this kind say it.
USUAL = ReplyShape()


def _where(slots: list[tuple[Path, str]], *facts: str) -> tuple[Path, ...]:
    return tuple(dict.fromkeys(path for path, fact in slots if fact in facts))


def _slots(template: object, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """The places of a template at which facts stand, and their names."""
    if isinstance(template, str):
        yield from ((path, fact) for fact in placeholders(template))
    elif isinstance(template, Mapping) and "$each" in template:
        yield from _slots(template["item"], (*path, "*"))
    elif isinstance(template, Mapping):
        for name, value in template.items():
            yield from _slots(value, (*path, str(name)))


def _types(schema: object, path: Path = ()) -> Iterator[tuple[Path, frozenset[str]]]:
    """The places of a schema whose JSON type it names, and the types that may stand there."""
    if not isinstance(schema, Mapping):
        return
    named = schema.get("type")
    types = frozenset([named] if isinstance(named, str) else named or ())
    listed = schema.get("enum", (schema["const"],) if "const" in schema else ())
    if not types and listed and all(isinstance(one, str) for one in listed):
        types = frozenset({"string"})
    if types and path:
        yield path, types
    for name, value in schema.get("properties", {}).items():
        yield from _types(value, (*path, name))
    yield from _types(schema.get("items"), (*path, "*"))
