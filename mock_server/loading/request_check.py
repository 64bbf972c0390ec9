"""Compiling request schemas: a fast validator decides, the reference explains."""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

import jsonschema_rs

from mock_server.core.refusal import Problem
from mock_server.core.template import Filler, compile_template

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

_OTHER = "The '${field}' field has a value that is not allowed: ${reason}."


class RequestCheck:
    """One request schema, compiled, with the profile's wording for each keyword.

    ``accepts`` uses jsonschema-rs; ``explain`` uses jsonschema, the reference, and finds all that is
    wrong. That the two agree is shown by the tests.
    """

    def __init__(self, schema: Mapping[str, object], messages: Mapping[str, str]) -> None:
        self.schema = schema
        self.accepts: Callable[[object], bool] = jsonschema_rs.Draft202012Validator(schema).is_valid
        self._messages = {key: compile_template(text) for key, text in messages.items()}
        self._other = compile_template(_OTHER)
        self._reference: Draft202012Validator | None = None

    def explain(self, body: object) -> tuple[Problem, ...]:
        """Everything that is wrong with a body, in the order of the schema."""
        found = (problem for error in self._errors(body) for problem in self._problems(error))
        return tuple(dict.fromkeys(found))

    def _errors(self, body: object) -> Iterator["ValidationError"]:
        if self._reference is None:
            # Imported at the first refusal: it takes longer than the whole start of the server.
            from jsonschema import Draft202012Validator

            self._reference = Draft202012Validator(self.schema)
        return self._reference.iter_errors(body)

    def _problems(self, error: "ValidationError") -> Iterator[Problem]:
        path = tuple(error.absolute_path)
        keyword = str(error.validator or "false schema")
        if keyword == "required":
            for name in error.validator_value:
                if name not in error.instance:
                    yield self._problem((*path, name), keyword, error)
        elif keyword in ("additionalProperties", "unevaluatedProperties"):
            known = self._known_members(error)
            for name in error.instance:
                if name not in known:
                    yield self._problem((*path, name), keyword, error)
        else:
            yield self._problem(path, keyword, error)

    def _known_members(self, error: "ValidationError") -> Mapping[str, object]:
        schema = error.schema
        return schema.get("properties", {}) if isinstance(schema, dict) else {}

    def _problem(
        self, path: tuple[str | int, ...], keyword: str, error: "ValidationError"
    ) -> Problem:
        filler: Filler = self._messages.get(keyword, self._other)
        facts = {
            "field": place_of(path),
            "expected": _expected(error.validator_value),
            "reason": error.message[:200],
        }
        return Problem(path, keyword, str(filler(facts)))


def place_of(path: tuple[str | int, ...]) -> str:
    """A place in a body as callers write it: ``image_urls[0].url``; ``body`` for the whole."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{part[:100]}" for part in path)
    return "".join(parts).lstrip(".") or "body"


def _expected(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
