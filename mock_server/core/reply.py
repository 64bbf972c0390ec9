"""What the work answers, before it becomes a script: a status, fields and content."""

from dataclasses import dataclass

from mock_server.core.call import Call
from mock_server.core.contract import Contract
from mock_server.core.ids import digest
from mock_server.core.lifecycle import Phase
from mock_server.core.refusal import Refusal
from mock_server.core.script import Chunk, Head, Headers, Script
from mock_server.core.task import Task

JSON = b"application/json"


@dataclass(frozen=True, slots=True)
class Reply:
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


def refused(
    contract: Contract, operation: str, refusal: Refusal, call: Call, message: str | None = None
) -> Reply:
    """The reply to a call that was turned down, in the envelope of its operation.

    ``message`` replaces the catalogue's. Raises KeyError for a reason that the profile lacks.
    """
    entry = contract.catalogue.find(refusal.reason, operation)
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
    content = contract.encode(contract.envelopes[entry.envelope](facts))
    return Reply(entry.status, content, headers=refusal.headers)


def script_of(reply: Reply, extra: Headers, with_content: bool) -> Script:
    """The orderly script of a reply; without content for HEAD, its length announced all the same."""
    if reply.status in (204, 304):
        return (Head(reply.status, (*reply.headers, *extra)), Chunk(b""))
    headers = (
        (b"content-type", reply.media_type),
        (b"content-length", b"%d" % len(reply.content)),
        *reply.headers,
        *extra,
    )
    return (Head(reply.status, headers), Chunk(reply.content if with_content else b""))
