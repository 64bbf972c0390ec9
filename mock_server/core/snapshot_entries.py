"""Journal entries as plain data and back: what is written down has every key masked."""

from collections.abc import Mapping

from mock_server.core.call import Call
from mock_server.core.journal import CONTENT_BYTES, Entry
from mock_server.core.masking import masked, masked_headers, presented
from mock_server.core.script import (
    Chunk,
    HangUp,
    Head,
    Headers,
    Raw,
    Reset,
    Script,
    Step,
    Wait,
    content_of,
)
from mock_server.core.snapshot_story import Plain
from mock_server.core.snapshot_tasks import bytes_value, read_bytes


class KeptEntry(Entry):
    """An entry that was read back: its keys were masked when it was written."""

    __slots__ = ()

    @property
    def headers(self) -> Headers:
        """The request's header fields, masked already; a masked key cannot be masked again."""
        return self.call.headers


def entry_value(entry: Entry) -> dict[str, Plain]:
    """All of an entry but how its delivery ended, which is known later."""
    # Masked here rather than by the entry, which would look for the credentials once for each.
    call = entry.call
    secrets = (*entry.secrets, *presented(call.headers))
    return {
        "number": entry.number,
        "at": entry.at,
        "operation": entry.operation,
        "task": entry.task,
        "phase": entry.phase,
        "created": entry.created,
        "fault": entry.fault,
        "moment": entry.moment,
        "method": entry.method,
        "path": _text(call.path, secrets),
        "query": _text(call.query, secrets),
        "headers": _pairs(entry.headers),
        "body": bytes_value(masked(call.body, secrets)[:CONTENT_BYTES]),
        "body_size": entry.body_size,
        "digest": entry.digest.hex(),
        "base": _text(call.base, secrets),
        "client": None if call.client is None else list(call.client),
        "script": _script_value(entry.script, secrets),
        "content_size": entry.content_size,
        "weight": entry.weight,
    }


def read_entry(value: Mapping[str, Plain], ended: list[Plain] | None) -> Entry:
    """The entry in such a value; ``ended`` is when its delivery did and whether its caller left."""
    client = value["client"]
    call = Call(
        number=value["number"],
        method=value["method"],
        path=value["path"],
        query=value["query"],
        headers=_read_pairs(value["headers"]),
        body=read_bytes(value["body"]),
        base=value["base"],
        client=None if client is None else (client[0], client[1]),
    )
    at, aborted = ended or (None, False)
    return KeptEntry(
        at=value["at"],
        operation=value["operation"],
        task=value["task"],
        phase=value["phase"],
        created=value["created"],
        fault=value["fault"],
        moment=value["moment"],
        secrets=(),
        call=call,
        script=tuple(map(_read_step, value["script"])),
        body_size=value["body_size"],
        body_digest=bytes.fromhex(value["digest"]),
        content_size=value["content_size"],
        weight=value["weight"],
        ended=at,
        aborted=aborted,
    )


def _text(text: str, secrets: tuple[str, ...]) -> str:
    return masked(text.encode("latin-1", "replace"), secrets).decode("latin-1")


def _script_value(script: Script, secrets: tuple[str, ...]) -> list[Plain]:
    return [_step_value(step, secrets) for step in _without_keys(script, secrets)]


def _without_keys(script: Script, secrets: tuple[str, ...]) -> Script:
    """The script with keys in its content masked, even those that lie in several chunks.

    Then all of the content is in the first one, filled up with blanks: its length was announced.
    """
    content = content_of(script)
    clean = masked(content, secrets)
    if clean == content:
        return script
    left = clean.ljust(len(content))
    steps: list[Step] = []
    for step in script:
        if isinstance(step, Chunk):
            step, left = Chunk(left), b""
        steps.append(step)
    return tuple(steps)


def _step_value(step: Step, secrets: tuple[str, ...]) -> list[Plain]:
    match step:
        case Head(status, headers):
            return ["head", status, _pairs(masked_headers(headers, secrets))]
        case Chunk(data):
            return ["chunk", bytes_value(data)]
        case Raw(data):
            return ["raw", bytes_value(masked(data, secrets))]
        case Wait(seconds):
            return ["wait", seconds]
        case HangUp():
            return ["hang_up"]
    return ["reset"]


def _read_step(row: list[Plain]) -> Step:
    match row:
        case ["head", status, headers]:
            return Head(status, _read_pairs(headers))
        case ["chunk", data]:
            return Chunk(read_bytes(data))
        case ["raw", data]:
            return Raw(read_bytes(data))
        case ["wait", seconds]:
            return Wait(seconds)
        case ["hang_up"]:
            return HangUp()
        case ["reset"]:
            return Reset()
    raise ValueError(f"expected a step of a script, seen {row!r}")


def _pairs(headers: Headers) -> list[list[str]]:
    return [[name.decode("latin-1"), value.decode("latin-1")] for name, value in headers]


def _read_pairs(rows: list[list[str]]) -> Headers:
    return tuple((name.encode("latin-1"), value.encode("latin-1")) for name, value in rows)
