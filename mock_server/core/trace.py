"""What happened in one run, as values that never change: all that rules and checks read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import islice, pairwise, takewhile

from mock_server.core.callback import WEBHOOK
from mock_server.core.contract import Backoff, Polling
from mock_server.core.exchange import Exchange
from mock_server.core.explain_reply import Received, received
from mock_server.core.journal import CONTENT_BYTES, Entry
from mock_server.core.keys import owner_of
from mock_server.core.lifecycle import Phase
from mock_server.core.masking import masked, presented
from mock_server.core.outcome import Outcome
from mock_server.core.result_url import read_ticket
from mock_server.core.script import Head, Script, Wait, content_of
from mock_server.core.world import World

# Epoch seconds are floats: about that much is lost when two of them are subtracted.
_RESOLUTION = 1e-6


@dataclass(frozen=True, slots=True)
class Gap:
    """Two calls that followed each other, and the seconds from start to start."""

    before: Exchange
    after: Exchange
    seconds: float


@dataclass(frozen=True, slots=True)
class Trace:
    """The calls of one run in the order in which they were answered, and what they are held to.

    ``dropped`` counts earlier calls that the journal had to let go. ``taken`` is when the trace
    was made, in seconds of the session's clock. ``outcome`` is what the client reported, if it did.
    """

    exchanges: tuple[Exchange, ...]
    polling: Polling
    backoff: Backoff
    taken: float = 0.0
    dropped: int = 0
    outcome: Outcome | None = None

    def submits(self) -> tuple[Exchange, ...]:
        """The calls that submitted a task, or tried to."""
        return tuple(one for one in self.exchanges if one.operation == "submit")

    def polls(self, task: str | None = None) -> tuple[Exchange, ...]:
        """The calls that asked for the status of a task, or of any."""
        polls = (one for one in self.exchanges if one.operation == "status")
        return tuple(one for one in polls if task is None or one.task == task)

    def after(self, exchange: Exchange) -> tuple[Exchange, ...]:
        """The later calls that began when the reply to this one could be known."""
        later = self.exchanges[self.exchanges.index(exchange) + 1 :]
        return tuple(one for one in later if not is_shorter(one.started, exchange.completed))

    def reported(self, outcome: Outcome) -> "Trace":
        """The same trace with what the client reported."""
        return replace(self, outcome=outcome)


def by_call(exchanges: Iterable[Exchange]) -> dict[tuple[str, str], tuple[Exchange, ...]]:
    """All attempts at each call, told apart by :attr:`Exchange.call`."""
    found: dict[tuple[str, str], list[Exchange]] = {}
    for exchange in exchanges:
        found.setdefault(exchange.call, []).append(exchange)
    return {call: tuple(attempts) for call, attempts in found.items()}


def gaps(exchanges: Iterable[Exchange]) -> tuple[Gap, ...]:
    """The gaps between calls, each and the next."""
    pairs = pairwise(exchanges)
    return tuple(Gap(before, after, after.started - before.started) for before, after in pairs)


def is_shorter(seconds: float, bound: float) -> bool:
    """Whether a time is below a bound by more than what floats lose."""
    return seconds < bound - _RESOLUTION


def trace_of(world: World, now: float | None = None, since: int = 0) -> Trace:
    """What the journal of a world tells; the parameters are those of :func:`copy_journal`."""
    return copy_journal(world, now, since).trace()


def copy_journal(world: World, now: float | None = None, since: int = 0) -> "JournalCopy":
    """What a trace is made of, taken at once.

    ``now`` is what the session's clock shows, without it the last time that the journal knows.
    ``since`` leaves out that many of the session's first calls, as counted by ``world.calls``.
    """
    journal = world.journal
    latest = islice(journal, max(0, since - journal.dropped), None)
    # Events are sent by the server: no client is to be judged by how often they come.
    entries = tuple(entry for entry in latest if entry.operation != WEBHOOK)
    if now is None:
        now = max((entry.ended or entry.at for entry in entries), default=0.0)
    over = frozenset(entry.number for entry in entries if entry.ended is not None)
    dropped = max(0, journal.dropped - since)
    return JournalCopy(world, entries, over, _own_names(world), now, dropped)


@dataclass(frozen=True, slots=True)
class JournalCopy:
    """The journal of a world at one moment; ``over`` are the numbers of calls that had ended.

    Making the trace takes a while where there are many calls, but needs nothing that changes
    meanwhile, so it can be done in another thread.
    """

    world: World
    entries: tuple[Entry, ...]
    over: frozenset[int]
    own_names: Mapping[str, str]
    taken: float
    dropped: int

    def trace(self, known: dict[int, Exchange] | None = None) -> Trace:
        """The trace; calls that are over are looked up in ``known`` by their number, or put there.

        That saves work where one world is looked at again and again.
        """
        known = {} if known is None else known
        exchanges = tuple(self._exchange(entry, known) for entry in self.entries)
        contract = self.world.contract
        return Trace(exchanges, contract.polling, contract.backoff, self.taken, self.dropped)

    def _exchange(self, entry: Entry, known: dict[int, Exchange]) -> Exchange:
        found = known.get(entry.number)
        if found is None:
            found = _exchange(self.world, entry, self.own_names)
            if entry.number in self.over:
                known[entry.number] = found
        return found


def _exchange(world: World, entry: Entry, own_names: Mapping[str, str]) -> Exchange:
    """One entry of a world's journal as a value."""
    # Waiting changes nothing about what arrives, only when.
    reply = received(tuple(step for step in entry.script if not isinstance(step, Wait)))
    content_cut = entry.content_size > len(content_of(entry.script))
    return Exchange(
        number=entry.number,
        started=entry.at,
        operation=entry.operation,
        method=entry.method,
        path=entry.path,
        query=entry.query,
        headers=entry.headers,
        body=entry.body,
        body_cut=entry.body_size > CONTENT_BYTES,
        digest=entry.digest,
        status=entry.status,
        reply_headers=entry.reply_headers,
        content=_clean(entry, reply.content),
        content_cut=content_cut or len(reply.content) > CONTENT_BYTES,
        task=_task(world, entry, own_names),
        phase=None if entry.phase is None else Phase(entry.phase),
        created=entry.created,
        # Of a long reply, the journal does not keep how it was broken off.
        told=_tells(world, entry, reply) if not content_cut else _is_untouched(entry),
        fault=entry.fault,
        moment=entry.moment,
        head_wait=_head_wait(entry.script),
        total_wait=sum(step.seconds for step in entry.script if isinstance(step, Wait)),
        ended=entry.ended,
        aborted=entry.aborted,
        key=_key(entry),
        connection=entry.connection,
        base=entry.call.base,
    )


