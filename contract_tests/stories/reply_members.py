"""Where a profile's replies about tasks say what, in the notation of faults."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Self

from mock_server.core.contract import Contract


@dataclass(frozen=True, slots=True)
class ReplyMembers:
    """Paths into the reply about a task: ``result.data`` for the list of its results."""

    id: str
    status: str
    progress: str
    results: str
    url: str

    @classmethod
    def of(cls, contract: Contract) -> Self:
        """Those of a profile: where its template has the facts."""
        replies = contract.document["replies"]
        assert isinstance(replies, Mapping)
        places = {fact: path for path, fact in _places(replies["task"], "")}
        results = places["results"]
        return cls(places["id"], places["status"], places["progress"], results, f"{results}.0.url")


def _places(template: object, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(template, str) and template.startswith("$"):
        yield path, template[1:]
    elif isinstance(template, Mapping) and "$each" in template:
        yield path, str(template["$each"])
    elif isinstance(template, Mapping):
        for name, value in template.items():
            yield from _places(value, f"{path}.{name}" if path else str(name))
