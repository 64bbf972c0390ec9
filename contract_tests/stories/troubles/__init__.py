"""The kinds of trouble that a client can meet in one call, and the rules that each is for."""

from contract_tests.stories.troubles.broken import CONNECTIONS, CONTENTS, PACKAGES
from contract_tests.stories.troubles.odd import ELSEWHERE, FILES, TIMES, drift
from contract_tests.stories.troubles.refused import OUTAGES, REFUSALS
from contract_tests.stories.troubles.trouble import CANARY, OTHER_HOST, Rules, Trouble
from mock_server.core.contract import Contract

__all__ = ["CANARY", "OTHER_HOST", "Rules", "Trouble", "troubles"]

_ALWAYS = (
    *(*REFUSALS, *OUTAGES, *CONNECTIONS, *CONTENTS),
    *(*PACKAGES, *TIMES, *ELSEWHERE, *FILES),
)


def troubles(contract: Contract) -> tuple[Trouble, ...]:
    """All of them, as a profile's replies and errors are."""
    known = contract.catalogue.entries
    return (
        *(one for one in _ALWAYS if one.reason is None or one.reason in known),
        *drift(contract),
    )
