"""Ids and numbers that look drawn but are a pure function of seed, session and count."""

import hmac
from base64 import b64encode
from hashlib import blake2b

from mock_server.core.contract import IdForm

_NOISE_BYTES = 48
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def digest(*parts: object, size: int = 16) -> bytes:
    """``size`` bytes decided by the parts and nothing else."""
    text = "\x1f".join(map(str, parts))
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=size).digest()


def fraction(*parts: object) -> float:
    """A number from 0 up to but not including 1, decided by the parts and evenly spread."""
    return int.from_bytes(digest(*parts, size=8)[:7], "big") / (1 << 56)


def make_id(form: IdForm, seed: int, session: str, number: int, now: float) -> str:
    """The id of the ``number``-th thing of a session, created at ``now`` (epoch seconds)."""
    noise = digest(form.prefix, seed, session, number, size=_NOISE_BYTES)
    return form.prefix + _TEXT[form.form](noise, form.length, now)


def _hex(noise: bytes, length: int, now: float) -> str:
    return noise.hex()[:length]


def _base62(noise: bytes, length: int, now: float) -> str:
    # Two of the 64 characters are given to letters twice; nobody can tell.
    return b64encode(noise, b"Zz").decode("ascii")[:length]


def _ulid(noise: bytes, length: int, now: float) -> str:
    milliseconds = int(now * 1000) & ((1 << 48) - 1)
    value = milliseconds << 80 | int.from_bytes(noise[:10], "big")
    return "".join(_CROCKFORD[(value >> shift) & 31] for shift in range(125, -1, -5))


_TEXT = {"hex": _hex, "base62": _base62, "ulid": _ulid}


def sign(secret: bytes, *parts: object) -> str:
    """A signature of the parts: 32 hexadecimal characters."""
    text = "\x1f".join(map(str, parts)).encode("utf-8", "surrogatepass")
    return hmac.new(secret, text, "sha256").hexdigest()[:32]


def is_signed(signature: str, secret: bytes, *parts: object) -> bool:
    """Whether the signature belongs to the parts; compared in constant time."""
    given = signature.encode("utf-8", "surrogatepass")
    return hmac.compare_digest(given, sign(secret, *parts).encode())
