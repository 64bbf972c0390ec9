"""What is said to a server, in symbols: no id, URL or key of one run stands in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeAlias

Path: TypeAlias = tuple[str | int, ...]
Fields: TypeAlias = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Ref:
    """What stands at ``path`` in the JSON of the reply to the step of that name."""

    step: str
    path: Path


@dataclass(frozen=True, slots=True)
class Once:
    """A text that no other run of the conversation has: what stands before, and something new."""

    before: str


@dataclass(frozen=True, slots=True)
class Join:
    """A text made of texts and of values from replies."""

    parts: tuple[str | Ref | Once, ...]


Symbol: TypeAlias = str | Ref | Join


class Key(Enum):
    """Whose key a call carries.

    ``NONE``: there is no Authorization field. ``UNKNOWN``: a well-formed key that nobody was given.
    ``EMPTY``: the scheme without a key. ``RAW``: whatever the call's own header fields say.
    """

    OWN = "own"
    OTHER = "other"
    NONE = "none"
    UNKNOWN = "unknown"
    EMPTY = "empty"
    RAW = "raw"


@dataclass(frozen=True, slots=True)
class JsonBody:
    """A JSON value with :class:`Ref`, :class:`Once` and :class:`Join` where symbols belong."""

    value: object


@dataclass(frozen=True, slots=True)
class RawBody:
    """Bytes as they are; ``media_type`` None sends no Content-Type."""

    content: bytes
    media_type: str | None = "application/json"


@dataclass(frozen=True, slots=True)
class FilePart:
    """A file of a form: ``content`` and, up to ``size`` bytes, zeros behind it."""

    field: str
    name: str
    media_type: str
    content: bytes
    size: int = 0

    @property
    def data(self) -> bytes:
        """The whole file."""
        return self.content.ljust(self.size, b"\0")


@dataclass(frozen=True, slots=True)
class FormBody:
    """A multipart form: texts by name, then files."""

    texts: tuple[tuple[str, str], ...] = ()
    files: tuple[FilePart, ...] = ()


Body: TypeAlias = JsonBody | RawBody | FormBody


@dataclass(frozen=True, slots=True)
class Send:
    """One call; ``name`` is how later steps refer to its reply.

    ``url`` is a path from the root of the API, or a whole URL from a reply. ``headers`` are sent
    besides Authorization and Content-Type, which follow from ``key`` and ``body``. ``is_good``
    says that a server that keeps its promises accepts the call (None: nothing is known).
    """

    name: str
    method: str
    url: Symbol
    key: Key = Key.OWN
    headers: Fields = ()
    body: Body | None = None
    is_good: bool | None = None


@dataclass(frozen=True, slots=True)
class Await:
    """The status of a task, asked for again and again until it has ended.

    ``name`` stands for the last reply; ``url`` is where the task is asked for.
    """

    name: str
    url: Symbol
    key: Key = Key.OWN


@dataclass(frozen=True, slots=True)
class Pass:
    """Time goes by, in seconds of the server's clock."""

    seconds: float


@dataclass(frozen=True, slots=True)
class RetryPause:
    """The time that the reply of that step asks to wait goes by: its Retry-After, in seconds."""

    step: str


Step: TypeAlias = Send | Await | Pass | RetryPause


@dataclass(frozen=True, slots=True)
class Conversation:
    """Steps that start from nothing.

    ``story`` is the scenario that a mock has to play for it (None: any server will do), ``title``
    what it is about. ``is_long``: it takes more time than most.
    """

    name: str
    title: str
    steps: tuple[Step, ...]
    story: Mapping[str, object] | None = None
    is_long: bool = False


_OPEN: Final = "A step refers to what no reply before it holds"


class UnknownSymbolError(LookupError):
    """A reply lacks what a later step refers to."""

    def __init__(self, ref: Ref) -> None:
        super().__init__(f"{_OPEN}: {ref.step}{ref.path}")
        self.ref = ref


def refs_in(value: object) -> Iterator[Ref]:
    """Every reference within a step, a body or any other value made of them."""
    if isinstance(value, Ref):
        yield value
    elif isinstance(value, Join):
        yield from (part for part in value.parts if isinstance(part, Ref))
    elif isinstance(value, Mapping):
        for member in value.values():
            yield from refs_in(member)
    elif isinstance(value, (list, tuple)):
        for member in value:
            yield from refs_in(member)
    elif isinstance(value, JsonBody):
        yield from refs_in(value.value)
    elif isinstance(value, Send):
        yield from refs_in(value.url)
        yield from refs_in(value.body)
    elif isinstance(value, Await):
        yield from refs_in(value.url)
    elif isinstance(value, RetryPause):
        yield Ref(value.step, ())
