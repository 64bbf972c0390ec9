"""The traffic of a story as an HTTP Archive 1.2, with the time stamps of the session's clock."""

from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from importlib.metadata import version
from typing import Any
from urllib.parse import parse_qsl

from contract_tests.trace import Exchange, Trace
from mock_server.core.script import Headers

_UNKNOWN = -1
_MOST_CALLS = 500


def har_of(trace: Trace) -> Mapping[str, object]:
    """The archive; names that begin with an underscore are additions, as the format allows them."""
    creator = {"name": "Safelight", "version": version("safelight")}
    entries = [_entry(one) for one in trace.calls.exchanges[:_MOST_CALLS]]
    return {"log": {"version": "1.2", "creator": creator, "entries": entries}}


def _entry(exchange: Exchange) -> dict[str, Any]:
    wait = max(0.0, exchange.replied - exchange.started) * 1000
    whole = max(wait, (exchange.completed - exchange.started) * 1000)
    began = datetime.fromtimestamp(exchange.started, UTC)
    return {
        "startedDateTime": began.isoformat(timespec="milliseconds"),
        "time": whole,
        "request": _request(exchange),
        "response": _response(exchange),
        "cache": {},
        "timings": {"send": 0, "wait": wait, "receive": whole - wait},
        "connection": exchange.connection,
        "_number": exchange.number,
        "_operation": exchange.operation,
        "_task": exchange.task,
        "_fault": exchange.fault,
        "_aborted": exchange.aborted,
    }


def _request(exchange: Exchange) -> dict[str, Any]:
    query = f"?{exchange.query}" if exchange.query else ""
    value: dict[str, Any] = {
        "method": exchange.method,
        "url": f"{exchange.base}{exchange.path}{query}",
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _fields(exchange.headers),
        "queryString": [
            {"name": name, "value": text}
            for name, text in parse_qsl(exchange.query, keep_blank_values=True)
        ],
        "headersSize": _UNKNOWN,
        "bodySize": len(exchange.body),
    }
    if exchange.body:
        value["postData"] = {
            "mimeType": _field(exchange.headers, b"content-type"),
            "params": [],
            "text": exchange.body.decode("utf-8", "replace"),
        }
    return value


def _response(exchange: Exchange) -> dict[str, Any]:
    status = exchange.heard_status or 0
    return {
        "status": status,
        "statusText": HTTPStatus(status).phrase if status in _KNOWN else "",
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _fields(exchange.reply_headers),
        "content": {
            "size": len(exchange.content),
            "mimeType": _field(exchange.reply_headers, b"content-type"),
            "text": exchange.content.decode("utf-8", "replace"),
        },
        "redirectURL": _field(exchange.reply_headers, b"location"),
        "headersSize": _UNKNOWN,
        "bodySize": _UNKNOWN,
    }


_KNOWN = frozenset(int(one) for one in HTTPStatus)


def _fields(headers: Headers) -> list[dict[str, str]]:
    return [
        {"name": name.decode("latin-1"), "value": value.decode("latin-1")}
        for name, value in headers
    ]


def _field(headers: Headers, name: bytes) -> str:
    found = (value.decode("latin-1") for key, value in headers if key == name)
    return next(found, "")
