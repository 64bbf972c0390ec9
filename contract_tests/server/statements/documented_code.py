"""REP-05: every error carries the code and the type that the catalogue names."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from contract_tests.finding import Words
from contract_tests.server.claim import Test, Value
from contract_tests.server.conversation import Path
from contract_tests.server.promises import Promises
from contract_tests.server.reasons import PASSING
from contract_tests.server.seen import Seen
from contract_tests.server.statement import Breach, Known, Statement
from mock_server.core.catalogue import ErrorEntry
from mock_server.loading.yaml_document import json_path


class DocumentedCode(Statement):
    """Code and type of an error are those of what was wrong with the call."""

    id = "documented-code"
    number = "REP-05"
    title = "Every error carries the documented code and type"
    group = "Replies"
    why = "Programs tell errors apart by their codes. With a wrong one, they mend the wrong thing."
    mend = (
        "Take code and type from the catalogue's entry for what was wrong.",
        "Mind the type of the code: some endpoints send a word, others the number.",
    )
    idle = "no error with a code"

    def source(self, promises: Promises) -> str:
        return promises.source("errors", "unauthenticated")

    def look(self, call: Seen, known: Known) -> Iterable[Breach] | None:
        if call.members is None or call.status < 400 or call.method == "HEAD":
            return None
        entries = _candidates(call, known)
        if not entries:
            return None
        wanted = [_words_of(known.promises.envelope(one.envelope), one) for one in entries]
        if any(_has(call, words) for words in wanted):
            return ()
        return [_breach(call, words) for words in wanted[:1] if words]


def _candidates(call: Seen, known: Known) -> list[ErrorEntry]:
    """The entries that this refusal may be, those of the reasons that are known first."""
    entries = known.promises.entries(call.operation, call.status)
    reasons = known.opinion(call).reasons
    if not reasons:
        return list(entries)
    return [one for one in entries if one.reason in reasons | PASSING]


def _words_of(template: Mapping[str, Any], entry: ErrorEntry) -> list[tuple[Path, object]]:
    """Where an envelope shows what the entry and the profile fix, and what it shows there."""
    return list(_leaves(template, entry, ()))


def _leaves(template: Any, entry: ErrorEntry, path: Path) -> Iterator[tuple[Path, object]]:
    if isinstance(template, Mapping):
        for name, member in template.items():
            yield from _leaves(member, entry, (*path, name))
    elif template in ("$code", "$type"):
        value = entry.code if template == "$code" else entry.type
        if value is not None:
            yield path, value
    elif template and not (isinstance(template, str) and "$" in template):
        yield path, template


def _has(call: Seen, words: list[tuple[Path, object]]) -> bool:
    return all(_is_same(call.value(*path), value) for path, value in words)


def _is_same(seen: object, value: object) -> bool:
    return seen == value and type(seen) is type(value)


def _breach(call: Seen, words: list[tuple[Path, object]]) -> Breach:
    path, value = next(one for one in words if not _is_same(call.value(*one[0]), one[1]))
    place = json_path(path)
    return Breach(
        Words("{place}: {value!r}", {"place": place, "value": value}),
        Words("{seen!r}", {"seen": call.value(*path)}),
        (Value(call.number, path, Test("equals", value), call.status),),
        path=place,
    )
