"""The ledger of a session as dataclasses."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the account: ``credits`` positive for what was taken, negative for what came back.

    ``about`` is the task's id or the path of a text endpoint.
    """

    at: float
    owner: str
    about: str
    credits: float
    images: int
    tokens: int


@dataclass(frozen=True, slots=True)
class Account:
    """All lines of one kind: how many, their sums, and the latest of them, newest last."""

    count: int
    credits: float
    images: int
    tokens: int
    latest: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class User:
    """Whose account it is (``key`` masked), what was granted, spent and is left, in credits."""

    owner: str
    key: str | None
    granted: float
    spent: float
    balance: float


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Tasks of one user that were ordered with the same body, each of them paid for."""

    owner: str
    digest: str
    tasks: tuple[str, ...]
    credits: float


@dataclass(frozen=True, slots=True)
class Ledger:
    """What was charged and what was given back in a session.

    ``duplicated`` is how many bodies were ordered more than once; ``duplicates`` tells of them.
    """

    charges: Account
    refunds: Account
    tokens: Account
    users: tuple[User, ...]
    duplicates: tuple[Duplicate, ...]
    duplicated: int
