"""The fault ``fields``: the JSON of the reply has drifted."""

from dataclasses import dataclass

from mock_server.core.fault import Scene
from mock_server.core.script import Script, content_of
from mock_server.faults.parts.base_fault import BaseFault
from mock_server.faults.parts.json_members import (
    Members,
    drop_at,
    read_members,
    repeat_at,
    set_at,
    write_members,
)
from mock_server.faults.parts.kinds import members, paths
from mock_server.faults.parts.options import OptionError, option
from mock_server.faults.parts.wire import with_content


@dataclass(frozen=True, slots=True)
class Fields(BaseFault):
    """The ordinary reply with members added, given other values or types, left out or repeated.

    Why: APIs change without notice. New members must not matter, and a missing or mistyped one
    must be reported as such, not end in a crash or in a success without images. Dots lead into
    objects and lists: ``result.data.0.url``. A reply that is no JSON object stays as it is.
    """

    set: tuple[tuple[str, object], ...] = option(
        members(), "members that are added or given another value", ()
    )
    drop: tuple[str, ...] = option(paths(), "members or list items that are left out", ())
    repeat: tuple[tuple[str, object], ...] = option(
        members(), "members that stand there once more, with this value", ()
    )

    def check(self) -> None:
        """Refuse to change nothing."""
        if not (self.set or self.drop or self.repeat):
            raise OptionError("set", "members to set, drop or repeat", "none")

    def rewrite(self, script: Script, scene: Scene) -> Script:
        """The reply with its members changed: first those that go, then those that come."""
        body = read_members(content_of(script))
        if not isinstance(body, Members):
            return script
        for path in self.drop:
            drop_at(body, path)
        for path, value in self.set:
            set_at(body, path, value)
        for path, value in self.repeat:
            repeat_at(body, path, value)
        return with_content(script, write_members(body))
