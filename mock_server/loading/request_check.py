"""Compiling request schemas: a fast validator decides, the reference has the last word."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import jsonschema_rs

from mock_server.core.refusal import Problem
from mock_server.core.template import compile_template

_CLOSED = ("additionalProperties", "unevaluatedProperties")
_OTHER = compile_template("The '${field}' field has a value that is not allowed: ${reason}.")


class _Found(NamedTuple):
    """One error of either validator: where, which keyword, what it demands, how it is told."""

    path: tuple[str | int, ...]
    keyword: str
    expected: object
    reason: str


class RequestCheck:
    """One request schema, compiled, with the profile's wording for each keyword.

    jsonschema is the reference: :meth:`explain_by_reference` finds everything that is wrong and
    words it. jsonschema-rs answers wherever the profile has words for what it finds; that both say
    the same is held by a test over generated bodies.
    """

    def __init__(self, schema: Mapping[str, Any], messages: Mapping[str, str]) -> None:
        self.schema = schema
        self._fast = jsonschema_rs.Draft202012Validator(dict(schema))
        self.accepts: Callable[[object], bool] = self._fast.is_valid
        self._messages = {key: compile_template(text) for key, text in messages.items()}
        self._known: Mapping[str, object] = schema.get("properties", {})
        self._places = {name: place for place, name in enumerate(self._known)}
        self._reference: Any = None

    def explain(self, body: object) -> tuple[Problem, ...]:
        """Everything that is wrong with a body, in the order of the schema's properties."""
        found = [one for error in self._fast.iter_errors(body) for one in _found_fast(error)]
        if all(one.keyword in self._messages for one in found):
            return self._problems(found)
        return self.explain_by_reference(body)

    def explain_by_reference(self, body: object) -> tuple[Problem, ...]:
        """What :meth:`explain` says, found by the reference validator."""
        if self._reference is None:
            # Imported when needed: it takes longer than the whole start of the server.
            from jsonschema import Draft202012Validator

            self._reference = Draft202012Validator(self.schema)
        errors = self._reference.iter_errors(body)
        return self._problems(one for error in errors for one in self._found(error))

    def _problems(self, found: Iterable[_Found]) -> tuple[Problem, ...]:
        # One place is told once: a value of the wrong type is not also out of range.
        told: dict[tuple[str | int, ...], _Found] = {}
        for one in sorted(found, key=self._rank):
            told.setdefault(one.path, one)
        return tuple(self._problem(one) for one in told.values())

    def _rank(self, one: _Found) -> tuple[int, str, int, str, str]:
        field = one.path[0] if one.path else ""
        place = self._places.get(str(field), len(self._places))
        first = 0 if one.keyword in ("required", "type") else 1
        return place, place_of(one.path), first, one.keyword, str(one.expected)

    def _problem(self, one: _Found) -> Problem:
        facts = {
            "field": place_of(one.path),
            "expected": _words(one.expected),
            "reason": one.reason[:200],
        }
        message = self._messages.get(one.keyword, _OTHER)
        return Problem(one.path, one.keyword, str(message(facts)))

    def _found(self, error: Any) -> Iterator[_Found]:
        path = tuple(error.absolute_path)
        keyword = "falseSchema" if error.validator is None else str(error.validator)
        value = error.validator_value
        if keyword == "required":
            for name in value:
                if name not in error.instance:
                    yield _Found((*path, name), keyword, None, error.message)
        elif keyword in _CLOSED:
            for name in error.instance:
                if name not in self._known:
                    yield _Found((*path, name), keyword, None, error.message)
        else:
            expected = None if keyword == "falseSchema" else value
            yield _Found(path, keyword, expected, error.message)


def _found_fast(error: Any) -> Iterator[_Found]:
    path, kind = tuple(error.instance_path), error.kind
    if kind.name == "required":
        yield _Found((*path, kind.property), kind.name, None, "")
    elif kind.name in _CLOSED:
        for name in kind.unexpected:
            yield _Found((*path, name), kind.name, None, "")
    else:
        yield _Found(path, kind.name, getattr(kind, "value", None), "")


def place_of(path: tuple[str | int, ...]) -> str:
    """A place in a body as callers write it: ``image_urls[0].url``; ``body`` for the whole."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{part[:100]}" for part in path)
    return "".join(parts).lstrip(".") or "body"


def _words(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
