"""All that is known of one run of a client: its calls, what it was asked and what it reported."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property

from contract_tests.outcome import Job, Outcome
from contract_tests.terms import Terms
from mock_server.core.exchange import NO_JSON, Exchange
from mock_server.core.scenario import Scenario
from mock_server.core.trace import Gap, by_call, gaps, is_shorter
from mock_server.core.trace import Trace as Calls

__all__ = [
    "NO_JSON",
    "Ability",
    "Calls",
    "Done",
    "Exchange",
    "Gap",
    "SavedFile",
    "Timing",
    "Trace",
    "by_call",
    "gaps",
    "is_shorter",
]


# Timers of event loops count in milliseconds, and some round down.
_EARLY_SECONDS = 0.02


class Ability(Enum):
    """What a client can do at all; rules about what it cannot are not applicable.

    ``PROMPTS``: can be told what the image is to show. ``REPORTS``: says how its job ended, as
    ``schemas/outcome.schema.json`` has it (a Python callable always does). ``DOWNLOADS``:
    fetches the results. ``CANCELS``: a job can be cancelled. ``SIGNALLED``: is a process of its
    own that can be told to stop. ``PARALLEL``: does several jobs at once. ``PROGRESS``: reports
    progress. ``PRINTS``: has output streams of its own.
    """

    PROMPTS = "prompts"
    REPORTS = "reports"
    DOWNLOADS = "downloads"
    CANCELS = "cancels"
    SIGNALLED = "signalled"
    PARALLEL = "parallel"
    PROGRESS = "progress"
    PRINTS = "prints"


@dataclass(frozen=True, slots=True)
class Timing:
    """How far the times of a trace can be trusted.

    ``virtual``: they are exact. Else a time may be too long by up to ``noise`` seconds, but never
    too short, so that floors can be judged; ceilings only where ``unloaded``: nothing else ran.
    ``grace`` are the seconds by which real timers may go off too early.
    """

    virtual: bool = True
    noise: float = 0.0
    unloaded: bool = True

    @property
    def grace(self) -> float:
        """Seconds to be taken off every floor: 0 in virtual time."""
        return 0.0 if self.virtual else _EARLY_SECONDS


@dataclass(frozen=True, slots=True)
class SavedFile:
    """A file that a client left in its folder: ``name`` within it, ``size`` in bytes.

    ``is_image`` says that it is a whole image, ``url`` is the result whose bytes it has, if any.
    """

    name: str
    size: int
    is_image: bool
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """One job and what came of it; times are seconds of the session's clock.

    ``outcome`` is None where the client did not end by itself: it had to be stopped. ``raised`` is
    the name of the exception that a Python client let out, with its module, ``typed`` whether it is
    one that a caller can be expected to catch (an error of the client's own or of its HTTP library,
    no KeyError, TypeError, AttributeError, IndexError, JSONDecodeError and the like). ``progress``
    is what it told its caller of the progress, in order. ``stopped`` is when it was told to stop,
    ``leftovers`` the connections that the client
    still has open after its end, those of earlier jobs included. ``process`` tells processes apart.
    ``printed`` is all that it showed to whoever runs it beside its outcome, with keys in clear: the
    text and traceback of an exception, log records, or the streams of one that had to be stopped.
    """

    job: Job
    outcome: Outcome | None
    started: float
    ended: float
    raised: str | None = None
    typed: bool = True
    progress: tuple[float, ...] = ()
    stopped: float | None = None
    files: tuple[SavedFile, ...] = ()
    leftovers: int = 0
    process: str = ""
    printed: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class Trace:
    """One run of a client through a story.

    ``calls`` are those that reached the mock, whatever host they were sent to (an exchange's
    ``base`` tells); ``origin`` is the API's own, ``terms`` are what the client is held to.
    ``jobs`` are in the order in which they were given. ``unspent`` are the faults that were
    planned and met no call. ``abilities``, ``most_at_once`` (jobs, None: not declared) and
    ``gives_up_after`` (seconds, None: the profile's) are what the client declares. ``repeats``
    are the other runs of the same story by the same client, each in a session of its own.
    """

    scenario: Scenario
    terms: Terms
    calls: Calls
    origin: str
    jobs: tuple[Done, ...] = ()
    timing: Timing = field(default_factory=Timing)
    abilities: frozenset[Ability] = frozenset()
    unspent: tuple[str, ...] = ()
    most_at_once: int | None = None
    gives_up_after: float | None = None
    repeats: tuple["Trace", ...] = ()

    @cached_property
    def exchanges(self) -> tuple[Exchange, ...]:
        """The calls to the API itself, and to the files where they lie on the same host."""
        return tuple(one for one in self.calls.exchanges if one.base.startswith(self.origin))

    @cached_property
    def elsewhere(self) -> tuple[Exchange, ...]:
        """The calls to other hosts, which redirects or result URLs led to."""
        return tuple(one for one in self.calls.exchanges if not one.base.startswith(self.origin))

    @cached_property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What was reported, job by job, as far as something was."""
        return tuple(done.outcome for done in self.jobs if done.outcome is not None)

    @cached_property
    def secrets(self) -> tuple[str, ...]:
        """The API keys that the jobs were given, in clear."""
        return tuple(dict.fromkeys(done.job.api_key for done in self.jobs))

    @cached_property
    def derived(self) -> dict[object, object]:
        """What rules have worked out of it, for the next one that asks."""
        return {}

    @cached_property
    def all_runs(self) -> Sequence["Trace"]:
        """This run and its repeats."""
        return (self, *self.repeats)
