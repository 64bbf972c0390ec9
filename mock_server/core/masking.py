"""Keeping keys out of everything that is written or shown."""

import re

from mock_server.core.script import Headers

_SECRET_HEADERS = frozenset({b"authorization", b"proxy-authorization", b"x-api-key", b"api-key"})
_SHORTEST = 12
_SCHEMES = frozenset({"bearer", "basic", "digest", "token", "apikey", "negotiate"})
# Not in the middle of a word, as in "task-2026-11-22-0001"; an escape is not a part of one.
_LOOKS_LIKE_A_KEY = re.compile(
    rb"(?:(?<![A-Za-z0-9])|(?<=%[0-9A-Fa-f]{2})|(?<=\\[nrtbf])|(?<=\\u[0-9A-Fa-f]{4}))"
    rb"sk-[A-Za-z0-9_-]{12,}"
)


def mask(secret: str) -> str:
    """A key as it may be shown: its prefix and its last four characters, if it is long enough."""
    if len(secret) < _SHORTEST:
        return "..."
    return f"{'sk-' if secret.startswith('sk-') else ''}...{secret[-4:]}"


def masked(data: bytes, secrets: tuple[str, ...] = ()) -> bytes:
    """The bytes with everything masked that is, or looks like, a key."""
    for secret in dict.fromkeys(secrets):
        raw = secret.encode("utf-8", "surrogateescape")
        if raw in data:
            data = data.replace(raw, mask(secret).encode())
    if b"sk-" in data:
        data = _LOOKS_LIKE_A_KEY.sub(lambda match: mask(match[0].decode()).encode(), data)
    return data


def presented(headers: Headers) -> tuple[str, ...]:
    """The credentials in header fields, valid or not, as far as they are long enough to be told."""
    found = []
    for name, value in headers:
        if name in _SECRET_HEADERS:
            text = value.decode("latin-1")
            secret = text.partition(" ")[2].strip() or text
            if len(secret) >= _SHORTEST:
                found.append(secret)
    return tuple(found)


def masked_headers(headers: Headers, secrets: tuple[str, ...] = ()) -> Headers:
    """The header fields with every credential masked, the scheme left readable."""
    return tuple(
        (name, _masked_field(value) if name in _SECRET_HEADERS else masked(value, secrets))
        for name, value in headers
    )


def _masked_field(value: bytes) -> bytes:
    scheme, space, secret = value.decode("latin-1").partition(" ")
    if not space:
        return mask(scheme).encode("latin-1")
    shown = scheme if scheme.lower() in _SCHEMES else mask(scheme)
    return f"{shown} {mask(secret)}".encode("latin-1")
