"""Who is calling: the Authorization header field, read strictly."""

from hashlib import blake2b

from mock_server.core.call import Call
from mock_server.core.keys import owner_of
from mock_server.core.refusal import Refusal
from mock_server.core.world import World

_LONGEST_KEY = 512


def authenticate(world: World, call: Call) -> str:
    """The owner behind the key of a call.

    Raises :class:`Refusal`: ``unauthenticated`` without a valid key.
    """
    field = _credentials(call)
    if field is None:
        raise Refusal("unauthenticated")
    # Remembered under a digest: the look-up takes as long for every guess.
    digest = blake2b(field, digest_size=16).digest()
    owner = world.memo.owners.get(digest)
    if owner is None:
        owner = _owner(world, field)
        world.memo.keep_owner(digest, owner)
    return owner


def _owner(world: World, field: bytes) -> str:
    key = _bearer_token(field)
    state = None if key is None else world.keyring.state_of(key)
    if key is None or state in (None, "revoked"):
        raise Refusal("unauthenticated")
    return owner_of(key)


def _credentials(call: Call) -> bytes | None:
    """The one Authorization field value; None when there is none, or more than one."""
    fields = dict(call.headers)
    if len(fields) < len(call.headers):
        # Something is repeated: a second Authorization field is as good as none.
        values = [value for name, value in call.headers if name == b"authorization"]
        return values[0] if len(values) == 1 else None
    return fields.get(b"authorization")


def _bearer_token(field: bytes) -> str | None:
    """The token in a field value (RFC 6750), None unless it is a well-formed one."""
    scheme, _, key = field.decode("latin-1").partition(" ")
    key = key.strip(" ")
    if scheme.lower() != "bearer" or not 0 < len(key) <= _LONGEST_KEY:
        return None
    return key if key.isascii() and key.isprintable() and " " not in key else None


def has_no_credit(world: World, call: Call) -> bool:
    """Whether the key's account is known to be empty."""
    if "no_credit" not in world.keyring.states.values():
        return False
    field = _credentials(call)
    key = None if field is None else _bearer_token(field)
    return key is not None and world.keyring.state_of(key) == "no_credit"
