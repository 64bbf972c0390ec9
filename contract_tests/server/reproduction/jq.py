"""Claims about JSON as jq filters: each is true of what keeps the promise."""

import json
from typing import Any

from contract_tests.server.claim import Test
from contract_tests.server.conversation import Path

_TYPES = {
    "integer": '(type == "number" and . == floor)',
    "number": '(type == "number")',
    "string": '(type == "string")',
    "boolean": '(type == "boolean")',
    "object": '(type == "object")',
    "array": '(type == "array")',
    "null": "(. == null)",
}


def literal(value: object) -> str:
    """A JSON value as jq and the shell's single quotes take it."""
    return json.dumps(value).replace("'", "\\u0027")


def at(path: Path) -> str:
    """What stands at a path, null where nothing does."""
    return f"(try getpath({literal(list(path))}) catch null)" if path else "."


def passes(path: Path, test: Test) -> str:
    """Whether what stands at a path passes a test."""
    if test.kind in ("present", "absent"):
        *before, last = path
        has = f"(try (getpath({literal(before)}) | has({literal(last)})) catch false)"
        return has if test.kind == "present" else f"({has} | not)"
    return f"({at(path)} | {_test(test)})"


def _test(test: Test) -> str:
    wanted: Any = test.value
    kinds = wanted if isinstance(wanted, (list, tuple)) else [wanted]
    sign = ">=" if test.kind in ("at_least", "shortest") else "<="
    written = {
        "type": "(" + " or ".join(_TYPES.get(str(kind), ".") for kind in kinds) + ")",
        "equals": f"(. == {literal(wanted)})",
        "one_of": f"IN({', '.join(map(literal, kinds))})",
        "at_least": f'(type == "number" and . {sign} {wanted})',
        "shortest": f'((type == "string" or type == "array") and length {sign} {wanted})',
        "matches": f'(type == "string" and test({literal(wanted)}))',
        "lists": f'(type == "array" and any(.[]; .id == {literal(wanted)}))',
    }
    return written[{"at_most": "at_least", "longest": "shortest"}.get(test.kind, test.kind)]


def rank(value: str, order: tuple[str, ...]) -> str:
    """The place of a word in an order, or the value itself where there is no order."""
    return f"({value} as $word | {literal(list(order))} | index($word))" if order else value
