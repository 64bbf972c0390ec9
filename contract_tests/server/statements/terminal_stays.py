"""TAS-06: a task that has ended does not change any more."""

from collections.abc import Iterable

from contract_tests.finding import Words
from contract_tests.server.claim import Compare, Ended, Status
from contract_tests.server.conversation import Path
from contract_tests.server.promises import Promises
from contract_tests.server.seen import Seen
from contract_tests.server.statement import Breach, Known, Statement
from mock_server.loading.yaml_document import json_path

# URLs are left out: a server may sign them anew each time.
_PATHS: tuple[Path, ...] = (
    ("status",),
    ("progress",),
    ("completed_at",),
    ("expires_at",),
    ("error",),
)


class TerminalStays(Statement):
    """After the end, every reading tells the same end."""

    id = "terminal-stays"
    number = "TAS-06"
    title = "A task that has ended does not change any more"
    group = "Tasks"
    why = "Clients stop asking at the end. What comes later, nobody sees."
    mend = (
        "Let nothing write to a task that has ended: not a late worker, not a retry.",
        "A task that failed and is tried again inside has not failed yet.",
    )
    idle = "no task was read after its end"

    def source(self, promises: Promises) -> str:
        return promises.source("words")

    def look(self, call: Seen, known: Known) -> Iterable[Breach] | None:
        task = known.log.task_of(call) if call.operation == "status" else None
        before = task.before(call) if task is not None and call.is_accepted else None
        words = known.promises.end_words
        if before is None or before.value("status") not in words or call.members is None:
            return None
        return [
            _breach(call, before, path, words)
            for path in _PATHS
            if call.value(*path) != before.value(*path)
        ][:1]


def _breach(call: Seen, before: Seen, path: Path, words: tuple[str, ...]) -> Breach:
    claim = Compare(call.number, path, "==", before.number, path)
    given = (Ended(before.number, words), Status(call.number, (200,)))
    place = json_path(path)
    expected = Words("{place}: {value}, as at its end", _facts(place, before, path))
    return Breach(expected, Words("{value}", _facts(place, call, path)), (claim,), given, place)


def _facts(place: str, call: Seen, path: Path) -> dict[str, object]:
    return {"place": place, "value": call.value(*path)}
