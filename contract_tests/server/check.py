"""The check of a server from its beginning to its verdict."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Final, TypedDict, Unpack
from urllib.parse import urlsplit

from contract_tests.examination import Examination
from contract_tests.server.conversation import Conversation
from contract_tests.server.conversations import all_conversations
from contract_tests.server.effort import LEVELS, USUAL, Effort
from contract_tests.server.judge import Found, Judge
from contract_tests.server.money import Budget, CostError, SpentError, cost_text, is_loopback
from contract_tests.server.player import Player
from contract_tests.server.promises import Promises
from contract_tests.server.reproducing import Reproducer
from contract_tests.server.statement import Means
from contract_tests.server.statements import all_statements
from contract_tests.server.target import App, AppTarget, HttpTarget, Target
from contract_tests.server.venue import AccountVenue, MockVenue, StoryError, Venue, mock_profile
from contract_tests.server.verdicts import Outcome, examination

# So many submits are sent to a server that is no mock of ours, where nothing else is said.
USUAL_SUBMITS: Final = 20
_NO_KEY = "expected a key (--api-key, or SAFELIGHT_API_KEY in the environment), seen none"


class CheckError(ValueError):
    """A check that cannot be made as it was asked for; the message says why, without any key."""


class Wishes(TypedDict, total=False):
    """What a check can be asked for, as :class:`Wish` describes it."""

    profile: str | None
    api_key: str | None
    second_key: str | None
    seed: int
    max_submits: int | None
    level: str
    is_paid_for: bool
    name: str | None
    tell: Callable[[str], None]
    clock: Callable[[], float]
    sleep: Callable[[float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a check is asked for.

    ``profile`` None: that of the mock, else the guide. ``second_key`` is one of another account.
    ``seed`` decides what is drawn. ``max_submits`` None: 20, or any number on a mock of ours.
    ``level`` is ``quick``, ``usual`` or ``thorough``. ``is_paid_for`` says yes to what it costs.
    ``name`` is what the server is called in reports. ``tell`` hears what a person should know while
    it is done. ``clock`` and ``sleep`` are for servers whose time cannot be moved.
    """

    profile: str | None = None
    api_key: str | None = field(default=None, repr=False)
    second_key: str | None = field(default=None, repr=False)
    seed: int = 0
    max_submits: int | None = None
    level: str = USUAL
    is_paid_for: bool = False
    name: str | None = None
    tell: Callable[[str], None] = lambda text: None
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


def check_server(target: str | App, **wishes: Unpack[Wishes]) -> Examination:
    """Hold a server against a profile: the verdict on each documented statement.

    ``target`` is a URL, with or without ``/v1``, or an ASGI application in this process. The rest
    is as described in :class:`Wish`. A mock is checked in sessions of its own and needs no key. Any
    other server than one on this machine may cost money, so that it needs ``is_paid_for``.

    Raises :class:`CheckError` and ``CostError`` before anything is sent that could cost anything,
    and ``DataError`` for a profile that cannot be used.
    """
    wish = Wish(**wishes)
    _refuse(target, wish)
    reached: Target = HttpTarget(_origin(target)) if isinstance(target, str) else AppTarget(target)
    try:
        return _checked(reached, target, wish)
    finally:
        reached.close()


def _refuse(target: str | App, wish: Wish) -> None:
    if wish.level not in LEVELS:
        raise CheckError(f"level: expected one of {', '.join(LEVELS)}, seen {wish.level!r}")
    if wish.max_submits is not None and wish.max_submits < 1:
        raise CheckError(f"max_submits: expected at least 1, seen {wish.max_submits}")
    if isinstance(target, str):
        parts = urlsplit(target)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query:
            raise CheckError(f"expected a URL such as https://api.example/v1, seen {target!r}")
    for package, purpose in _needs(target, wish):
        if find_spec(package) is None:
            raise CheckError(f"{purpose} needs {package}: pip install 'safelight[server-check]'")


