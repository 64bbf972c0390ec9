"""Whether a result URL still has to work."""

from enum import Enum

from contract_tests.server.log import ResultRecord
from contract_tests.server.seen import Seen

# Times are told in whole seconds, and a call takes a while.
_MARGIN_SECONDS = 3.0


class Age(Enum):
    """Where a URL stands at a moment; ``EDGE``: too near its end to tell."""

    VALID = "valid"
    EDGE = "edge"
    EXPIRED = "expired"


def age_of(call: Seen, result: ResultRecord) -> Age:
    """The age of the URL that a call asks for, by the times that the server told."""
    created, expires = result.poll.value("created_at"), result.poll.value("expires_at")
    if not isinstance(created, int) or not isinstance(expires, int):
        return Age.EDGE
    left = (expires - created) - (call.at - result.task.submit.at)
    if left > _MARGIN_SECONDS:
        return Age.VALID
    return Age.EXPIRED if left < -_MARGIN_SECONDS else Age.EDGE
