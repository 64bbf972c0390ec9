"""RES-02: the URL of a result can be fetched, without a key, until it expires."""

from collections.abc import Iterable

from contract_tests.finding import Words
from contract_tests.server.claim import Status
from contract_tests.server.conversation import Key
from contract_tests.server.lifetimes import Age, age_of
from contract_tests.server.promises import Promises
from contract_tests.server.seen import Seen
from contract_tests.server.statement import Breach, Known, Statement


class ResultIsServed(Statement):
    """A result URL answers 200 to whoever has it."""

    id = "result-is-served"
    number = "RES-02"
    title = "The URL of a result can be fetched, without a key, until it expires"
    group = "Results"
    why = "The image was paid for; this URL is the only way to it."
    mend = (
        "Tell of a result only when its file can be read from everywhere.",
        "Let the URL itself be the permission: browsers and downloaders have no key.",
    )
    idle = "no result was fetched"

    def source(self, promises: Promises) -> str:
        return promises.route_source("result")

    def look(self, call: Seen, known: Known) -> Iterable[Breach] | None:
        result = known.log.result(call)
        if result is None or call.method != "GET" or call.key is not Key.NONE:
            return None
        if call.reply is None or call.sent("range"):
            return None
        if age_of(call, result, known.promises.contract.results.lifetime) is not Age.VALID:
            return None
        if call.status == 200:
            return ()
        seen = Words("{status}", {"status": call.status})
        given = (Status(result.poll.number, (200,)),)
        return (Breach(Words("200"), seen, (Status(call.number, (200,)),), given),)
