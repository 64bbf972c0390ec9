"""From a call and its script to the journal entry that tells of them."""

import json

from mock_server.core.call import Call, Form
from mock_server.core.journal import CONTENT_BYTES, Entry
from mock_server.core.reply import Reply
from mock_server.core.script import Chunk, Head, Script, content_of, head_of
from mock_server.core.strikes import Strike
from mock_server.core.world import World


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
    head = head_of(script)
    content = _content(script)
    sent = call.body if call.form is None else _form_text(call.form)
    return Entry(
        number=call.number,
        at=now,
        operation=operation,
        method=call.method,
        status=head.status if head else None,
        reply_headers=head.headers if head else (),
        content=content if len(content) <= CONTENT_BYTES else content[:CONTENT_BYTES],
        content_size=len(content),
        task=reply.task.id if reply and reply.task else None,
        phase=reply.phase.value if reply and reply.phase else None,
        fault=strike.text if strike else None,
        moment=strike.moment if strike else None,
        created=reply is not None and reply.created,
        connection=call.connection,
        body_size=len(sent),
        body_digest=call.digest(),
        steps=() if strike is None else tuple(type(step).__name__ for step in script),
        sent_path=call.path,
        sent_query=call.query,
        sent_headers=call.headers,
        sent_body=sent if len(sent) <= CONTENT_BYTES else sent[:CONTENT_BYTES],
        secrets=world.secrets,
    )


def _content(script: Script) -> bytes:
    # Nearly every script is a head and one chunk; a picture is not worth keeping.
    if len(script) == 2 and isinstance(script[1], Chunk):
        return b"" if _is_image(script[0]) else script[1].data
    return b"" if _is_image(head_of(script)) else content_of(script)


def _is_image(head: object) -> bool:
    return isinstance(head, Head) and head.headers[:1] != () and head.headers[0][1][:6] == b"image/"


def _form_text(form: Form) -> bytes:
    shown = {
        "fields": [list(field) for field in form.fields],
        "files": [[part.field, part.filename, len(part.data)] for part in form.files],
        "broken": form.broken,
    }
    return json.dumps(shown, ensure_ascii=True).encode()
