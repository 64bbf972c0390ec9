"""Replies that faults make up: the vendor's errors, and content that no vendor would send."""

from contextlib import suppress

from mock_server.core.fault import Scene
from mock_server.core.script import Chunk, Head, Headers, Script
from mock_server.faults.parts.wire import with_status

_OF_CONTENT = frozenset({b"content-type", b"content-length"})


def vendor_error(
    scene: Scene, code: int | None, reason: str | None = None, message: str | None = None
) -> Script:
    """An error in the vendor's words and envelope: that of the reason, else of the status code.

    A reason that the profile lacks becomes an error of that status, or of the server.
    """
    if reason is not None:
        with suppress(KeyError):
            script = scene.error(reason, message)
            return script if code is None else with_status(script, code)
    return scene.error(code or 500, message)


def reply(scene: Scene, status: int, content: bytes, fields: Headers) -> Script:
    """A reply with this content and, beside these fields, those that every reply here carries."""
    shared = tuple(
        field
        for step in scene.error(500, None)
        if isinstance(step, Head)
        for field in step.headers
        if field[0] not in _OF_CONTENT
    )
    length = (b"content-length", b"%d" % len(content))
    return (Head(status, (*fields, length, *shared)), Chunk(content))
