"""Why a call is turned down, before the profile gives it the vendor's words."""

from collections.abc import Mapping
from dataclasses import dataclass

from mock_server.core.script import Headers


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a request body.

    ``path`` leads to it (``("image_urls", 0)``), ``keyword`` is the JSON Schema keyword that
    failed, ``message`` is for the caller.
    """

    path: tuple[str | int, ...]
    keyword: str
    message: str

    @property
    def field(self) -> str:
        """The name that the vendor's ``param`` carries: dotted where the field is nested."""
        return ".".join(part for part in self.path if isinstance(part, str))


class Refusal(Exception):
    """A call turned down for a reason of the profile's error catalogue.

    ``facts`` fill the placeholders of its message; ``problems`` are all that was found wrong with
    the body; ``headers`` are added to the reply.
    """

    def __init__(
        self,
        reason: str,
        facts: Mapping[str, object] | None = None,
        problems: tuple[Problem, ...] = (),
        headers: Headers = (),
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.facts = facts or {}
        self.problems = problems
        self.headers = headers
