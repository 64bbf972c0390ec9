"""Keeping keys out of everything that is written or shown."""

import re

from mock_server.core.script import Headers

_SECRET_HEADERS = frozenset({b"authorization", b"proxy-authorization", b"x-api-key", b"api-key"})
_LOOKS_LIKE_A_KEY = re.compile(rb"sk-[A-Za-z0-9_-]{12,}")


def mask(secret: str) -> str:
    """A key as it may be shown: its prefix and its last four characters, if it is long enough."""
    if len(secret) < 12:
        return "..."
    return f"{'sk-' if secret.startswith('sk-') else ''}...{secret[-4:]}"


def masked(data: bytes, secrets: tuple[str, ...] = ()) -> bytes:
    """The bytes with everything masked that is, or looks like, a key."""
    if b"sk-" in data:
        data = _LOOKS_LIKE_A_KEY.sub(lambda match: mask(match[0].decode()).encode(), data)
    for secret in secrets:
        raw = secret.encode("utf-8", "surrogateescape")
        if raw in data:
            data = data.replace(raw, mask(secret).encode())
    return data


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
    return f"{scheme[:20]} {mask(secret)}".encode("latin-1")
