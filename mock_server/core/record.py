"""From a call and its script to the journal entry that tells of them."""

import json

from mock_server.core.call import Call, Form
from mock_server.core.journal import CONTENT_BYTES, Entry
from mock_server.core.masking import masked, presented
from mock_server.core.reply import Reply
from mock_server.core.script import Chunk, Script, Step, content_of
from mock_server.core.strikes import Strike
from mock_server.core.world import World

_ENTRY_BYTES = 1_500
_FILES = frozenset({"result", "uploaded_file"})


def entry_of(
    world: World,
    call: Call,
    operation: str,
    strike: Strike | None,
    reply: Reply | None,
    script: Script,
    now: float,
) -> Entry:
    """The entry of one call; what is longer than the journal keeps is cut, files are left out."""
    size, digest = len(call.body), None
    if size > CONTENT_BYTES or call.form is not None or call.picture is not None:
        digest = call.digest()
        call = _slim(call, world.secrets)
    most = 0 if operation in _FILES else CONTENT_BYTES
    script, content_size, kept = _slim_script(script, most, world, call)
    return Entry(
        now,
        operation,
        None if reply is None or reply.task is None else reply.task.id,
        None if reply is None or reply.phase is None else reply.phase.value,
        reply is not None and reply.created,
        None if strike is None else strike.text,
        None if strike is None else strike.moment,
        world.secrets,
        call,
        script,
        size,
        digest,
        content_size,
        _ENTRY_BYTES + call.head_bytes + len(call.path) + len(call.query) + len(call.body) + kept,
    )


def _slim(call: Call, secrets: tuple[str, ...]) -> Call:
    """The call without files and pictures, its body cut (behind its keys, never through one)."""
    body = call.body if call.form is None else _form_text(call.form)
    body = masked(body, (*secrets, *presented(call.headers)))
    return call._replace(body=body[:CONTENT_BYTES], form=None, picture=None)


def _slim_script(script: Script, most: int, world: World, call: Call) -> tuple[Script, int, int]:
    """The script as it is kept, the size of its content, and how much of that is kept."""
    if len(script) == 2 and isinstance(script[1], Chunk):
        size = len(script[1].data)
    else:
        size = len(content_of(script))
    if size <= most:
        return script, size, size
    # Keys go before the cut, which must not go through one.
    secrets = (*world.secrets, *presented(call.headers))
    return _cut(script, most, secrets), size, most


def _cut(script: Script, most: int, secrets: tuple[str, ...]) -> Script:
    """The script with so many bytes of its content; all other steps stay."""
    steps: list[Step] = []
    left = most
    for step in script:
        if isinstance(step, Chunk):
            data = masked(step.data, secrets)[:left]
            left -= len(data)
            steps.append(Chunk(data))
        else:
            steps.append(step)
    return tuple(steps)


def _form_text(form: Form) -> bytes:
    shown = {
        "fields": [list(field) for field in form.fields],
        "files": [[part.field, part.filename, len(part.data)] for part in form.files],
        "broken": form.broken,
    }
    return json.dumps(shown, ensure_ascii=True).encode()
