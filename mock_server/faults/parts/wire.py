"""Cuts and changes to scripts: where content ends, what a head says, what follows."""

from http import HTTPStatus

from mock_server.core.script import Chunk, Head, Headers, Script, Step, Wait, content_of, head_of

# For ever, as far as any client is concerned: more than thirty years of the session's clock.
FOR_EVER = Wait(1e9)


def cut_place(script: Script, at: int | None, share: float | None) -> int:
    """How many content bytes come before a cut: ``at``, or a share (None: half) of them.

    At least the last byte stays behind the cut, or nothing would be missing.
    """
    size = len(content_of(script))
    wanted = int(size * (0.5 if share is None else share)) if at is None else at
    return max(0, min(wanted, size - 1))


def split(script: Script, at: int) -> tuple[Script, Script]:
    """The script up to its first ``at`` content bytes, and what comes after them."""
    before: list[Step] = []
    left = at
    for place, step in enumerate(script):
        if isinstance(step, Chunk):
            if len(step.data) > left:
                rest = (Chunk(step.data[left:]), *script[place + 1 :])
                return (*before, Chunk(step.data[:left])), rest
            left -= len(step.data)
        before.append(step)
    return tuple(before), ()


def phrase_of(status: int) -> str:
    """The words that RFC 9110 has for a status code, or the code where it has none."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return f"Status {status}"


def head_text(script: Script) -> bytes:
    """Status line and header fields of the script's reply, or of a plain one, without an end."""
    plain = Head(200, ((b"content-type", b"application/json"),))
    head = head_of(script) or plain
    lines = [f"HTTP/1.1 {head.status} {phrase_of(head.status)}".encode()]
    lines.extend(name + b": " + value for name, value in head.headers)
    return b"\r\n".join(lines)


def with_status(script: Script, status: int) -> Script:
    """The script with another status code in its head."""
    return tuple(Head(status, s.headers) if isinstance(s, Head) else s for s in script)


def with_fields(script: Script, fields: Headers, dropped: tuple[bytes, ...] = ()) -> Script:
    """The script with these header fields in place of those of the same names."""
    gone = {*dropped, *(name for name, _ in fields)}
    return tuple(
        Head(step.status, (*(one for one in step.headers if one[0] not in gone), *fields))
        if isinstance(step, Head)
        else step
        for step in script
    )


def with_content(script: Script, content: bytes) -> Script:
    """The script with other content, its length announced, where its first content stood.

    A reply that must have none (204, 304) stays as it is.
    """
    head = head_of(script)
    if head is not None and head.status in (204, 304):
        return script
    steps: list[Step] = []
    is_placed = False
    for step in script:
        if not isinstance(step, Chunk):
            steps.append(step)
        elif not is_placed:
            steps.append(Chunk(content))
            is_placed = True
    return with_fields(tuple(steps), ((b"content-length", b"%d" % len(content)),))
