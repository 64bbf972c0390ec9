"""REP-03: a field that has nothing to say is absent, never null."""

from collections.abc import Iterable, Iterator

from contract_tests.finding import Words
from contract_tests.server.claim import Test, Value
from contract_tests.server.conversation import Path
from contract_tests.server.promises import Promises
from contract_tests.server.schema_claims import status_word
from contract_tests.server.seen import Seen
from contract_tests.server.statement import Breach, Known, Statement
from mock_server.core.exchange import NO_JSON
from mock_server.loading.yaml_document import json_path


class AbsentNotNull(Statement):
    """No reply holds a null, outside of what the caller sent itself."""

    id = "absent-not-null"
    number = "REP-03"
    title = "A field that has nothing to say is absent, never null"
    group = "Replies"
    why = "Clients ask whether a field is there. A null is there, and breaks what they do with it."
    mend = (
        "Leave a field out until it has a value: completed_at of a running task, for one.",
        "Many libraries can do so for whole replies (omitempty, exclude_none).",
    )
    idle = "no reply with JSON in it"

    def source(self, promises: Promises) -> str:
        return str(promises.contract.schemas["task.reply.json"]["$comment"])

    def look(self, call: Seen, known: Known) -> Iterable[Breach] | None:
        if call.reply is None or call.reply.json is NO_JSON or call.method == "HEAD":
            return None
        return [_breach(call, path) for path in _nulls(call.reply.json, ())]


def _nulls(value: object, path: Path) -> Iterator[Path]:
    if value is None and path:
        yield path
    elif isinstance(value, dict):
        for name, member in value.items():
            # The caller's own data come back as they were.
            if (*path, name) != ("metadata",):
                yield from _nulls(member, (*path, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _nulls(item, (*path, index))


def _breach(call: Seen, path: Path) -> Breach:
    claim = Value(call.number, path, Test("absent"), call.status, status_word(call))
    place = json_path(path)
    return Breach(
        Words("{place}: absent or a value", {"place": place}), Words("null"), (claim,), path=place
    )
