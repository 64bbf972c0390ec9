"""What is said to a server to see whether it keeps its promises: a module for each subject."""

from collections.abc import Callable, Iterator

from contract_tests.server.conversation import Conversation
from contract_tests.server.conversations.account import account
from contract_tests.server.conversations.corners import corner_orders
from contract_tests.server.conversations.keys import keys
from contract_tests.server.conversations.life import life
from contract_tests.server.conversations.models import every_model
from contract_tests.server.conversations.paths import paths
from contract_tests.server.conversations.refusals import refusals
from contract_tests.server.conversations.stories import stories
from contract_tests.server.conversations.uploads import uploads
from contract_tests.server.promises import Promises
from contract_tests.server.statement import Means
from contract_tests.server.words import Words

# Those that show the most for one submit come first, for the submits may run out.
_SUBJECTS: tuple[Callable[[Words, Means], Iterator[Conversation]], ...] = (
    life,
    keys,
    paths,
    account,
    uploads,
    corner_orders,
    refusals,
    stories,
    every_model,
)


def all_conversations(promises: Promises, means: Means) -> Iterator[Conversation]:
    """Every conversation that the means allow, the most telling first."""
    words = Words(promises)
    for subject in _SUBJECTS:
        yield from subject(words, means)
