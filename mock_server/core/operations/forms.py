"""Reading a multipart form as the JSON body that says the same."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from mock_server.core.call import FilePart, Form
from mock_server.core.image_facts import ImageFacts
from mock_server.core.operations.files import plan_upload
from mock_server.core.operations.work import Work
from mock_server.core.reading import MalformedBodyError, read_json
from mock_server.core.refusal import Problem, Refusal
from mock_server.core.world import Upload

_INTEGER = re.compile(r"-?[0-9]{1,400}")
_NO_IMAGES: Mapping[str, ImageFacts] = MappingProxyType({})


class Reading(NamedTuple):
    """A request body, the uploads that come with it, and what was wrong with its files."""

    body: dict[str, object]
    uploads: tuple[Upload, ...] = ()
    images: Mapping[str, ImageFacts] = _NO_IMAGES
    problems: tuple[Problem, ...] = ()


def read_form(work: Work) -> Reading:
    """The reading of the call's form: texts typed as the model's schema says, files as URLs.

    A field may be repeated or end in ``[]`` for a list. Raises :class:`Refusal`: ``invalid_body``
    for a form that could not be read, or that repeats a field, as text or file, that is no list.
    """
    form = work.call.form or Form()
    if form.broken is not None:
        raise Refusal("invalid_body", {"detail": form.broken})
    properties = _properties(work, dict(form.fields).get("model", ""))
    body = _typed_fields(work, form, properties)
    uploads: list[Upload] = []
    images: dict[str, ImageFacts] = {}
    problems: list[Problem] = []
    for part in form.files:
        _place_file(work, part, _Target(body, properties, uploads, images, problems))
    return Reading(body, tuple(uploads), images, tuple(problems))


@dataclass(frozen=True, slots=True)
class _Target:
    body: dict[str, object]
    properties: Mapping[str, object]
    uploads: list[Upload]
    images: dict[str, ImageFacts]
    problems: list[Problem]


def _properties(work: Work, model: str) -> Mapping[str, object]:
    contract = work.world.contract
    schema = contract.models.get(model, contract.models[contract.default_model]).schema
    properties = schema.get("properties", {})
    return properties if isinstance(properties, Mapping) else {}


def _typed_fields(work: Work, form: Form, properties: Mapping[str, object]) -> dict[str, object]:
    body: dict[str, object] = {}
    depth = work.world.contract.bodies.depth
    for raw_name, text in form.fields:
        name = raw_name.removesuffix("[]")
        kind = _type_of(properties, name)
        is_list = kind == "array" or raw_name.endswith("[]")
        if any(character == "\0" or "\ud800" <= character <= "\udfff" for character in name + text):
            detail = f"The form field '{_shown(name)}' has a character that JSON cannot carry."
            raise Refusal("invalid_body", {"detail": detail})
        _place(body, name, text if is_list else _typed(kind, text, depth), is_list=is_list)
    return body


def _shown(name: str) -> str:
    return name[:80].encode("ascii", "replace").decode("ascii")


def _type_of(properties: Mapping[str, object], name: str) -> object:
    schema = properties.get(name)
    return schema.get("type") if isinstance(schema, Mapping) else None


def _typed(kind: object, text: str, depth: int) -> object:
    if kind == "integer" and _INTEGER.fullmatch(text):
        return int(text)
    if kind == "boolean" and text in ("true", "false"):
        return text == "true"
    if kind == "object":
        try:
            return read_json(text.encode(), depth)
        except MalformedBodyError:
            return text
    return text


def _place(body: dict[str, object], name: str, value: object, *, is_list: bool) -> None:
    items = body.setdefault(name, []) if is_list else None
    if isinstance(items, list):
        items.append(value)
    elif name in body:
        raise Refusal("invalid_body", {"detail": f"The form repeats the field '{name[:80]}'."})
    else:
        body[name] = value


def _place_file(work: Work, part: FilePart, target: _Target) -> None:
    name = part.field.removesuffix("[]")
    number = work.world.uploaded + len(target.uploads) + 1
    fields = work.world.contract.fields
    if name not in (*fields.references, *fields.mask):
        text = f"The '{name[:80]}' field must not be a file."
        target.problems.append(Problem((name[:80],), "type", text))
        return
    if part.image is None:
        allowed = ", ".join(work.world.contract.uploads.media_types)
        text = f"The '{name}' file is not an image of a type allowed: {allowed}."
        target.problems.append(Problem((name,), "type", text))
        return
    upload = plan_upload(work, part, number)
    url = work.call.base + upload.path
    target.uploads.append(upload)
    target.images[url] = part.image
    is_list = _type_of(target.properties, name) == "array" or part.field.endswith("[]")
    _place(target.body, name, url, is_list=is_list)
