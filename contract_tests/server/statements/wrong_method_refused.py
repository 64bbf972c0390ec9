"""REQ-05: a method that a path does not have is refused, and those that it has are named."""

from collections.abc import Iterable, Iterator

from contract_tests.finding import Words
from contract_tests.server.claim import Field, Status, Test
from contract_tests.server.promises import Promises
from contract_tests.server.seen import NOWHERE, Seen
from contract_tests.server.statement import Breach, Known, Statement

# OPTIONS is a question of browsers, CONNECT and TRACE are for proxies.
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


class WrongMethodRefused(Statement):
    """Calls with another method get the documented error and a true Allow field."""

    id = "wrong-method-refused"
    number = "REQ-05"
    title = "A method that a path does not have is refused, and Allow names those that it has"
    group = "Requests"
    why = "A client that sends GET where POST belongs learns it from Allow, and from nothing else."
    mend = (
        "Answer other methods of a known path with the documented status.",
        "Name in Allow exactly the methods of that path.",
    )
    idle = "no call with a method that its path does not have"

    def source(self, promises: Promises) -> str:
        return f"{promises.source('errors', 'method_not_allowed')}; Allow: RFC 9110, 15.5.6"

    def look(self, call: Seen, known: Known) -> Iterable[Breach] | None:
        methods = known.promises.contract.routes.methods(call.path)
        is_wrong = call.operation == NOWHERE and methods and call.method in _METHODS
        if not is_wrong or call.reply is None:
            return None
        return list(_breaches(call, methods, known.promises))


def _breaches(call: Seen, methods: tuple[str, ...], promises: Promises) -> Iterator[Breach]:
    status = promises.contract.catalogue.find("method_not_allowed", NOWHERE).status
    if call.status != status:
        expected = Words("{status}", {"status": status})
        seen = Words("{status}", {"status": call.status})
        yield Breach(expected, seen, (Status(call.number, (status,)),))
        return
    allow = call.reply.header("allow") if call.reply else None
    named = {one.strip().upper() for one in (allow or "").split(",")}
    if status == 405 and named - {"OPTIONS"} != set(methods):
        # In any order, with HEAD and OPTIONS or without: what counts is that all are named.
        pattern = "".join(rf"(?=.*\b{method}\b)" for method in methods if method != "HEAD")
        others = "|".join(sorted({*_METHODS} - set(methods)))
        test = Test("matches", rf"^{pattern}(?!.*\b(?:{others})\b)")
        expected = Words("Allow: {methods}", {"methods": ", ".join(methods)})
        seen = Words("{allow}", {"allow": allow or "no Allow"})
        yield Breach(
            expected, seen, (Field(call.number, "allow", test),), (Status(call.number, (status,)),)
        )
