"""The stories of an exam, by how thorough it is to be."""

from collections.abc import Hashable, Iterable
from enum import Enum
from itertools import chain

from contract_tests.stories.crowds import crowds
from contract_tests.stories.duration import real_seconds
from contract_tests.stories.endings import endings
from contract_tests.stories.hosts import hosts
from contract_tests.stories.orders import orders
from contract_tests.stories.pairs import pairs
from contract_tests.stories.shipped import shipped
from contract_tests.stories.singles import singles
from contract_tests.stories.stops import stops
from contract_tests.stories.storms import storms
from contract_tests.stories.telling import Teller, Told, content_of
from contract_tests.stories.waiting import waiting
from mock_server.core.contract import Contract
from mock_server.core.scenario import Scenario

__all__ = ["Level", "real_seconds", "stories"]

_QUICK = (endings, singles, storms, waiting, hosts, orders, crowds, stops)


class Level(Enum):
    """How thorough an exam is.

    ``quick``: each kind of trouble once, and what every rule that matters needs. ``default``: all
    that is listed, ordered pairs of faults, and the stories that come with the server.
    ``thorough``: as many more as are asked for, drawn at random.
    """

    QUICK = "quick"
    DEFAULT = "default"
    THOROUGH = "thorough"


def stories(
    contract: Contract, level: Level = Level.DEFAULT, *, more: int = 200, seed: int = 0
) -> tuple[Scenario, ...]:
    """The stories for the clients of a profile, each with a name of its own.

    The same level and profile give the same stories, the most telling first. ``more`` is how many a
    thorough exam draws beside them; the ``seed`` decides which.
    """
    teller = Teller(contract)
    quick = _each_once(chain(*(family(teller) for family in _QUICK)))
    if level is Level.QUICK:
        return tuple(one.scenario for one in quick if one.quick)
    listed = tuple(one.scenario for one in _each_once((*quick, *pairs(teller), *shipped(contract))))
    if level is Level.DEFAULT:
        return listed
    # Imported here: Hypothesis takes longer to start than a quick exam may.
    from contract_tests.stories.drawing import drawn

    return (*listed, *drawn(contract, more, seed))


def _each_once(told: Iterable[Told]) -> tuple[Told, ...]:
    """Each story once, those of the quick exam first; the same one under another name is not."""
    found: dict[Hashable, Told] = {}
    for one in told:
        found.setdefault(content_of(one.scenario), one)
    return tuple(sorted(found.values(), key=lambda one: not one.quick))
