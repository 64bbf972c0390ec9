"""ACT-05: the list of image models has the model that the documents are about."""

from collections.abc import Iterable

from contract_tests.finding import Words
from contract_tests.server.claim import Test, Value
from contract_tests.server.promises import Promises
from contract_tests.server.seen import Seen
from contract_tests.server.statement import Breach, Known, Statement


class ModelIsListed(Statement):
    """Asked for image models, the list has the profile's default model in it."""

    id = "model-is-listed"
    number = "ACT-05"
    title = "The list of image models has the model that the documents are about"
    group = "Account"
    why = "Clients choose from the list, and tell their users that the model is not there."
    mend = (
        "List every model that a submit takes, under its type.",
        "Mind the default type: without one, text models are listed.",
    )
    idle = "the image models were not listed"

    def source(self, promises: Promises) -> str:
        return promises.route_source("models")

    def look(self, call: Seen, known: Known) -> Iterable[Breach] | None:
        if call.operation != "models" or not call.is_accepted or call.method != "GET":
            return None
        if call.arguments.get("type") != "image":
            return None
        model, rows = known.promises.contract.default_model, call.value("data")
        listed = (
            [row.get("id") for row in rows if isinstance(row, dict)]
            if isinstance(rows, list)
            else []
        )
        if model in listed:
            return ()
        claim = Value(call.number, ("data",), Test("lists", model), 200)
        seen = Words("{count} others", {"count": len(listed)})
        return (Breach(Words("{model}", {"model": model}), seen, (claim,), path="$.data"),)
