"""What the scripts tell of a breach, and what they have to know of the profile."""

from dataclasses import dataclass
from typing import Self

from contract_tests.server.promises import Promises
from contract_tests.server.statement import Breach, Statement
from contract_tests.server.venue import UNKNOWN_KEY

_LONGEST = 160


@dataclass(frozen=True, slots=True)
class Facts:
    """``id`` to ``source`` are for people; the rest is how tasks are waited for.

    ``end_words`` are the status words of tasks that have ended, ``poll_seconds`` the time between
    two readings and ``patience`` how long to wait for an end.
    """

    id: str
    number: str
    title: str
    why: str
    source: str
    expected: str
    seen: str
    end_words: tuple[str, ...]
    poll_seconds: float
    patience: float
    unknown_key: str = UNKNOWN_KEY

    @classmethod
    def of(
        cls, statement: Statement, breach: Breach, promises: Promises, poll_seconds: float
    ) -> Self:
        """Those of a breach."""
        return cls(
            statement.id,
            statement.number,
            statement.title,
            statement.why,
            _one_line(statement.source(promises)),
            _one_line(str(breach.expected)),
            _one_line(str(breach.seen)),
            promises.end_words,
            poll_seconds,
            promises.contract.polling.max_wait,
        )


def _one_line(text: str) -> str:
    line = " ".join(text.split()).encode("ascii", "backslashreplace").decode()
    # A backslash may mean something where this is written to.
    line = line.replace("\\", "/")
    return line if len(line) <= _LONGEST else line[: _LONGEST - 3] + "..."
