"""Journal entries as JSON values: keys are masked, bodies cut, files left out."""

from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mock_server.core.journal import Entry
from mock_server.core.masking import masked
from mock_server.core.script import Headers

ANY_FAULT = "*"
NO_REPLY = "none"


def entry_value(entry: Entry, most: int) -> dict[str, Any]:
    """An entry with at most ``most`` bytes of each body."""
    return {
        "number": entry.number,
        "at": entry.at,
        "ended": entry.ended,
        "aborted": entry.aborted,
        "operation": entry.operation,
        "method": entry.method,
        "path": entry.path,
        "query": entry.query,
        "headers": pairs(entry.headers),
        "body": content_value(entry.body, entry.body_size, most),
        "digest": entry.digest.hex(),
        "status": entry.status,
        "reply_headers": pairs(entry.reply_headers),
        "content": content_value(entry.content, entry.content_size, most),
        "task": entry.task,
        "phase": entry.phase,
        "created": entry.created,
        "fault": entry.fault,
        "moment": entry.moment,
        "steps": list(entry.steps),
        "connection": entry.connection,
    }


def content_value(data: bytes, size: int, most: int) -> dict[str, Any]:
    """Some bytes as text, or as base64 where they are none; ``size`` is how many there were."""
    shown = data[:most]
    text, encoding = text_of(shown, is_cut=len(shown) < len(data))
    return {"text": text, "encoding": encoding, "size": size, "cut": len(shown) < size}


def text_of(data: bytes, *, is_cut: bool = False) -> tuple[str, str]:
    """Bytes as text and the name of the encoding: ``utf-8``, or ``base64`` for what is no text."""
    for end in range(len(data), max(len(data) - 4, -1), -1):
        try:
            return data[:end].decode("utf-8"), "utf-8"
        except UnicodeDecodeError:
            if not is_cut:
                break
    return b64encode(data).decode("ascii"), "base64"


def pairs(headers: Headers) -> list[list[str]]:
    """Header fields as pairs of texts, in order."""
    return [[name.decode("latin-1"), value.decode("latin-1")] for name, value in headers]


def base_of(entry: Entry) -> str:
    """The origin and prefix by which the caller reached the session."""
    return masked(entry.call.base.encode("latin-1", "replace"), entry.secrets).decode("latin-1")


def chosen(entries: Iterable[Entry], query: Mapping[str, Any]) -> Iterator[Entry]:
    """The entries that a query means: ``operation``, ``status``, ``task``, ``fault``, ``since``."""
    operation, task, fault = query.get("operation"), query.get("task"), query.get("fault")
    status, since = query.get("status"), query.get("since", 0)
    for entry in entries:
        if entry.number <= since or operation not in (None, entry.operation):
            continue
        if task not in (None, entry.task):
            continue
        if fault is not None and not _is_struck(entry, fault):
            continue
        if status is None or status == (str(entry.status) if entry.status else NO_REPLY):
            yield entry


def _is_struck(entry: Entry, fault: str) -> bool:
    return entry.fault is not None and fault in (ANY_FAULT, entry.fault)
