"""Asking the limits of a session before the work is done."""

from mock_server.core.limits import CREDITS, Usage
from mock_server.core.refusal import Refusal
from mock_server.core.script import Headers
from mock_server.core.world import World

_NOTHING = Usage()


def admit(world: World, operation: str, owner: str, now: float) -> Headers:
    """The header fields that tell what is left.

    Raises :class:`Refusal`: ``rate_limited`` when a limit is reached.
    """
    limiter = world.limiter
    usage = _NOTHING
    if operation in limiter.counting:
        usage = Usage(in_flight=world.in_flight(owner, now))
    admission = limiter.admit(operation, owner, now, usage)
    if admission is None:
        return ()
    if not admission.allowed:
        raise Refusal("rate_limited", headers=admission.headers)
    return admission.headers


def admit_price(world: World, operation: str, owner: str, now: float, price: float) -> None:
    """Count credits about to be charged; raises :class:`Refusal`: ``rate_limited``."""
    admission = world.limiter.admit(operation, owner, now, Usage(price=price), CREDITS)
    if admission is not None and not admission.allowed:
        raise Refusal("rate_limited", headers=admission.headers)
