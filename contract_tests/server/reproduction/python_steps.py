"""The steps of a conversation as Python statements."""

from collections.abc import Iterator
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
)

# Texts of one repeated character that are longer are written as a product.
_LONGEST = 60


def variable(name: object) -> str:
    """The name of a step as a variable."""
    return f"{name}".replace("-", "_") + "_reply"


def step_statements(step: Step, *, has_story: bool) -> Iterator[str]:
    """One step; with a story, root, key and session are local names."""
    session = "http, session, " if has_story else ""
    if isinstance(step, Pass):
        yield f"pause({session}{step.seconds:g})"
    elif isinstance(step, RetryPause):
        yield f'pause({session}float({variable(step.step)}.headers["retry-after"]))'
    elif isinstance(step, Await):
        yield f"{variable(step.name)}_all = wait_for_end("
        yield f"    {session or 'http, '}{_url(step.url, has_story)}, {_key(step.key, has_story)}"
        yield ")"
        yield f"{variable(step.name)} = {variable(step.name)}_all[-1]"
    else:
        yield from _send(step, has_story)


def _send(step: Send, has_story: bool) -> Iterator[str]:
    yield f"{variable(step.name)} = http.request("
    yield f'    "{step.method}",'
    yield f"    {_url(step.url, has_story)},"
    fields = _fields(step, has_story)
    if fields:
        yield f"    headers={{{', '.join(fields)}}},"
    body = _body(step)
    if body:
        yield f"    {body},"
    yield ")"


def _fields(step: Send, has_story: bool) -> list[str]:
    fields = [] if step.key in (Key.NONE, Key.RAW) else [f"**{_key(step.key, has_story)}"]
    fields += [f"{name!r}: {value!r}" for name, value in step.headers]
    if isinstance(step.body, RawBody) and step.body.media_type is not None:
        fields.append(f"'Content-Type': {step.body.media_type!r}")
    if isinstance(step.body, FormBody) and not (step.body.files or step.body.texts):
        fields.append("'Content-Type': 'multipart/form-data; boundary=x'")
    return fields


def _key(key: Key, has_story: bool) -> str:
    if key in (Key.NONE, Key.RAW):
        return "{}"
    return "own" if has_story and key is Key.OWN else key.name


def _url(url: Symbol, has_story: bool) -> str:
    if isinstance(url, Ref):
        return f"str({value_at(url)})"
    parts = url.parts if isinstance(url, Join) else (url,)
    text = "".join(
        part.replace("{", "{{").replace("}", "}}") if isinstance(part, str) else _quoted(part)
        for part in parts
    )
    root = "root" if has_story else "ROOT"
    return f'f"{{{root}}}{text}"'


def _quoted(ref: Ref | Once) -> str:
    if isinstance(ref, Once):
        return f"{ref.before}{{RUN}}"
    # It stands within double quotes.
    value = value_at(ref, "'")
    return f"{{part_of_path({value})}}"


def value_at(ref: Ref, quote: str = '"') -> str:
    """What a reply has at a path, as an expression."""
    path = ", ".join(f"{quote}{p}{quote}" if isinstance(p, str) else str(p) for p in ref.path)
    return f"at({variable(ref.step)}, {path})"


def _body(step: Send) -> str:
    body = step.body
    if isinstance(body, JsonBody):
        return f"json={_literal(body.value)}"
    if isinstance(body, RawBody):
        return f"content={body.content!r}"
    if isinstance(body, FormBody):
        parts = [f"({name!r}, (None, {text!r}))" for name, text in body.texts]
        parts += [f"({file.field!r}, {_file(file)})" for file in body.files]
        return f"files=[{', '.join(parts)}]" if parts else "content=b'--x--'"
    return ""


def _file(file: FilePart) -> str:
    return f"({file.name!r}, {file_bytes(file)}, {file.media_type!r})"


def file_bytes(file: FilePart) -> str:
    """The content of a file, as an expression."""
    more = file.size - len(file.content)
    return f"{file.content!r} + bytes({more})" if more > 0 else repr(file.content)


def _literal(value: Any) -> str:
    if isinstance(value, Join):
        parts = (repr(p) if isinstance(p, str) else f"str({_literal(p)})" for p in value.parts)
        return " + ".join(parts)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k!r}: {_literal(v)}" for k, v in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_literal, value)) + "]"
    return _leaf(value)


def _leaf(value: Any) -> str:
    if isinstance(value, Ref):
        return value_at(value)
    if isinstance(value, Once):
        return f'f"{value.before}{{RUN}}"'
    if isinstance(value, str) and len(value) > _LONGEST and len(set(value)) == 1:
        return f"{value[0]!r} * {len(value)}"
    return ascii(value)
