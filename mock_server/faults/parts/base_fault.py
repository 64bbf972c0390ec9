"""What all faults share: options checked on construction, and the text that names them."""

from abc import ABC, abstractmethod

from mock_server.core.fault import Moment, Scene
from mock_server.core.script import Script
from mock_server.faults.parts.kinds import choice
from mock_server.faults.parts.notation import written
from mock_server.faults.parts.options import OptionError, kept, options_of

# A fault's text travels in a header field of the reply that it struck, and as a wish in one of a
# request; common servers and clients take 8,000 bytes.
MOST_TEXT = 4_000
# The option of a fault that can strike before the work as well as after it.
MOMENT = choice("before", "after")
MOMENT_DOC = "before: nothing is created; after: the work is done and its reply is lost"


class BaseFault(ABC):
    """A fault whose options are the fields of a frozen dataclass, each made by ``option``.

    Its name is that of its file. It strikes after the work unless it has an option ``moment``.
    Raises :class:`OptionError`, a ValueError, for an option that it cannot take.
    """

    __slots__ = ()

    def __post_init__(self) -> None:
        for one in options_of(type(self)).values():
            value = getattr(self, one.name)
            if value is not None or one.default is not None:
                object.__setattr__(self, one.name, kept(one, value))
        self.check()
        if len(self.text) > MOST_TEXT:
            raise OptionError("text", f"at most {MOST_TEXT} characters", self.text)

    def check(self) -> None:  # noqa: B027 - most faults have no options that exclude each other
        """Raise :class:`OptionError` for options that are impossible together."""

    @property
    def moment(self) -> Moment:
        """Before the work, so that nothing was created, or after it."""
        return "after"

    @classmethod
    def name(cls) -> str:
        """The word that selects this fault."""
        return cls.__module__.rpartition(".")[2]

    @property
    def text(self) -> str:
        """The fault as it is written in a scenario; reading it gives an equal fault."""
        return written(self.name(), self.arguments())

    def arguments(self) -> list[tuple[str | None, object]]:
        """The options that differ from their defaults; the first needs no name if it is simple."""
        told: list[tuple[str | None, object]] = []
        for place, one in enumerate(options_of(type(self)).values()):
            value = getattr(self, one.name)
            if value == one.default:
                continue
            shown = value if value is None else one.kind.tell(value)
            is_bare = place == 0 and not isinstance(shown, dict | list)
            told.append((None if is_bare else one.name, shown))
        return told

    @abstractmethod
    def rewrite(self, script: Script, scene: Scene) -> Script:
        """The script that the caller gets instead of ``script`` (empty before the work)."""
