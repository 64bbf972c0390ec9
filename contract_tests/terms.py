"""What of a profile clients are held to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Self

from contract_tests.reply_shape import USUAL, ReplyShape
from mock_server.core.catalogue import Catalogue
from mock_server.core.contract import Contract, FieldNames, Words
from mock_server.core.refusal import Problem
from mock_server.core.routes import Routes

# Says everything that is wrong with a request body (a JSON value).
Explain = Callable[[object], tuple[Problem, ...]]


@dataclass(frozen=True, slots=True)
class Terms:
    """The parts of a contract that rules read; polling and backoff are in the calls themselves.

    ``explain`` is that of the default model, ``models`` has those of all. ``idempotency_field`` is
    the header field with which an order may be sent again (None: the vendor documents none).
    ``task_members`` are the names that a reply about a task is documented to have at its top level.
    ``harmless`` has status and code of each error that promises that no task was made.
    ``size_field`` is where a request for the default model says its size.
    ``replies`` says where replies say what.
    """

    profile: str
    words: Words
    fields: FieldNames
    routes: Routes
    default_model: str
    explain: Explain
    models: dict[str, Explain]
    idempotency_field: str | None = None
    task_members: frozenset[str] = frozenset()
    harmless: frozenset[tuple[int, str | int | None]] = frozenset()
    size_field: str = "size"
    replies: ReplyShape = USUAL

    @classmethod
    def of(cls, contract: Contract) -> Self:
        """Those of a profile's contract."""
        explain = {name: model.explain for name, model in contract.models.items()}
        return cls(
            contract.name,
            contract.words,
            contract.fields,
            contract.routes,
            contract.default_model,
            explain[contract.default_model],
            explain,
            task_members=_members(contract.schemas.get("task.reply.json", {})),
            harmless=_harmless(contract.catalogue),
            size_field=contract.models[contract.default_model].aspect.field,
            replies=ReplyShape.of(contract),
        )


def _members(schema: Mapping[str, object]) -> frozenset[str]:
    members = schema.get("properties")
    return frozenset(members) if isinstance(members, Mapping) else frozenset()


def _harmless(catalogue: Catalogue) -> frozenset[tuple[int, str | int | None]]:
    """The limiter fails before anything is made; no other error of the profile promises that."""
    reason = "limiter_unavailable"
    if reason not in catalogue.entries:
        return frozenset()
    entry = catalogue.find(reason, "submit")
    return frozenset({(entry.status, entry.code)})
