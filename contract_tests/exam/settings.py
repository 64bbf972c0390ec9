"""How an exam is done, and how far it is."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from contract_tests.exam.venue import Wish
from contract_tests.exam.waivers import Waiver
from contract_tests.stories.levels import Level
from mock_server.core.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an exam is: ``played`` of ``planned`` stories, the latest by its name."""

    played: int
    planned: int
    story: str


@dataclass(frozen=True, slots=True)
class Settings:
    """How an exam is done.

    ``more`` is how many stories Hypothesis adds where the level is thorough; those that break a
    rule are kept in the folder ``database``, and played first the next time. ``chosen`` are the
    stories to play in place of those of the level. ``real`` plays even Python callables in
    real time; ``at_once`` is how many stories then run side by side (None: as many as the machine
    can bear), ``dilate`` how much faster time is to run for a command. In virtual time, ``copies``
    is in how many copies of this process a callable may be run. ``replay`` gives the command that
    plays a story again, ``hear`` is told of the progress. ``shrinks`` is whether stories that break
    a rule are made smaller.
    """

    wish: Wish = field(default_factory=Wish)
    level: Level = Level.DEFAULT
    more: int = 0
    seed: int = 0
    database: Path = Path(".safelight")
    chosen: tuple[Scenario, ...] | None = None
    waivers: tuple[Waiver, ...] = ()
    real: bool = False
    at_once: int | None = None
    copies: int = 1
    dilate: float | None = None
    shrinks: bool = True
    replay: Callable[[str], str] = lambda story: f"safelight check-client --story {story} -- ..."
    hear: Callable[[Progress], None] = lambda progress: None
    today: date | None = None

    @property
    def is_thorough(self) -> bool:
        """Whether stories are searched for, and none were chosen."""
        return self.level is Level.THOROUGH and self.chosen is None
