"""What an operation gets to work with."""

from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeAlias

from mock_server.core.call import Call
from mock_server.core.reply import Reply
from mock_server.core.world import World


class Work(NamedTuple):
    """One admitted call: ``owner`` is whose key it carries (empty where none is asked for)."""

    world: World
    call: Call
    operation: str
    parameters: Mapping[str, str]
    owner: str
    now: float


Operation: TypeAlias = Callable[[Work], Reply]
