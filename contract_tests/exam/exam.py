"""A whole exam: stories are chosen and played, rules judge, what breaks is made small."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path

from contract_tests.clients.client import Client, ClientError, Escaped
from contract_tests.clients.command import CommandClient
from contract_tests.clients.json_lines import JsonLinesClient
from contract_tests.exam.counterexamples import counterexample
from contract_tests.exam.dilating import dilated
from contract_tests.exam.judging import Judged, broken_in, judge, rulings, with_counterexample
from contract_tests.exam.kept import keep, kept_stories
from contract_tests.exam.orders_told import told_orders
from contract_tests.exam.playing import RealPlayer, VirtualPlayer
from contract_tests.exam.silence import refuse_silence
from contract_tests.exam.stops_told import told_stops
from contract_tests.exam.telling import story_of
from contract_tests.exam.unloaded import ceilings_alone
from contract_tests.exam.venue import Wish
from contract_tests.exam.waivers import Waiver, apply
from contract_tests.examination import Examination, Ruling
from contract_tests.finding import Verdict
from contract_tests.stories.levels import Level, real_seconds, stories
from contract_tests.trace import Trace
from mock_server.core.contract import Contract
from mock_server.core.scenario import Scenario
from mock_server.loading.profiles import load_profile

# Seconds that a story may take in real time, by level: longer ones are for virtual time, for
# dilation, or for those who have asked for thoroughness.
_REAL_SECONDS = {Level.QUICK: 13.5, Level.DEFAULT: 180.0, Level.THOROUGH: 400.0}
# A story of about so many seconds has waits enough to show whether a client's time can be dilated.
_PROBE = 8.0


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
    can bear), ``dilate`` how much faster time is to run for a command. ``replay`` gives the command
    that plays a story again, ``hear`` is told of the progress. ``shrinks`` is whether stories that
    break a rule are made smaller.
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
    dilate: float | None = None
    shrinks: bool = True
    replay: Callable[[str], str] = lambda story: f"safelight check-client --story {story} -- ..."
    hear: Callable[[Progress], None] = lambda progress: None
    today: date | None = None

    @property
    def is_thorough(self) -> bool:
        """Whether stories are searched for, and none were chosen."""
        return self.level is Level.THOROUGH and self.chosen is None


@dataclass(slots=True)
class _Sitting:
    """One exam under way."""

    client: Client
    settings: Settings
    contract: Contract
    judged: list[Judged] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    planned: int = 0
    played: int = 0

    def hear(self, judged: Judged) -> None:
        self.judged.append(judged)
        self.heard(judged.trace.scenario)

    def heard(self, story: Scenario) -> None:
        self.played += 1
        self.settings.hear(Progress(self.played, self.planned, story.name))

    def leave_out(self, left: int, *notes: str) -> None:
        """So many of the planned stories are not played after all; ``notes`` say why."""
        self.planned -= left
        self.notes.extend(notes)


def examine(client: Client, settings: Settings) -> Examination:
    """Examine a client.

    Raises ``ClientError`` for a client that cannot be run at all, ``DataError`` for a profile or
    story that cannot be used.
    """
    began, started = time.time(), time.monotonic()
    contract = load_profile(settings.wish.profile)
    is_virtual = client.is_virtual and not settings.real
    planned, more = _planned(contract, settings, is_virtual)
    notes: list[str] = []
    if settings.is_thorough:
        kept, notes = kept_stories(settings.database, contract)
        planned = (*planned, *kept)
    chosen, left_out = told_orders(client, planned)
    sitting = _Sitting(client, settings, contract, planned=len(chosen) + more)
    sitting.notes.extend((*notes, *left_out))
    if is_virtual:
        found = _in_virtual_time(sitting, chosen, more)
    else:
        found = _in_real_time(sitting, chosen)
    refuse_silence(one.trace for one in sitting.judged)
    if settings.is_thorough:
        sitting.notes.extend(keep(settings.database, found))
    found, stale = apply(settings.waivers, found, settings.today or datetime.now(UTC).date())
    return Examination(
        subject=client.name,
        kind="client",
        profile=contract.name,
        began=began,
        lasted=time.monotonic() - started,
        seed=settings.seed,
        rulings=found,
        stories=tuple(story_of(one, settings.replay) for one in sitting.judged),
        notes=(*sitting.notes, *client.notes),
        version=version("safelight"),
        stale=stale,
    )


def _planned(
    contract: Contract, settings: Settings, is_virtual: bool
) -> tuple[tuple[Scenario, ...], int]:
    """The stories to play, and how many more are drawn one by one.

    In virtual time each of those can depend on what the ones before it showed.
    """
    if settings.chosen is not None:
        return settings.chosen, 0
    if settings.is_thorough and is_virtual:
        return stories(contract, Level.DEFAULT), settings.more
    return stories(contract, settings.level, more=settings.more, seed=settings.seed), 0


def _in_virtual_time(
    sitting: _Sitting, chosen: Sequence[Scenario], more: int
) -> tuple[Ruling, ...]:
    escaped: dict[str, Scenario] = {}

    def lose(story: Scenario, escape: Escaped) -> None:
        escaped[story.name] = story
        sitting.notes.append(f"{story.name}: played in real time, since {escape}")

    with VirtualPlayer(sitting.client, sitting.settings.wish) as player:
        for story in chosen:
            try:
                sitting.hear(judge(player.play(story)))
            except Escaped as escape:
                lose(story, escape)
        if more:
            known = {rule for one in sitting.judged for rule in broken_in(one)}
            # Imported here: Hypothesis takes longer to start than a quick exam may.
            from contract_tests.exam.hunting import Hunt

            seed = sitting.settings.seed
            Hunt(sitting.contract, player.play, sitting.hear, lose, seed, known).run(more)
        found = rulings(sitting.judged)
        if not escaped:
            return tuple(_smallest(sitting, found, player.play))
    return _in_real_time(sitting, tuple(escaped.values()))


def _in_real_time(sitting: _Sitting, chosen: Sequence[Scenario]) -> tuple[Ruling, ...]:
    settings = sitting.settings
    wish = _wish(sitting, chosen)
    longest = _REAL_SECONDS[settings.level] * wish.speed
    fitting = tuple(one for one in chosen if _fits(sitting, one, longest))
    left = len(chosen) - len(fitting)
    if left:
        sitting.leave_out(left, f"{left} stories take longer than {longest:g} s and were left out")
    with RealPlayer(sitting.client, wish, settings.at_once) as player:
        told, notes = told_stops(sitting.client, fitting)
        if settings.chosen is None and notes:
            sitting.leave_out(len(fitting) - len(told), *notes)
            fitting = told
        played = player.play_all(fitting, sitting.heard)
        sitting.judged.extend(map(judge, played))
        if settings.level is not Level.QUICK:
            sitting.judged.extend(ceilings_alone(played, player))
        return tuple(_smallest(sitting, rulings(sitting.judged), None))


def _wish(sitting: _Sitting, chosen: Sequence[Scenario]) -> Wish:
    """The venue that was wished for, its time dilated where that is asked for and possible."""
    settings, client = sitting.settings, sitting.client
    if settings.dilate is None or not chosen:
        return settings.wish
    if not isinstance(client, CommandClient | JsonLinesClient):
        raise ClientError("--dilate is for commands: nothing else runs under libfaketime")
    short = min(chosen, key=lambda story: abs(real_seconds(story, sitting.contract) - _PROBE))
    wish, note = dilated(client, settings.wish, settings.dilate, short)
    sitting.notes.append(note)
    return wish


def _fits(sitting: _Sitting, story: Scenario, longest: float) -> bool:
    """Whether a story is short enough for real time; one that was asked for by name always is."""
    is_asked_for = sitting.settings.chosen is not None
    return is_asked_for or real_seconds(story, sitting.contract) <= longest


def _smallest(
    sitting: _Sitting, found: Iterable[Ruling], play: Callable[[Scenario], Trace] | None
) -> Iterator[Ruling]:
    """The rulings, those that tell of something broken with the smallest story that shows it."""
    by_name = {one.name: one for one in reversed(sitting.judged)}
    for ruling in found:
        if ruling.verdict not in (Verdict.FAILED, Verdict.ADVICE) or ruling.deciding is None:
            yield ruling
            continue
        shrinking = play if sitting.settings.shrinks else None
        smallest = counterexample(
            ruling, by_name[ruling.deciding], shrinking, sitting.settings.replay
        )
        yield with_counterexample(ruling, smallest)


def again(settings: Settings, *chosen: Scenario) -> Settings:
    """The same settings for these stories alone."""
    return replace(settings, chosen=chosen)
