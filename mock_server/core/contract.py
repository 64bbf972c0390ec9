"""A profile as values: what the vendor promises, ready for the engine."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from mock_server.core.catalogue import Catalogue
from mock_server.core.lifecycle import Phase
from mock_server.core.refusal import Problem
from mock_server.core.routes import Routes
from mock_server.core.template import Filler


@dataclass(frozen=True, slots=True)
class Aspect:
    """Where a request says the aspect ratio or pixel size, and what holds when it does not.

    ``words`` gives the ratio that stands for a word such as ``auto``.
    """

    field: str
    default: str
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Resolution:
    """How many pixels the long side of a result has, by the request's word for it."""

    default: str
    long_side: Mapping[str, int]
    field: str | None = None


@dataclass(frozen=True, slots=True)
class OutputFormat:
    """Where a request says the file format, and the media type of each word for it."""

    field: str
    media_types: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Model:
    """One image model: its request schema, compiled, and what its results look like.

    ``accepts`` decides in the common case; ``explain`` finds everything that is wrong. ``credits``
    is the price of one image, ``facts`` what the list of models tells, ``pixels`` the exact pixel
    sizes per resolution and ratio where they are documented.
    """

    id: str
    schema: Mapping[str, object]
    accepts: Callable[[object], bool]
    explain: Callable[[object], tuple[Problem, ...]]
    media_type: str
    aspect: Aspect
    resolution: Resolution
    credits: float
    defaults: Mapping[str, object]
    facts: Mapping[str, object]
    pixels: Mapping[str, Mapping[str, str]]
    output_format: OutputFormat | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """The vendor's words for our phases; ``accepted`` is what the reply to a submit says."""

    accepted: str
    by_phase: Mapping[Phase, str]

    @property
    def all(self) -> tuple[str, ...]:
        """Every documented status word, without repeats, in the order of a task's life."""
        return tuple(dict.fromkeys((self.accepted, *self.by_phase.values())))


@dataclass(frozen=True, slots=True)
class IdForm:
    """How ids are made: a prefix, then ``length`` characters of ``form`` (hex, base62 or ulid)."""

    prefix: str
    form: str
    length: int


@dataclass(frozen=True, slots=True)
class FieldNames:
    """Which request fields carry what; the first one present counts, dots lead into objects.

    ``rare`` are the members of a body that few requests have: without any of them there is no
    image, id, callback or metadata to look for.
    """

    prompt: tuple[str, ...]
    count: tuple[str, ...]
    references: tuple[str, ...]
    mask: tuple[str, ...] = ()
    client_id: tuple[str, ...] = ()
    callback: tuple[str, ...] = ()
    metadata: tuple[str, ...] = ()
    rare: frozenset[str] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        paths = (self.references, self.mask, self.client_id, self.callback, self.metadata)
        names = frozenset(path.partition(".")[0] for group in paths for path in group)
        object.__setattr__(self, "rare", names)


@dataclass(frozen=True, slots=True)
class FileRules:
    """What an image file must be: its media types and its most bytes."""

    media_types: tuple[str, ...]
    max_bytes: int


@dataclass(frozen=True, slots=True)
class Results:
    """Result files: their path, how long they live (seconds) and how early they are dated."""

    path: Filler
    lifetime: float
    lead: float


@dataclass(frozen=True, slots=True)
class Prices:
    """Credits for an image where its model names no price, per 1,000 tokens, per US dollar."""

    image: float
    per_1000_tokens: float
    per_usd: float
    initial: float


@dataclass(frozen=True, slots=True)
class LimitRule:
    """One documented limit; numbers are per second and per burst, ``category`` names its header."""

    category: str
    operations: tuple[str, ...]
    kind: str
    capacity: float
    per_second: float = 0.0
    window: float = 0.0


@dataclass(frozen=True, slots=True)
class Polling:
    """The vendor's advice for polling, in seconds; ``floor`` is the shortest legal gap."""

    initial: float
    interval: float
    ceiling: float
    max_wait: float
    floor: float


@dataclass(frozen=True, slots=True)
class Backoff:
    """The vendor's retry policy for 429: seconds of the first steps, and how often to try."""

    steps: tuple[float, ...]
    jitter: bool
    cap: float
    retries_at_least: int
    retries_at_most: int


@dataclass(frozen=True, slots=True)
class Switches:
    """Where the documentation is silent or disagrees with itself: what this profile does."""

    unknown_request_fields: str
    top_level_url: bool
    task_by_client_id: bool
    duplicate_client_id: str
    completed_at_on_failed: bool
    progress_on_failed: int
    refund_failed: bool
    refund_partial: bool
    webhook_configured: bool
    default_model_type: str


@dataclass(frozen=True, slots=True)
class Replies:
    """The shapes of successful replies, compiled from the profile's templates."""

    task: Filler
    upload: Filler
    balance: Filler
    models: Filler


@dataclass(frozen=True, slots=True)
class Webhooks:
    """What is sent to a webhook: names of header fields, the secret, shapes of events.

    ``key`` is what the secret means as a key of signatures. ``timeout`` and ``retries`` are
    seconds: for one attempt, and from each that failed to the next.
    """

    event_id: IdForm
    id_field: str
    timestamp_field: str
    signature_field: str
    user_agent: str
    secret: str
    key: bytes
    timeout: float
    retries: tuple[float, ...]
    completed: Filler
    failed: Filler


@dataclass(frozen=True, slots=True)
class Bodies:
    """The most bytes of a JSON body and of a multipart form, and how deep JSON may nest."""

    json_bytes: int
    form_bytes: int
    depth: int


@dataclass(frozen=True, slots=True)
class Contract:
    """All that a profile promises.

    ``encode`` writes a JSON value as bytes; ``document`` is the profile as it stands in its file,
    ``schemas`` are the other files of its folder by name.
    """

    name: str
    title: str
    routes: Routes
    words: Words
    task_id: IdForm
    upload_id: IdForm
    upload_path: Filler
    account: str
    fields: FieldNames
    models: Mapping[str, Model]
    default_model: str
    text_models: tuple[Mapping[str, object], ...]
    replies: Replies
    envelopes: Mapping[str, Filler]
    catalogue: Catalogue
    task_errors: Mapping[str, str]
    results: Results
    uploads: FileRules
    references: FileRules
    mask: FileRules
    limits: tuple[LimitRule, ...]
    prices: Prices
    polling: Polling
    backoff: Backoff
    switches: Switches
    webhooks: Webhooks
    bodies: Bodies
    encode: Callable[[object], bytes]
    document: Mapping[str, object]
    schemas: Mapping[str, Mapping[str, object]]
