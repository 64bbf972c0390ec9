"""What of a profile clients are held to."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

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
    """

    profile: str
    words: Words
    fields: FieldNames
    routes: Routes
    default_model: str
    explain: Explain
    models: dict[str, Explain]
    idempotency_field: str | None = None

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
        )
