"""REQ-07: pages of other origins may call the API, as the profile says."""

from collections.abc import Iterable, Iterator

from contract_tests.finding import Words
from contract_tests.server.claim import Field, Status, Test
from contract_tests.server.promises import Promises
from contract_tests.server.seen import NOWHERE, Seen
from contract_tests.server.statement import Breach, Known, Statement


class BrowsersMayCall(Statement):
    """Replies to pages of other origins allow them to be read, and preflights are answered."""

    id = "browsers-may-call"
    number = "REQ-07"
    title = "Pages of other origins may call the API"
    group = "Requests"
    grade = "SHOULD"
    why = "Without the header field, a browser throws the reply away and tells the page nothing."
    mend = (
        "Send Access-Control-Allow-Origin with every reply of these routes, errors included.",
        "Answer OPTIONS with the allowed methods and Authorization among the allowed fields.",
    )
    idle = "no call with an Origin field"

    def source(self, promises: Promises) -> str:
        return promises.route_source("submit")

    def look(self, call: Seen, known: Known) -> Iterable[Breach] | None:
        origin = call.sent("origin")
        routes = known.promises.contract.routes
        if origin is None or call.reply is None or not routes.allows_cors(call.path):
            return None
        if call.operation == NOWHERE and call.method != "OPTIONS":
            return None
        if call.match is not None and not call.match.route.cors:
            return None
        return list(_breaches(call, origin))


def _breaches(call: Seen, origin: str) -> Iterator[Breach]:
    assert call.reply is not None
    if call.method == "OPTIONS" and not call.is_accepted:
        seen = Words("{status}", {"status": call.status})
        yield Breach(Words("a preflight: 200 or 204"), seen, (Status(call.number, (200, 204)),))
        return
    allowed = call.reply.header("access-control-allow-origin")
    if allowed not in ("*", origin):
        test = Test("one_of", ("*", origin))
        yield _breach(call, "access-control-allow-origin", allowed, test)
    wanted = call.sent("access-control-request-method")
    if call.method == "OPTIONS" and wanted is not None:
        methods = call.reply.header("access-control-allow-methods")
        if methods is None or (wanted not in methods and "*" not in methods):
            test = Test("matches", rf"\b{wanted}\b|\*")
            yield _breach(call, "access-control-allow-methods", methods, test)


def _breach(call: Seen, name: str, value: str | None, test: Test) -> Breach:
    expected = Words("{name}: {value}", {"name": name, "value": test.value})
    seen = Words("{value}", {"value": value or "no such field"})
    return Breach(expected, seen, (Field(call.number, name, test),))
