"""What the work answers, before it becomes a script: a status, fields and content."""

from functools import lru_cache
from typing import NamedTuple

from mock_server.core.call import Call
from mock_server.core.catalogue import ErrorEntry
from mock_server.core.contract import Contract
from mock_server.core.ids import digest
from mock_server.core.lifecycle import Phase
from mock_server.core.masking import masked, presented
from mock_server.core.refusal import Refusal
from mock_server.core.script import Chunk, Head, Headers, Script
from mock_server.core.task import Task

JSON = b"application/json"
_JSON_FIELD = (b"content-type", JSON)


class Reply(NamedTuple):
    """A reply that a correct server gives.

    ``task`` is the one it is about and ``phase`` what it says of it; ``created`` says that the call
    created something.
    """

    status: int
    content: bytes = b""
    media_type: bytes = JSON
    headers: Headers = ()
    task: Task | None = None
    phase: Phase | None = None
    created: bool = False


def refused(contract: Contract, operation: str, refusal: Refusal, call: Call) -> Reply:
    """The reply to a call that was turned down, in the envelope of its operation.

    Raises KeyError for a reason that the profile lacks.
    """
    entry = contract.catalogue.find(refusal.reason, operation)
    return error_reply(contract, entry, refusal, call)


def error_reply(
    contract: Contract, entry: ErrorEntry, refusal: Refusal, call: Call, message: str | None = None
) -> Reply:
    """The reply that an entry of the catalogue describes; ``message`` replaces its own."""
    facts = {
        "param": refusal.problems[0].field if refusal.problems else None,
        "method": call.method,
        "path": call.path,
        "request_id": digest("request", call.base, call.number, size=12).hex(),
        **refusal.facts,
        "code": entry.code,
        "type": entry.type,
    }
    facts["message"] = entry.message(facts) if message is None else message
    # An error repeats what was sent, a key in a path for one.
    content = contract.encode(contract.envelopes[entry.envelope](facts))
    return Reply(entry.status, masked(content, presented(call.headers)), headers=refusal.headers)


# The journal keeps a great many replies; what is equal in them is kept once.
@lru_cache(maxsize=4096)
def _length_field(size: int) -> tuple[bytes, bytes]:
    return (b"content-length", b"%d" % size)


def script_of(reply: Reply, extra: Headers, method: str) -> Script:
    """The orderly script of a reply; for HEAD without the content whose length it announces."""
    status, content, headers = reply.status, reply.content, reply.headers
    if status in (204, 304):
        return (Head(status, (*headers, *extra)), Chunk(b""))
    kind = (b"content-type", reply.media_type) if reply.media_type is not JSON else _JSON_FIELD
    head = Head(status, (kind, _length_field(len(content)), *headers, *extra))
    return (head, Chunk(b"" if method == "HEAD" else content))
