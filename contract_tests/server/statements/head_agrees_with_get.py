"""REP-08: HEAD is answered as GET is, without the content."""

from collections.abc import Iterable, Iterator

from contract_tests.finding import Words
from contract_tests.server.claim import Claim, SameField, SameStatus
from contract_tests.server.promises import Promises
from contract_tests.server.seen import Seen
from contract_tests.server.statement import Breach, Known, Statement

_FIELDS = ("content-type", "content-length", "etag")


class HeadAgreesWithGet(Statement):
    """HEAD right after GET has the same status and the same header fields."""

    id = "head-agrees-with-get"
    number = "REP-08"
    title = "HEAD is answered as GET is, without the content"
    group = "Replies"
    why = "Downloaders ask with HEAD how large a file is and whether it is there, and believe it."
    mend = (
        "Let HEAD run the code of GET, and leave only the content out.",
        "Content-Length is the length that GET would send, not 0.",
    )
    idle = "no HEAD right after a GET of the same"

    def source(self, promises: Promises) -> str:
        return "RFC 9110, 9.3.2"

    def look(self, call: Seen, known: Known) -> Iterable[Breach] | None:
        got = _get_before(call, known)
        if got is None or call.reply is None or got.reply is None:
            return None
        return list(_differences(call, got))


def _get_before(call: Seen, known: Known) -> Seen | None:
    if call.method != "HEAD":
        return None
    earlier = next(known.log.before(call), None)
    is_same = earlier is not None and earlier.method == "GET" and earlier.url == call.url
    return earlier if is_same and earlier is not None and earlier.key is call.key else None


def _differences(call: Seen, got: Seen) -> Iterator[Breach]:
    assert call.reply is not None
    assert got.reply is not None
    if call.status != got.status:
        yield _breach("status", got.status, call.status, SameStatus(call.number, got.number))
        return
    for name in _FIELDS:
        expected, seen = got.reply.header(name), call.reply.header(name)
        if expected != seen and not (name == "content-length" and seen is None):
            yield _breach(name, expected, seen, SameField(call.number, got.number, name))


def _breach(what: str, expected: object, seen: object, claim: Claim) -> Breach:
    facts = {"what": what, "value": expected}
    return Breach(
        Words("{what}: {value}, as for GET", facts), Words("{seen}", {"seen": seen}), (claim,)
    )
