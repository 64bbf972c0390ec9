"""What the markers of a test say about the session that it wants."""

import re
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest

from mock_server.control.session import Story
from mock_server.testing.server import MockServer
from mock_server.testing.session import MockSession

_LONGEST_NAME = 60
_UNSPENT = ("fail", "allowed")


class MarkerError(ValueError):
    """A marker that nobody could obey: what was expected and what was seen."""

    def __init__(self, marker: str, expected: str, seen: str) -> None:
        super().__init__(f"@pytest.mark.{marker}: expected {expected}, seen {seen}")


@dataclass(frozen=True, slots=True)
class MarkerWish:
    """A session as a test wants it; the fields are the arguments of :meth:`MockServer.session`."""

    name: str
    scenario: Story | None
    options: Mapping[str, Any]
    faults: tuple[Mapping[str, Any], ...]
    folders: tuple[Path, ...]
    allow_unspent: bool

    def session(self, server: MockServer) -> AbstractContextManager[MockSession]:
        """The session, for as long as the block runs."""
        return server.session(
            self.scenario,
            faults=self.faults,
            name=self.name,
            folders=self.folders,
            **self.options,
        )


def read_markers(item: pytest.Item, unspent: str) -> MarkerWish:
    """The nearest ``scenario`` and all ``faults``; ``unspent`` is what holds where none says it.

    Raises :class:`MarkerError`.
    """
    scenario = item.get_closest_marker("scenario")
    stories, options = (scenario.args, scenario.kwargs) if scenario else ((), {})
    if len(stories) > 1:
        raise MarkerError("scenario", "one story", f"{len(stories)} of them")
    # The nearest comes last: its faults are behind those of the class and the module.
    queues = []
    for marker in reversed([*item.iter_markers("faults")]):
        if marker.args:
            raise MarkerError(
                "faults", "operations by name, as in submit=['429']", repr(marker.args[0])
            )
        queues.append({name: value for name, value in marker.kwargs.items() if name != "unspent"})
        unspent = marker.kwargs.get("unspent", unspent)
    if unspent not in _UNSPENT:
        raise MarkerError("faults", f"unspent to be {' or '.join(_UNSPENT)}", repr(unspent))
    return MarkerWish(
        _name(item),
        stories[0] if stories else None,
        options,
        tuple(filter(None, queues)),
        (item.path.parent, item.config.rootpath),
        unspent == "allowed",
    )


def _name(item: pytest.Item) -> str:
    """A session's name made of the test's: the same test gets the same ids in every run."""
    words = re.sub(r"[^A-Za-z0-9]+", "-", item.name).strip("-")[:_LONGEST_NAME]
    return f"{words or 'test'}-{crc32(item.nodeid.encode()):08x}"