def _clean(entry: Entry, content: bytes) -> bytes:
    return masked(content, (*entry.secrets, *presented(entry.call.headers)))[:CONTENT_BYTES]


def _key(entry: Entry) -> str:
    values = [value for name, value in entry.call.headers if name == b"authorization"]
    return owner_of(b"\n".join(values).decode("latin-1")) if values else ""


def _is_untouched(entry: Entry) -> bool:
    return entry.fault is None and not entry.aborted


def _tells(world: World, entry: Entry, reply: Received) -> bool:
    """Whether the reply says what is meant, in the vendor's words, and arrives."""
    if entry.aborted or reply.broken is not None:
        return False
    phase = None if entry.phase is None else Phase(entry.phase)
    needed: set[str | None] = {entry.task} if entry.created else set()
    if phase is not None and phase.is_terminal:
        needed = {entry.task, world.contract.words.by_phase[phase]}
    return not needed or needed <= set(reply.texts)


def _head_wait(script: Script) -> float:
    before = takewhile(lambda step: not isinstance(step, Head), script)
    return sum(step.seconds for step in before if isinstance(step, Wait))


def _task(world: World, entry: Entry, own_names: Mapping[str, str]) -> str | None:
    """The task that a call was about; where a fault came first, as its URL says."""
    if entry.task is not None:
        return entry.task
    match = world.contract.routes.find(entry.method, entry.call.path)
    if match is None:
        return None
    if match.route.operation == "result":
        ticket = read_ticket(world, entry.call.path, entry.call.parameters)
        return None if ticket is None else ticket.task_id
    name = match.parameters.get("id")
    return name if name is None else own_names.get(name, name)


def _own_names(world: World) -> dict[str, str]:
    """The tasks behind clients' own ids, where the profile has such; none if two owners share."""
    names: dict[str, str] = {}
    if world.contract.switches.task_by_client_id:
        for (_, own), task in world.by_client_id.items():
            names[own] = own if own in names else task
    return names
