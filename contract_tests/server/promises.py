"""What a profile promises of its server, ready to be held against replies."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import jsonschema_rs

from contract_tests.server.conversation import Path as JsonPath
from contract_tests.server.seen import NOWHERE
from mock_server.core.catalogue import ErrorEntry
from mock_server.core.contract import Contract
from mock_server.core.lifecycle import Phase
from mock_server.core.openapi import openapi
from mock_server.core.routes import Route
from mock_server.core.sizes import field_value
from mock_server.loading.profiles import load_examples, load_profile

_REPLY_SCHEMAS = {
    "submit": "task.reply",
    "status": "task.reply",
    "upload": "upload.reply",
    "models": "models.reply",
    "balance": "balance.reply",
}
_FILES = ("result", "uploaded_file")
# RFC 9110: a part of a file, nothing new, no such part.
_FILE_STATUSES = (200, 206, 304, 416)


@dataclass(frozen=True, slots=True)
class Wrong:
    """One way in which a JSON value breaks a schema.

    ``path`` leads to the place, ``keyword`` is the keyword that failed, ``expected`` its value.
    """

    path: JsonPath
    keyword: str
    expected: object
    message: str


class Promises:
    """A profile's contract with everything compiled that checks need."""

    def __init__(self, contract: Contract, document: Mapping[str, Any]) -> None:
        self.contract = contract
        self.document = document
        self._validators: dict[str, jsonschema_rs.Draft202012Validator] = {}

    @classmethod
    def of(cls, profile: str) -> "Promises":
        """Those of the profile of that name or folder; raises ``DataError`` for an unknown one."""
        contract = load_profile(profile)
        examples = load_examples(str(Path(profile).resolve()) if "/" in profile else profile)
        return cls(contract, openapi(contract, examples, ""))

    def route(self, operation: str) -> Route | None:
        """The first documented way to an operation, None if there is none."""
        found = (route for route in self.contract.routes.all if route.operation == operation)
        return next(found, None)

    @cached_property
    def submit(self) -> str:
        """The path at which tasks are submitted."""
        return next(r.path for r in self.contract.routes.all if r.operation == "submit")

    @cached_property
    def status(self) -> tuple[str, str]:
        """What stands before and behind the id in the path at which tasks are asked for."""
        path = next(r.path for r in self.contract.routes.all if r.operation == "status")
        before, _, behind = path.partition("{id}")
        return before, behind

    @property
    def own_id(self) -> str | None:
        """The request field for the client's own id, None where tasks are not found by it."""
        fields = self.contract.fields.client_id
        return fields[0] if fields and self.contract.switches.task_by_client_id else None

    def own_id_in(self, order: object) -> tuple[JsonPath, str] | None:
        """The client's own id in an order, and where it stands; None where it has none."""
        if self.own_id is None or not isinstance(order, dict):
            return None
        for field in self.contract.fields.client_id:
            value = field_value(order, field)
            if value is not None:
                return (tuple(field.split(".")), value) if isinstance(value, str) else None
        return None

    @cached_property
    def end_words(self) -> tuple[str, ...]:
        """The status words of tasks that have ended."""
        words = self.contract.words.by_phase
        return (words[Phase.SUCCEEDED], words[Phase.FAILED])

    @cached_property
    def order_of_words(self) -> tuple[str, ...]:
        """The status words in the order in which a task may have them; the ends are alike."""
        return self.contract.words.all

    def place_of(self, word: object) -> int | None:
        """How far a task of that status has come, None for a word that is not documented."""
        if word not in self.order_of_words:
            return None
        return len(self.order_of_words) if word in self.end_words else self._rank(str(word))

    def _rank(self, word: str) -> int:
        return self.order_of_words.index(word)

    def entries(self, operation: str, status: int) -> tuple[ErrorEntry, ...]:
        """The documented errors with which an operation answers that status."""
        return tuple(one for one in self.contract.catalogue.of(operation) if one.status == status)

    def statuses(self, operation: str) -> tuple[int, ...]:
        """Every documented status of an operation, in rising order."""
        found = {one.status for one in self.contract.catalogue.of(operation)}
        if operation in _FILES:
            found.update(_FILE_STATUSES)
        elif operation in _REPLY_SCHEMAS:
            found.add(200)
        return tuple(sorted(found))

    def reply_schema(self, operation: str) -> str | None:
        """The name of the schema of an operation's orderly replies, None where they are files."""
        return _REPLY_SCHEMAS.get(operation)

    def is_file(self, operation: str) -> bool:
        """Whether the operation answers files."""
        return operation in _FILES

    def envelope_schema(self, name: str) -> str:
        """The name of the schema of an error envelope."""
        definitions = self.contract.schemas["error.reply.json"].get("$defs", {})
        assert isinstance(definitions, Mapping)
        return f"error.reply.{name}" if name in definitions else "error.reply"

    def envelope(self, name: str) -> Mapping[str, Any]:
        """The template of an error envelope."""
        profile: Mapping[str, Any] = self.contract.document
        template: Mapping[str, Any] = profile["envelopes"][name]
        return template

    def place_in(self, reply: str, fact: str) -> JsonPath | None:
        """Where a reply's template shows a fact: ``place_in("task", "client_id")``."""
        profile: Mapping[str, Any] = self.contract.document
        return _place_in(profile["replies"][reply], f"${fact}", ())

    def wrongs(self, schema: str, value: object) -> list[Wrong]:
        """How a value breaks the schema of that name; empty if it obeys it."""
        found = [_wrong(error) for error in self._validator(schema).iter_errors(value)]
        return sorted(found, key=lambda one: (len(one.path), one.keyword != "type", str(one.path)))

    def _validator(self, schema: str) -> jsonschema_rs.Draft202012Validator:
        if schema not in self._validators:
            components: Any = self.document["components"]
            root = {"$ref": f"#/components/schemas/{schema}", "components": components}
            self._validators[schema] = jsonschema_rs.Draft202012Validator(root)
        return self._validators[schema]

    def source(self, *places: str) -> str:
        """Where the profile has a part of itself from: ``source("results")``."""
        part: Any = self.contract.document
        for place in places:
            part = part[place]
        return str(part["source"])

    def route_source(self, operation: str) -> str:
        """Where the profile has an operation's route from."""
        profile: Mapping[str, Any] = self.contract.document
        notes: Sequence[Mapping[str, str]] = profile["routes"]
        return next((n["source"] for n in notes if n["operation"] == operation), NOWHERE)

    def getting(self) -> Iterator[Route]:
        """The routes that only read and need no value in their path."""
        for route in self.contract.routes.all:
            if route.method == "GET" and "{" not in route.path:
                yield route


def _place_in(template: Any, wanted: str, path: JsonPath) -> JsonPath | None:
    if template == wanted:
        return path
    if not isinstance(template, Mapping):
        return None
    found = (_place_in(member, wanted, (*path, name)) for name, member in template.items())
    return next((one for one in found if one is not None), None)


def _wrong(error: Any) -> Wrong:
    kind = error.kind
    path = tuple(error.instance_path)
    expected = getattr(kind, "value", None)
    if kind.name == "required":
        expected = kind.property
    elif kind.name in ("additionalProperties", "unevaluatedProperties"):
        expected = tuple(kind.unexpected)
    return Wrong(path, kind.name, expected, str(error.message))
