"""TAS-10: the metadata of an order come back in the reply to it."""

from collections.abc import Iterable

from contract_tests.finding import Words
from contract_tests.server.claim import Test, Value
from contract_tests.server.promises import Promises
from contract_tests.server.reasons import Worth
from contract_tests.server.seen import Seen
from contract_tests.server.statement import Breach, Known, Statement
from mock_server.core.sizes import first_value


class MetadataEchoed(Statement):
    """What was sent as metadata stands in the reply to the submit, unchanged."""

    id = "metadata-echoed"
    number = "TAS-10"
    title = "The metadata of an order come back in the reply to it"
    group = "Tasks"
    why = "Callers put there what they need to know the order again."
    mend = (
        "Keep the whole object as it was sent, nested values and all.",
        "Send an empty object back where none was sent.",
    )
    idle = "no order with metadata"

    def source(self, promises: Promises) -> str:
        return promises.source("fields")

    def look(self, call: Seen, known: Known) -> Iterable[Breach] | None:
        order, path = call.order, known.promises.place_in("task", "metadata")
        if call.operation != "submit" or not call.is_accepted or not isinstance(order, dict):
            return None
        sent = first_value(order, known.promises.contract.fields.metadata)
        if path is None or not isinstance(sent, dict) or not sent:
            return None
        if known.opinion(call).worth is not Worth.GOOD:
            return None
        if call.value(*path) == sent:
            return ()
        claim = Value(call.number, path, Test("equals", sent), 200)
        expected = Words("{sent}", {"sent": str(sent)[:200]})
        seen = Words("{value}", {"value": str(call.value(*path))[:200]})
        return (Breach(expected, seen, (claim,), path="$.metadata"),)
