"""A whole exam: stories are chosen and played, rules judge, what breaks is made small."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from importlib.metadata import version

from contract_tests.clients.client import Client, ClientError
from contract_tests.clients.command import CommandClient
from contract_tests.clients.json_lines import JsonLinesClient
from contract_tests.exam.counterexamples import counterexample
from contract_tests.exam.dilating import dilated
from contract_tests.exam.judging import broken_in, judge, rulings, with_counterexample
from contract_tests.exam.kept import keep, kept_stories
from contract_tests.exam.listed import Listed, Lived, copies_for
from contract_tests.exam.playing import RealPlayer, VirtualPlayer
from contract_tests.exam.settings import Settings
from contract_tests.exam.silence import refuse_silence
from contract_tests.exam.sitting import Sitting
from contract_tests.exam.unloaded import ceilings_alone
from contract_tests.exam.untold import told_orders, told_stops
from contract_tests.exam.venue import Wish
from contract_tests.exam.waivers import apply
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
    sitting = Sitting(client, settings, contract, planned=len(chosen) + more)
    sitting.notes.extend((*notes, *left_out))
    if is_virtual:
        found = _in_virtual_time(sitting, chosen, more)
    else:
        found = _in_real_time(sitting, chosen)
    refuse_silence(one.silence for one in sitting.accounts)
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
        stories=tuple(one.story for one in sitting.accounts),
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


def _in_virtual_time(sitting: Sitting, chosen: Sequence[Scenario], more: int) -> tuple[Ruling, ...]:
    escaped: dict[str, Scenario] = {}

    def lose(story: Scenario, escape: str) -> None:
        escaped[story.name] = story
        sitting.notes.append(f"{story.name}: played in real time, since {escape}")

    with _Stage(sitting) as stage:
        for story, lived in zip(chosen, _lived(sitting, chosen, stage), strict=True):
            if lived.account is None:
                lose(story, lived.escape)
            else:
                sitting.keep(lived.account, story)
        if more:
            known = {rule for one in sitting.accounts for rule in broken_in(one.found)}
            # Imported here: Hypothesis takes longer to start than a quick exam may.
            from contract_tests.exam.hunting import Hunt

            seed = sitting.settings.seed
            Hunt(sitting.contract, stage.play, sitting.hear, lose, seed, known).run(more)
        if not escaped:
            return tuple(_smallest(sitting, rulings(sitting.accounts), stage.play))
    return _in_real_time(sitting, tuple(escaped.values()))


class _Stage(ExitStack):
    """Plays stories in virtual time here, with a player that is made when there is a first one."""

    def __init__(self, sitting: Sitting) -> None:
        super().__init__()
        self._sitting = sitting
        self._player: VirtualPlayer | None = None

    def play(self, story: Scenario) -> Trace:
        if self._player is None:
            player = VirtualPlayer(self._sitting.client, self._sitting.settings.wish)
            self._player = self.enter_context(player)
        return self._player.play(story)


def _lived(sitting: Sitting, chosen: Sequence[Scenario], stage: _Stage) -> list[Lived]:
    """What became of the chosen stories, in their order; each is heard of when it is over."""
    settings, client = sitting.settings, sitting.client
    listed = Listed(chosen, client, settings.replay)
    copies = copies_for(len(chosen), settings.copies)
    coming = listed.lived(stage.play) if copies == 1 else listed.shared(settings.wish, copies)
    found: dict[int, Lived] = {}
    for one in coming:
        found[one.place] = one
        if one.account is not None:
            sitting.heard(chosen[one.place])
        for note in one.notes:
            client.note(note)
    return [found[place] for place in range(len(chosen))]


def _in_real_time(sitting: Sitting, chosen: Sequence[Scenario]) -> tuple[Ruling, ...]:
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
        sitting.begin()
        played = player.play_all(fitting, sitting.heard)
        for trace in played:
            sitting.tell(judge(trace))
        if settings.level is not Level.QUICK:
            for judged in ceilings_alone(played, player):
                sitting.tell(judged)
        return tuple(_smallest(sitting, rulings(sitting.accounts), None))


def _wish(sitting: Sitting, chosen: Sequence[Scenario]) -> Wish:
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


def _fits(sitting: Sitting, story: Scenario, longest: float) -> bool:
    """Whether a story is short enough for real time; one that was asked for by name always is."""
    is_asked_for = sitting.settings.chosen is not None
    return is_asked_for or real_seconds(story, sitting.contract) <= longest


def _smallest(
    sitting: Sitting, found: Iterable[Ruling], play: Callable[[Scenario], Trace] | None
) -> Iterator[Ruling]:
    """The rulings, those that tell of something broken with the smallest story that shows it."""
    for ruling in found:
        if ruling.verdict not in (Verdict.FAILED, Verdict.ADVICE) or ruling.deciding is None:
            yield ruling
            continue
        shrinking = play if sitting.settings.shrinks else None
        story = sitting.scenarios[ruling.deciding]
        smallest = counterexample(ruling, story, shrinking, sitting.settings.replay)
        yield with_counterexample(ruling, smallest)
