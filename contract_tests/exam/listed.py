"""Listed stories in virtual time: played in this process, or shared among copies of it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from contract_tests.clients.client import Client, ClientError, Escaped
from contract_tests.exam.account import Account
from contract_tests.exam.copies import CopyEndedError, Tickets, can_copy, in_copies
from contract_tests.exam.judging import judge
from contract_tests.exam.playing import VirtualPlayer
from contract_tests.exam.telling import account_of
from contract_tests.exam.venue import Wish
from contract_tests.trace import Trace
from mock_server.core.scenario import Scenario

# A copy takes a moment to begin: so many stories make it worth that.
_FEWEST = 20


@dataclass(frozen=True, slots=True)
class Lived:
    """What became of the story at ``place``: an account of it, or why it has to be played again.

    ``notes`` are those that the client has made so far, where it was played.
    """

    place: int
    account: Account | None
    escape: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """The ``stories`` of an exam. ``replay`` gives the command that plays one again."""

    stories: Sequence[Scenario]
    client: Client
    replay: Callable[[str], str]

    def lived(self, play: Callable[[Scenario], Trace]) -> Iterator[Lived]:
        """All of them, played here."""
        return self._lived(play, range(len(self.stories)))

    def shared(self, wish: Wish, copies: int) -> Iterator[Lived]:
        """All of them, each played in one of so many copies; they come as they are over.

        Each copy plays the first one, so that all know what it has shown of the client's abilities.
        Raises ``ClientError`` where a client ends its process.
        """
        tickets = Tickets(len(self.stories))

        def share(index: int) -> Iterator[Lived]:
            with VirtualPlayer(self.client, _apart(wish, index)) as player:
                if index > 0:
                    with suppress(Escaped):
                        player.play(self.stories[0])
                yield from self._lived(player.play, tickets)

        try:
            yield from in_copies(copies, share)
        except CopyEndedError as error:
            raise ClientError(f"the client ended the process that it ran in: {error}") from None

    def _lived(self, play: Callable[[Scenario], Trace], places: Iterable[int]) -> Iterator[Lived]:
        for place in places:
            try:
                account = account_of(judge(play(self.stories[place])), self.replay)
            except Escaped as escape:
                yield Lived(place, None, str(escape), self.client.notes)
            else:
                yield Lived(place, account, notes=self.client.notes)


def _apart(wish: Wish, index: int) -> Wish:
    """The wish of one copy, whose files nobody else writes."""
    return wish if wish.folder is None else replace(wish, folder=wish.folder / f"copy-{index}")


def copies_for(stories: int, most: int) -> int:
    """In how many copies of this process to play so many stories; 1: in none, but here."""
    return max(1, min(most, stories // _FEWEST)) if can_copy() else 1
