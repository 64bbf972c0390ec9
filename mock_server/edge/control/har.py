"""Journal entries as an HTTP Archive 1.2, with the session's time stamps."""

from datetime import UTC, datetime
from http import HTTPStatus
from importlib.metadata import version
from typing import Any
from urllib.parse import parse_qsl

from mock_server.core.journal import Entry
from mock_server.core.script import Headers
from mock_server.edge.control.entries import base_of, pairs, text_of
from mock_server.loading.encoding import encode_json

_UNKNOWN = -1


def har_start() -> bytes:
    """What stands before the entries."""
    creator = encode_json({"name": "Safelight", "version": version("safelight")})
    return b'{"log":{"version":"1.2","creator":%s,"entries":[' % creator


def har_end() -> bytes:
    """What stands behind the entries."""
    return b"]}}"


def har_entry(entry: Entry) -> bytes:
    """One entry; names that begin with an underscore are additions, as the format allows them."""
    milliseconds = max(0.0, ((entry.ended or entry.at) - entry.at) * 1000)
    return encode_json(
        {
            "startedDateTime": _instant(entry.at),
            "time": milliseconds,
            "request": _request(entry),
            "response": _response(entry),
            "cache": {},
            "timings": {"send": 0, "wait": milliseconds, "receive": 0},
            "connection": entry.connection,
            "_number": entry.number,
            "_operation": entry.operation,
            "_task": entry.task,
            "_phase": entry.phase,
            "_fault": entry.fault,
            "_steps": list(entry.steps),
            "_aborted": entry.aborted,
        }
    )


def _request(entry: Entry) -> dict[str, Any]:
    query = f"?{entry.query}" if entry.query else ""
    value = {
        "method": entry.method,
        "url": f"{base_of(entry)}{entry.path}{query}",
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _fields(entry.headers),
        "queryString": [
            {"name": name, "value": text}
            for name, text in parse_qsl(entry.query, keep_blank_values=True, errors="replace")
        ],
        "headersSize": _UNKNOWN,
        "bodySize": entry.body_size,
    }
    if entry.body:
        text, encoding = text_of(entry.body)
        note = {} if encoding == "utf-8" else {"_encoding": encoding}
        media_type = _field(entry.headers, "content-type")
        value["postData"] = {"mimeType": media_type, "params": [], "text": text, **note}
    return value


def _response(entry: Entry) -> dict[str, Any]:
    status = entry.status or 0
    text, encoding = text_of(entry.content)
    content: dict[str, Any] = {
        "size": entry.content_size,
        "mimeType": _field(entry.reply_headers, "content-type") or "x-unknown",
        "text": text,
    }
    if encoding != "utf-8":
        content["encoding"] = encoding
    return {
        "status": status,
        "statusText": _phrase(status),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _fields(entry.reply_headers),
        "content": content,
        "redirectURL": _field(entry.reply_headers, "location"),
        "headersSize": _UNKNOWN,
        "bodySize": entry.content_size if status else _UNKNOWN,
    }


def _instant(epoch: float) -> str:
    """An instant as ISO 8601 writes it, in UTC, to the millisecond."""
    moment = datetime.fromtimestamp(epoch, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _fields(headers: Headers) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs(headers)]


def _field(headers: Headers, wanted: str) -> str:
    return next((value for name, value in pairs(headers) if name == wanted), "")