def _needs(target: str | App, wish: Wish) -> Iterator[tuple[str, str]]:
    if isinstance(target, str):
        yield "httpx", "a server behind a URL"
    if LEVELS[wish.level].examples:
        yield "schemathesis", f"the level {wish.level}"


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _checked(reached: Target, target: str | App, wish: Wish) -> Examination:
    is_ours = not isinstance(target, str) or is_loopback(target)
    found_profile = mock_profile(reached) if is_ours else None
    promises = Promises.of(wish.profile or found_profile or "guide")
    subject = wish.name or (target if isinstance(target, str) else "the application")
    budget = Budget(wish.max_submits)
    venue: Venue
    if found_profile is not None:
        venue = MockVenue(reached, wish.seed)
    else:
        if wish.api_key is None:
            raise CheckError(_NO_KEY)
        root = (target if isinstance(target, str) else reached.origin).rstrip("/")
        venue = AccountVenue(
            root.removesuffix("/v1"), wish.api_key, wish.second_key, wish.clock, wish.sleep
        )
        budget.most = wish.max_submits or USUAL_SUBMITS
    _ask_for_money(target, wish, promises, budget)
    judge = Judge(promises, all_statements())
    player = Player(reached, venue, judge, budget)
    means = Means(other_key=venue.is_mock or wish.second_key is not None, stories=venue.is_mock)
    return _Check(player, means, wish, subject).run()


def _ask_for_money(target: str | App, wish: Wish, promises: Promises, budget: Budget) -> None:
    if not isinstance(target, str) or is_loopback(target) or budget.most is None:
        return
    cost = cost_text(promises, budget.most)
    if not wish.is_paid_for:
        raise CostError(f"this check costs money, {cost}; --yes-this-costs lets it go on")
    wish.tell(f"This check costs {cost}.")


class _Check:
    """One check; everything that it needs is at hand."""

    def __init__(self, player: Player, means: Means, wish: Wish, subject: str) -> None:
        self._player = player
        self._judge = player.judge
        self._means = means
        self._wish = wish
        self._subject = subject
        self._effort: Effort = LEVELS[wish.level]
        self._held: dict[str, Conversation] = {}
        self._notes: list[str] = []

    def run(self) -> Examination:
        """Everything, in its order."""
        began, started = time.time(), time.monotonic()
        self._converse()
        if self._effort.examples:
            self._generate()
        outcome = self._outcome()
        lasted = time.monotonic() - started
        return examination(outcome, self._player, self._means, began=began, lasted=lasted)

    def _converse(self) -> None:
        promises, judge = self._judge.promises, self._judge
        for conversation in all_conversations(promises, self._means):
            if not self._effort.is_wide and conversation.is_long:
                continue
            self._held[conversation.name] = conversation
            judge.conversation = conversation.name
            try:
                self._player.hold(conversation)
            except SpentError:
                self._note("no submit may be sent any more; what needed one was left out")
            except StoryError as error:
                self._note(f"the mock refused a story: {error}")
        if all(call.reply is None for call in judge.log.calls):
            silence = judge.log.calls[0].silence if judge.log.calls else "nothing was sent"
            raise CheckError(f"no reply from {self._subject}: {silence}")

    def _generate(self) -> None:
        # Imported here: Schemathesis takes long to import, and may not be installed.
        from contract_tests.server.fuzzing import fuzz
        from contract_tests.server.walk import walk

        effort, seed = self._effort, self._wish.seed
        for note in walk(self._player, seed=seed, walks=effort.walks, steps=effort.steps):
            self._note(note)
        notes = fuzz(
            self._player,
            seed=seed,
            examples=effort.examples,
            seconds=effort.seconds,
            all_models=self._wish.level == "thorough",
        )
        for note in notes:
            self._note(note)

    def _outcome(self) -> Outcome:
        calls, submits = len(self._judge.log.calls), self._player.budget.used
        self._note(f"{calls} calls, {submits} of them submits; level {self._wish.level}")
        shrinks = 0 if self._player.is_polite else self._effort.shrinks
        reproducer = Reproducer(self._player, self._held, shrinks)
        reproduced = {}
        for statement in self._judge.statements:
            found = self._judge.tallies[statement.id].found
            if found:
                smallest = min(found, key=_size)
                reproduced[statement.id] = reproducer.reproduce(smallest, self._judge.log)
        return Outcome(
            self._subject, self._wish.seed, tuple(dict.fromkeys(self._notes)), reproduced
        )

    def _note(self, text: str) -> None:
        if text not in self._notes:
            self._notes.append(text)
            self._wish.tell(text)


def _size(found: Found) -> tuple[int, int, int]:
    """How much there is to a breach: the least is the best to begin with."""
    return len(found.breach.calls), len(found.call.body), found.call.number
