"""What an exam of a client, or a check of a server, found in the end: all that reports read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from contract_tests.finding import Finding, Verdict


class Overall(Enum):
    """The verdict on a whole subject; its exit status is 0 for the first two, else 1 or 3.

    ``incomplete``: nothing is broken, but some MUST could not be judged.
    """

    CONFORMANT = "conformant"
    WITH_ADVICE = "conformant with advice"
    NOT_CONFORMANT = "not conformant"
    INCOMPLETE = "incomplete"

    @property
    def exit_status(self) -> int:
        """The exit status of a command that ends with this verdict."""
        return {Overall.NOT_CONFORMANT: 1, Overall.INCOMPLETE: 3}.get(self, 0)


@dataclass(frozen=True, slots=True)
class Statement:
    """What is judged: a rule for clients, or a documented statement about the server.

    ``grade`` is MUST, SHOULD or MAY; ``group`` puts those that belong together side by side.
    """

    id: str
    number: str
    title: str
    grade: str
    group: str
    why: str
    source: str
    mend: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happened in a story; ``seconds`` since its start.

    ``kind`` is ``call`` (``number`` is its number, ``what`` its operation, ``answered`` what came
    back, ``lasted`` the seconds until then), ``stage`` (``what`` is the phase that a task reached)
    or ``client`` (``what`` it was told or said).
    """

    seconds: float
    kind: str
    what: str
    answered: str = ""
    number: int | None = None
    lasted: float = 0.0
    fault: str | None = None
    task: str | None = None
    phase: str | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """One story that was played, and what was found in it.

    ``text`` is its scenario file, ``replay`` the command that plays it again, ``timing`` says how
    its times are to be read (``virtual``, ``real``, ``real, alone``, ``dilated x10``). ``found``
    maps rules to findings. ``output`` is what the client printed: cut, without keys.
    ``har`` is the story's traffic as HAR 1.2, if it was kept.
    """

    name: str
    title: str
    why: str
    text: str
    replay: str
    timing: str
    moments: tuple[Moment, ...]
    found: Mapping[str, Finding]
    output: str = ""
    har: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Counterexample:
    """The smallest story that still breaks a rule.

    ``files`` are what reproduces it, by name: a scenario file, a curl script, a pytest file.
    """

    rule: str
    story: str
    faults: int
    files: Mapping[str, str]
    replay: str


@dataclass(frozen=True, slots=True)
class Ruling:
    """The verdict on one statement over all stories; ``deciding`` is the story that decided it.

    ``waived`` is why a violation is put up with, if it is.
    """

    statement: Statement
    verdict: Verdict
    finding: Finding | None = None
    deciding: str | None = None
    broken_in: tuple[str, ...] = ()
    kept_in: tuple[str, ...] = ()
    counterexample: Counterexample | None = None
    waived: str | None = None


@dataclass(frozen=True, slots=True)
class Examination:
    """A whole exam. ``subject`` is the client (or server) by the name its owner knows it by.

    ``kind`` is ``client`` or ``server``. ``began`` is epoch seconds, ``lasted`` seconds. ``notes``
    are what a reader has to know of how it was done, ``stale`` names the waivers that hold no more.
    """

    subject: str
    kind: str
    profile: str
    began: float
    lasted: float
    seed: int
    rulings: tuple[Ruling, ...]
    stories: tuple[Story, ...] = ()
    notes: Sequence[str] = field(default_factory=tuple)
    version: str = ""
    stale: tuple[str, ...] = ()

    @property
    def overall(self) -> Overall:
        """The verdict on the whole subject; a stale waiver fails it, for it hides nothing."""
        standing = [one for one in self.rulings if one.waived is None]
        musts = [one.verdict for one in standing if one.statement.grade == "MUST"]
        if self.stale or any(one.verdict is Verdict.FAILED for one in standing):
            return Overall.NOT_CONFORMANT
        if Verdict.INCONCLUSIVE in musts or Verdict.NOT_EXERCISED in musts:
            return Overall.INCOMPLETE
        is_advised = any(
            one.verdict is Verdict.ADVICE and one.statement.grade == "SHOULD" for one in standing
        )
        return Overall.WITH_ADVICE if is_advised else Overall.CONFORMANT
