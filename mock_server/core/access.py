"""Who is calling: the Authorization header field, read strictly."""

from mock_server.core.call import Call
from mock_server.core.keys import owner_of
from mock_server.core.refusal import Refusal
from mock_server.core.world import World

_LONGEST_KEY = 512


def presented_key(call: Call) -> str | None:
    """The bearer token of a call (RFC 6750), None unless there is exactly one well-formed one."""
    values = call.header_values(b"authorization")
    if len(values) != 1:
        return None
    scheme, _, key = values[0].partition(" ")
    key = key.strip(" ")
    if scheme.lower() != "bearer" or not 0 < len(key) <= _LONGEST_KEY:
        return None
    return key if key.isascii() and key.isprintable() and " " not in key else None


def authenticate(world: World, call: Call) -> str:
    """The owner behind the key of a call.

    Raises :class:`Refusal`: ``unauthenticated`` without a valid key.
    """
    key = presented_key(call)
    state = None if key is None else world.keyring.state_of(key)
    if key is None or state is None or state == "revoked":
        raise Refusal("unauthenticated")
    return owner_of(key)


def has_no_credit(world: World, call: Call) -> bool:
    """Whether the key's account is known to be empty."""
    key = presented_key(call)
    return key is not None and world.keyring.state_of(key) == "no_credit"
