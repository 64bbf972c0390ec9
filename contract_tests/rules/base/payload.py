"""What a submit says, however it is written: JSON or a form."""

from collections.abc import Mapping, Sequence

from contract_tests.terms import Terms
from contract_tests.trace import NO_JSON, Exchange
from mock_server.core.reading import MalformedBodyError, read_json
from mock_server.core.refusal import Problem
from mock_server.core.script import Headers

# Far deeper than any order nests.
_DEPTH = 64


def values_of(headers: Headers, name: bytes) -> tuple[str, ...]:
    """All values of a header field, in the order in which they came."""
    return tuple(value.decode("latin-1").strip() for key, value in headers if key == name)


def media_types(exchange: Exchange) -> tuple[str, ...]:
    """What a call says of its body's type, in lower case and without parameters."""
    sent = values_of(exchange.headers, b"content-type")
    return tuple(value.partition(";")[0].strip().lower() for value in sent)


def is_form(exchange: Exchange) -> bool:
    """Whether the body of a call is a form, which the journal tells as JSON."""
    return media_types(exchange)[:1] == ("multipart/form-data",)


def payload(exchange: Exchange, terms: Terms) -> dict[str, object] | None:
    """What a submit says as a JSON object, None where it says nothing that can be read.

    The texts of a form are given as they are, its files by their names; a field that is a list, or
    ends in ``[]``, is one.
    """
    body = exchange.json
    if not isinstance(body, dict):
        return None
    return _form(body, terms) if is_form(exchange) else body


def _form(shown: Mapping[str, object], terms: Terms) -> dict[str, object]:
    lists = frozenset(terms.fields.references)
    said: dict[str, object] = {}
    for part in (*_parts(shown, "fields"), *_parts(shown, "files")):
        name, value = str(part[0]), part[1]
        plain = name.removesuffix("[]")
        if plain == name and plain not in lists:
            said[plain] = value
        else:
            so_far = said.get(plain)
            said[plain] = [*so_far, value] if isinstance(so_far, list) else [value]
    return said


def _parts(shown: Mapping[str, object], kind: str) -> Sequence[Sequence[object]]:
    parts = shown.get(kind)
    return parts if isinstance(parts, list) else ()


def unreadable(body: bytes) -> str | None:
    """Why a body is no JSON object that readers agree about, None if it is one."""
    try:
        value = read_json(body, _DEPTH)
    except MalformedBodyError as error:
        return str(error)
    return None if isinstance(value, dict) else "The request body must be a JSON object."


def problems(said: Mapping[str, object], terms: Terms) -> tuple[Problem, ...]:
    """All that the schema of the model that it names has against an order."""
    model = said.get("model")
    if not isinstance(model, str) or not model:
        return terms.explain(said)
    if model not in terms.models:
        return (Problem(("model",), "enum", f"The model {model!r} does not exist."),)
    return terms.models[model](said)


def image_count(said: Mapping[str, object], terms: Terms) -> int:
    """How many images an order is for; 1 where it does not say, or in no number."""
    found = next((said[name] for name in terms.fields.count if name in said), 1)
    text = str(found)
    return int(text) if text.isascii() and text.removeprefix("-").isdigit() else 1


def is_cut(exchange: Exchange) -> bool:
    """Whether the journal does not show the whole body."""
    return exchange.body_cut and exchange.json is NO_JSON
