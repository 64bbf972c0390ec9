"""How much a check does."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Effort:
    """``examples`` are Schemathesis's for each operation (0: it is left out), at most ``seconds``.

    ``walks`` of ``steps`` are taken, ``shrinks`` is how often a conversation is held again to make
    it smaller. ``is_wide`` adds what takes long: large files, and every model of the profile.
    """

    examples: int
    seconds: float
    walks: int
    steps: int
    shrinks: int
    is_wide: bool


LEVELS: Final = {
    "quick": Effort(0, 0, 0, 0, 40, is_wide=False),
    "usual": Effort(10, 40, 10, 20, 60, is_wide=True),
    "thorough": Effort(100, 900, 100, 30, 200, is_wide=True),
}
USUAL: Final = "usual"
