"""Two readings of a balance, and what happened between them."""

from dataclasses import dataclass

from contract_tests.server.conversation import Path
from contract_tests.server.log import TaskRecord
from contract_tests.server.reasons import BAD_KEYS
from contract_tests.server.seen import Seen
from contract_tests.server.statement import Known


@dataclass(frozen=True, slots=True)
class Span:
    """Two readings of one account's balance, one after the other.

    ``refused`` and ``accepted`` are the submits between them, ``spent`` is by how much the used
    credits grew. ``others`` says that something else may have moved the balance meanwhile.
    """

    first: Seen
    second: Seen
    refused: tuple[Seen, ...]
    accepted: tuple[TaskRecord, ...]
    spent: float
    others: bool
    path: Path


def span_of(call: Seen, known: Known) -> Span | None:
    """The span that ends with this call; None if it is no second reading of a balance."""
    path = known.promises.place_in("balance", "used_credits")
    if call.operation != "balance" or not call.is_accepted or path is None:
        return None
    between: list[Seen] = []
    for earlier in known.log.before(call):
        is_same = earlier.operation == "balance" and earlier.key is call.key
        if is_same and earlier.is_accepted and earlier.method == "GET":
            return _span(earlier, call, between[::-1], path, known)
        between.append(earlier)
    return None


def _span(first: Seen, second: Seen, between: list[Seen], path: Path, known: Known) -> Span | None:
    was, now = first.value(*path), second.value(*path)
    if not isinstance(was, (int, float)) or not isinstance(now, (int, float)):
        return None
    submits = [one for one in between if one.operation == "submit" and one.key is second.key]
    accepted = [known.log.task(one.place, one.value("id")) for one in submits if one.is_accepted]
    return Span(
        first,
        second,
        tuple(one for one in submits if 400 <= one.status < 500),
        tuple(task for task in accepted if task is not None),
        now - was,
        any(one.operation == "text" and one.key not in BAD_KEYS for one in between)
        or any(one.status >= 500 or one.status == 0 for one in submits)
        or any(_may_move(task, first, known) for task in known.log.tasks),
        path,
    )


def _may_move(task: TaskRecord, since: Seen, known: Known) -> bool:
    """Whether a task from before may have ended since, and given its price back."""
    if task.place != since.place or task.submit.number > since.number:
        return False
    told = [one for one in (task.submit, *task.polls) if one.number < since.number]
    return told[-1].value("status") not in known.promises.end_words
