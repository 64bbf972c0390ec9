"""Claims: what must hold of the replies in a conversation, as values that scripts are made of."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Self, TypeAlias

from contract_tests.server.conversation import Key, Path

# The number of a call, or the name of a step once the claim stands in a conversation.
At: TypeAlias = int | str
_PLACES = ("on", "other", "base")


@dataclass(frozen=True, slots=True)
class Test:
    """What a JSON value or a header field is held to.

    ``kind`` is ``present``, ``absent``, ``type``, ``equals``, ``one_of``, ``at_least``,
    ``at_most``, ``longest``, ``shortest`` (characters of a text, items of a list), ``matches`` (a
    regular expression), ``lists`` (a list of objects, one of which has this id) or ``json`` (it is
    JSON at all).
    """

    __test__ = False  # not one of pytest's

    kind: str
    value: object = None


@dataclass(frozen=True, slots=True)
class Claim:
    """Something that must hold; the fields ``on`` and ``other`` say of which replies."""

    on: At

    def renamed(self, name: Callable[[At], At]) -> Self:
        """The same claim about steps by other names."""
        changes = {
            one.name: name(getattr(self, one.name)) for one in fields(self) if one.name in _PLACES
        }
        return replace(self, **changes)

    @property
    def about(self) -> tuple[At, ...]:
        """The replies that it speaks of."""
        found = (getattr(self, one.name) for one in fields(self) if one.name in _PLACES)
        return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class Status(Claim):
    """The reply's status, the last one's of an :class:`Await`, is one of these."""

    codes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Media(Claim):
    """The content is of one of these types."""

    types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Field(Claim):
    """A header field of the reply (name in small letters) passes a test."""

    name: str
    test: Test


@dataclass(frozen=True, slots=True)
class Value(Claim):
    """What stands at a path of the reply's JSON passes a test.

    Only replies with the HTTP status ``code`` are looked at and, with ``status_word``, only those
    whose task has that status. Of an :class:`Await`, all replies are.
    """

    path: Path
    test: Test
    code: int
    status_word: str | None = None


@dataclass(frozen=True, slots=True)
class Compare(Claim):
    """Two values: ``on.path`` relates to ``other.other_path + plus`` as ``relation`` says.

    ``relation`` is ``==``, ``!=``, ``>=``, ``<=`` or ``>``. With ``order``, the values are words
    and their places in it are compared. What is absent equals what is absent. Of an
    :class:`Await`, all replies are looked at that have such a value; ``but`` is a status word with
    which the comparison means nothing.
    """

    path: Path
    relation: str
    other: At
    other_path: Path
    plus: float = 0
    order: tuple[str, ...] = ()
    but: str | None = None


@dataclass(frozen=True, slots=True)
class Rising(Claim):
    """Over all replies of an :class:`Await`, what stands at a path never falls.

    With ``order``, the values are words and their places in it are compared; ``but`` is a status
    word with which the value begins anew.
    """

    path: Path
    order: tuple[str, ...] = ()
    but: str | None = None


@dataclass(frozen=True, slots=True)
class Echoed(Claim):
    """What stands at ``path`` is what ``other`` sent at ``sent`` in its JSON body."""

    path: Path
    other: At
    sent: Path


@dataclass(frozen=True, slots=True)
class Growth(Claim):
    """A number at ``path`` grew from one reply to the next.

    From ``other`` to ``on`` it grew ``factor`` times as much as from ``base`` to ``other``.
    """

    other: At
    base: At
    path: Path
    factor: float


@dataclass(frozen=True, slots=True)
class Ended(Claim):
    """The last reply tells of a task whose status is one of these words."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Secret(Claim):
    """The reply does not hold the key that the call carried."""

    key: Key


@dataclass(frozen=True, slots=True)
class SentBytes(Claim):
    """The reply's content is what the form of another step sent as its first file."""

    other: At


@dataclass(frozen=True, slots=True)
class SameField(Claim):
    """Two replies have the same value in a header field, or both lack it."""

    other: At
    name: str


@dataclass(frozen=True, slots=True)
class FieldStep(Claim):
    """The number in a header field is by ``plus`` more than that in another reply."""

    other: At
    name: str
    plus: int


@dataclass(frozen=True, slots=True)
class SameStatus(Claim):
    """Two replies have the same status."""

    other: At


@dataclass(frozen=True, slots=True)
class Picture(Claim):
    """The content is an image whose sides relate as ``across`` to ``down``, give or take 2 %."""

    across: int
    down: int
