"""From what was found to the smallest conversation that shows it, and the scripts of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from contract_tests.server.conversation import Conversation
from contract_tests.server.judge import Found, Judge
from contract_tests.server.log import Log
from contract_tests.server.money import Budget, SpentError
from contract_tests.server.player import Player
from contract_tests.server.reproduction import reproductions
from contract_tests.server.shrinking import shrink
from contract_tests.server.slicing import Case, case_of, needed, whole
from contract_tests.server.venue import StoryError


@dataclass(frozen=True, slots=True)
class Reproduced:
    """A case, what was found in it, its calls, and the scripts by the names of their files.

    ``is_confirmed`` says that it was held again, from nothing, and showed the same.
    """

    case: Case
    found: Found
    log: Log
    files: Mapping[str, str]
    is_confirmed: bool


class Reproducer:
    """Holds conversations again; ``most`` is how often for one finding.

    Where submits may not be sent any more, what was said is cut out and not held again.
    """

    def __init__(
        self, player: Player, conversations: Mapping[str, Conversation], most: int
    ) -> None:
        self._player = player
        self._conversations = conversations
        self._most = most

    def reproduce(self, found: Found, log: Log) -> Reproduced:
        """The smallest case that shows what was found."""
        held: list[tuple[Case, Found, Log]] = []

        def show(conversation: Conversation) -> Case | None:
            shown = self._show(conversation, found)
            if shown is None:
                return None
            case = case_of(*shown, conversation)
            held.append((case, *shown))
            return case

        started = self._conversations.get(found.conversation)
        story = Conversation(
            found.conversation,
            started.title if started else found.conversation,
            (),
            started.story if started else None,
        )
        small = needed(found, log, story)
        case = show(small) or show(whole(found, log, story))
        if case is None:
            return self._reproduced(case_of(found, log, small), found, log, is_confirmed=False)
        case = shrink(case, show, self._most)
        last = next(one for one in reversed(held) if one[0] is case)
        return self._reproduced(*last, is_confirmed=True)

    def _show(self, conversation: Conversation, found: Found) -> tuple[Found, Log] | None:
        """What a conversation shows of the same statement when it is held from nothing."""
        judge = Judge(self._player.judge.promises, [found.statement])
        judge.conversation = conversation.name
        player = Player(self._player.target, self._player.venue, judge, self._budget())
        try:
            player.hold(conversation)
        except (SpentError, StoryError):
            return None
        if not judge.found:
            return None
        return judge.found[-1], judge.log

    def _budget(self) -> Budget:
        return self._player.budget

    def _reproduced(self, case: Case, found: Found, log: Log, *, is_confirmed: bool) -> Reproduced:
        promises = self._player.judge.promises
        polling = promises.contract.polling
        seconds = polling.interval if self._player.is_polite else polling.floor
        files = reproductions(case, found.statement, found.breach, promises, poll_seconds=seconds)
        return Reproduced(case, found, log, files, is_confirmed)
