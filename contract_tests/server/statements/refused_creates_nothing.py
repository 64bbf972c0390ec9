"""ACT-02: what was refused was not created either."""

from collections.abc import Iterable

from contract_tests.finding import Words
from contract_tests.server.claim import Status
from contract_tests.server.promises import Promises
from contract_tests.server.seen import Seen
from contract_tests.server.statement import Breach, Known, Statement


class RefusedCreatesNothing(Statement):
    """The client's own id of a refused submit leads to no task."""

    id = "refused-creates-nothing"
    number = "ACT-02"
    title = "A submit that was refused has created nothing"
    group = "Account"
    why = "An image that is made in spite of a refusal is one that nobody will ever fetch."
    mend = (
        "Create the task as the last thing of a submit, when nothing can be refused any more.",
        "Or undo it in the same transaction.",
    )
    idle = "no refused submit had an id of the client's own"

    def source(self, promises: Promises) -> str:
        return promises.source("switches", "task_by_client_id")

    def not_promised(self, promises: Promises) -> str | None:
        return None if promises.own_id else "the profile has no way to look for such a task"

    def look(self, call: Seen, known: Known) -> Iterable[Breach] | None:
        if call.operation != "status" or call.reply is None or known.log.task_of(call):
            return None
        submit = _refused_with(call.parameters.get("id", ""), call, known)
        if submit is None:
            return None
        status = known.promises.contract.catalogue.find("task_not_found", "status").status
        if call.status in (status, 429):
            return ()
        seen = Words("{status}", {"status": call.status})
        given = (Status(submit.number, (submit.status,)),)
        claim = Status(call.number, (status,))
        return (Breach(Words("{status}", {"status": status}), seen, (claim,), given),)


def _refused_with(own: str, call: Seen, known: Known) -> Seen | None:
    found = (
        one
        for one in known.log.before(call)
        if one.operation == "submit"
        and 400 <= one.status < 500
        and one.key is call.key
        and known.log.own_id_of(one) == own
    )
    return next(found, None)
