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


def age_of(call: Seen, result: ResultRecord, lifetime: float) -> Age:
    """The age of the URL that a call asks for; ``lifetime`` are its documented seconds."""
    since_submit = call.at - result.task.submit.at
    since_told = call.at - result.poll.at
    if since_submit < lifetime - _MARGIN_SECONDS:
        return Age.VALID
    return Age.EXPIRED if since_told > lifetime + _MARGIN_SECONDS else Age.EDGE
