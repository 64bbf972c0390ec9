"""The fault ``headers``: header fields that the reply should not have, or lacks."""

from dataclasses import dataclass

from mock_server.core.fault import Scene
from mock_server.core.script import Script
from mock_server.faults.parts.base_fault import BaseFault
from mock_server.faults.parts.kinds import header_fields, paths
from mock_server.faults.parts.options import OptionError, option
from mock_server.faults.parts.wire import with_fields

# Their values decide how the reply is framed; wrong_length, broken_chunk and cut change that.
_FRAMING = frozenset({"content-length", "transfer-encoding", "connection"})


@dataclass(frozen=True, slots=True)
class Headers(BaseFault):
    """The ordinary reply with header fields set or left out.

    Why: a success can carry Retry-After, and rate-limit headers can be missing or absurd. A client
    that steers by them must not stumble.
    """

    set: tuple[tuple[str, str], ...] = option(header_fields(), "fields that are set", ())
    drop: tuple[str, ...] = option(paths(), "fields that are left out", ())

    def check(self) -> None:
        """Refuse to change nothing, and to change how the reply is framed."""
        named = {*(name for name, _ in self.set), *(name.lower() for name in self.drop)}
        if not named:
            raise OptionError("set", "fields to set or drop", "none")
        if found := sorted(named & _FRAMING):
            raise OptionError("set", "no field that frames the reply", found[0])

    def rewrite(self, script: Script, scene: Scene) -> Script:
        """The reply with its head changed."""
        fields = tuple((name.encode(), value.encode()) for name, value in self.set)
        return with_fields(script, fields, tuple(name.lower().encode() for name in self.drop))
