"""The steps of a conversation as lines of a shell script."""

import json
from base64 import b64encode
from collections.abc import Iterator
from shlex import quote
from typing import Any

from contract_tests.server.conversation import (
    Await,
    FilePart,
    FormBody,
    Join,
    JsonBody,
    Key,
    Once,
    Pass,
    RawBody,
    Ref,
    RetryPause,
    Send,
    Step,
    Symbol,
    refs_in,
)
from contract_tests.server.reproduction.jq import literal
from contract_tests.server.venue import UNKNOWN_KEY

# Texts of one repeated character that are longer are written as a product.
_LONGEST = 60
_KEYS = {
    Key.OWN: '"Authorization: Bearer $API_KEY"',
    Key.OTHER: '"Authorization: Bearer $OTHER_KEY"',
    Key.UNKNOWN: f"'Authorization: Bearer {UNKNOWN_KEY}'",
    Key.EMPTY: "'Authorization: Bearer'",
}


def step_lines(step: Step) -> Iterator[str]:
    """One step."""
    if isinstance(step, Pass):
        yield f"pause {step.seconds:g}"
    elif isinstance(step, RetryPause):
        yield f'pause "$(field {step.step} retry-after)"'
    elif isinstance(step, Await):
        yield " ".join(("await", step.name, _url(step.url), *_key(step.key)))
    else:
        yield from _send(step)


def _send(step: Send) -> Iterator[str]:
    options = [*_key(step.key)]
    for name, value in step.headers:
        options.append(f"--header {quote(f'{name}: {value}')}")
    lines, more = _body(step)
    yield from lines
    start = f"call {step.name} {step.method} {_url(step.url)}"
    yield " \\\n    ".join((start, *options, *more))


def _key(key: Key) -> list[str]:
    return [f"--header {_KEYS[key]}"] if key in _KEYS else []


def _url(url: Symbol) -> str:
    if isinstance(url, Ref):
        return f'"{_value(url)}"'
    parts = url.parts if isinstance(url, Join) else (url,)
    return f'"$root{"".join(map(_in_path, parts))}"'


def _in_path(part: str | Ref | Once) -> str:
    if isinstance(part, Once):
        return f"{part.before}$run"
    return part if isinstance(part, str) else _value(part)


def _value(ref: Ref) -> str:
    return f"$(from {ref.step} '{literal(list(ref.path))}')"


def _body(step: Send) -> tuple[list[str], list[str]]:
    """Lines before the call, and what the call's options are for the body."""
    body = step.body
    if isinstance(body, JsonBody):
        json_type = "--header 'Content-Type: application/json'"
        return [_json(step.name, body.value)], [json_type, _data(step.name)]
    if isinstance(body, RawBody):
        kind = f"Content-Type: {body.media_type}" if body.media_type else "Content-Type:"
        return [_raw(step.name, body.content)], [f"--header {quote(kind)}", _data(step.name)]
    if isinstance(body, FormBody):
        return [_file(step.name, n, f) for n, f in enumerate(body.files)], _form(step.name, body)
    return [], []


def _data(name: str) -> str:
    return f'--data-binary "@$dir/{name}.sent"'


def _json(name: str, value: Any) -> str:
    refs = list(dict.fromkeys(refs_in(value)))
    if not refs and not _needs_jq(value):
        return f"cat > \"$dir/{name}.sent\" <<'JSON'\n{json.dumps(value, indent=2)}\nJSON"
    names = {ref: f"v{number}" for number, ref in enumerate(refs, 1)}
    arguments = "".join(f'--arg {short} "{_value(ref)}" ' for ref, short in names.items())
    arguments += '--arg run "$run" '
    program = _program(value, names, 0)
    return f"jq --null-input {arguments}'{program}' > \"$dir/{name}.sent\""


def _needs_jq(value: Any) -> bool:
    """Whether something in a value is better written as an expression."""
    if isinstance(value, str):
        return _is_repeated(value)
    if isinstance(value, dict):
        return any(map(_needs_jq, value.values()))
    return isinstance(value, Once) or (
        isinstance(value, (list, tuple)) and any(map(_needs_jq, value))
    )


def _is_repeated(text: str) -> bool:
    return len(text) > _LONGEST and len(set(text)) == 1


def _program(value: Any, names: dict[Ref, str], depth: int) -> str:
    """A JSON value as a jq program whose variables hold what replies gave."""
    if isinstance(value, dict):
        space = "  " * (depth + 1)
        members = (
            f"{space}{literal(k)}: {_program(v, names, depth + 1)}" for k, v in value.items()
        )
        return "{\n" + ",\n".join(members) + "\n" + "  " * depth + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_program(item, names, depth + 1) for item in value) + "]"
    if isinstance(value, Join):
        return "(" + " + ".join(_program(part, names, depth) for part in value.parts) + ")"
    return _leaf(value, names)


def _leaf(value: Any, names: dict[Ref, str]) -> str:
    if isinstance(value, Ref):
        return f"${names[value]}"
    if isinstance(value, Once):
        return f"({literal(value.before)} + $run)"
    if isinstance(value, str) and _is_repeated(value):
        return f"({literal(value[0])} * {len(value)})"
    return literal(value)


def _raw(name: str, content: bytes) -> str:
    if content.isascii() and content.decode("ascii").isprintable():
        return f'printf %s {quote(content.decode("ascii"))} > "$dir/{name}.sent"'
    return f"base64 --decode > \"$dir/{name}.sent\" <<< '{b64encode(content).decode()}'"


def _file(name: str, number: int, file: FilePart) -> str:
    place = f'"$dir/{name}.file{number}"'
    lines = [f"base64 --decode > {place} <<< '{b64encode(file.content).decode()}'"]
    if file.size > len(file.content):
        lines.append(f"truncate --size={file.size} {place}")
    return "\n".join(lines)


def _form(name: str, body: FormBody) -> list[str]:
    parts = [f"--form-string {quote(f'{field}={text}')}" for field, text in body.texts]
    for number, file in enumerate(body.files):
        about = f"filename={file.name};type={file.media_type}"
        parts.append(f'--form "{file.field}=@$dir/{name}.file{number};{about}"')
    # A form without a part is none to curl.
    return parts or ["--header 'Content-Type: multipart/form-data; boundary=x'", "--data '--x--'"]
