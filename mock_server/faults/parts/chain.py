"""Faults joined by ``+``: the first makes or spoils a reply, each next one spoils it further."""

from dataclasses import dataclass

from mock_server.core.fault import Moment, Scene
from mock_server.core.script import Chunk, Head, Script, is_orderly
from mock_server.faults.parts.base_fault import MOST_TEXT, BaseFault
from mock_server.faults.parts.options import OptionError

_MOST_LINKS = 8
# A reply and a call to try faults on.
_REPLY: Script = (Head(200, ()), Chunk(b"{}"))
_SCENE = Scene("submit", "/", "", "", 0.0, 0.0, lambda what, message: _REPLY)


@dataclass(frozen=True, slots=True)
class Chain:
    """Several faults of one call, such as ``429 + gzip``: a compressed error.

    It strikes when its first fault does; raises :class:`OptionError` for another one that strikes
    before the work, since that would leave nothing of the reply so far, and for one behind the end
    of the connection.
    """

    links: tuple[BaseFault, ...]

    def __post_init__(self) -> None:
        if not 2 <= len(self.links) <= _MOST_LINKS:
            raise OptionError("+", f"from 2 to {_MOST_LINKS} faults", len(self.links))
        for link in self.links[1:]:
            if link.moment == "before":
                raise OptionError("+", "a fault that spoils a reply (moment=after)", link.text)
        for link in self.links[:-1]:
            if not is_orderly(link.rewrite(_REPLY, _SCENE)):
                raise OptionError(
                    "+", "a fault that ends the connection only at the end", link.text
                )
        if len(self.text) > MOST_TEXT:
            raise OptionError("text", f"at most {MOST_TEXT} characters", self.text)

    @property
    def moment(self) -> Moment:
        """When the first fault strikes."""
        return self.links[0].moment

    @property
    def text(self) -> str:
        """The texts of its faults, joined by ``+``."""
        return " + ".join(link.text for link in self.links)

    def rewrite(self, script: Script, scene: Scene) -> Script:
        """The script as the last fault leaves it."""
        for link in self.links:
            script = link.rewrite(script, scene)
        return script
