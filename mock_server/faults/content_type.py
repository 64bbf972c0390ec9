"""The fault ``content_type``: the content is right, its label is not."""

from dataclasses import dataclass

from mock_server.core.fault import Scene
from mock_server.core.script import Script
from mock_server.faults.parts.base_fault import BaseFault
from mock_server.faults.parts.kinds import field_text
from mock_server.faults.parts.options import option
from mock_server.faults.parts.wire import with_fields


@dataclass(frozen=True, slots=True)
class ContentType(BaseFault):
    """The ordinary reply under another Content-Type, or under none.

    Why: some clients refuse JSON that is labelled as text, others guess. Either is fine as long as
    it does not end in a crash or a lost task.
    """

    type: str = option(field_text(), "the media type; empty: no such field", "text/plain")

    def rewrite(self, script: Script, scene: Scene) -> Script:
        """The reply with its label changed."""
        fields = ((b"content-type", self.type.encode()),) if self.type else ()
        return with_fields(script, fields, dropped=(b"content-type",))
