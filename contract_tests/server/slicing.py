"""From a breach to a conversation that starts from nothing and has only what it needs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from contract_tests.server.claim import At, Claim, Compare, Rising
from contract_tests.server.conversation import (
    Await,
    Conversation,
    Pass,
    RetryPause,
    Send,
    Step,
    refs_in,
)
from contract_tests.server.judge import Found
from contract_tests.server.log import Event, Log


@dataclass(frozen=True, slots=True)
class Case:
    """A conversation and what must hold in it: ``given`` first, then the ``claims`` that do not."""

    conversation: Conversation
    claims: tuple[Claim, ...]
    given: tuple[Claim, ...]


def whole(found: Found, log: Log, conversation: Conversation) -> Conversation:
    """Everything that was said at the place of a breach, up to the call that showed it."""
    steps = tuple(event.step for event in _events(found, log))
    return Conversation(conversation.name, conversation.title, steps, conversation.story)


def needed(found: Found, log: Log, conversation: Conversation) -> Conversation:
    """The steps that a breach speaks of, those that they refer to, and the time between them."""
    events = _events(found, log)
    numbers = set(found.breach.calls) | {found.call.number}
    kept = {i for i, event in enumerate(events) if numbers.intersection(event.calls)}
    steps = [event.step for event in events]
    return _with_steps(conversation, closed(steps, kept, has_time=True))


def closed(steps: Sequence[Step], kept: Iterable[int], *, has_time: bool) -> tuple[Step, ...]:
    """The kept steps and all that they refer to; with ``has_time``, pauses behind the first."""
    found = set(kept)
    places = {name_of(step): index for index, step in enumerate(steps)}
    open_ends = list(found)
    while open_ends:
        for ref in refs_in(steps[open_ends.pop()]):
            place = places.get(ref.step)
            if place is not None and place not in found:
                found.add(place)
                open_ends.append(place)
    if has_time and found:
        found |= {
            index
            for index, step in enumerate(steps)
            if isinstance(step, (Pass, RetryPause)) and min(found) < index < max(found)
        }
    return _merged(step for index, step in enumerate(steps) if index in found)


def _merged(steps: Iterable[Step]) -> tuple[Step, ...]:
    """The steps with one pause where several follow each other."""
    merged: list[Step] = []
    for step in steps:
        last = merged[-1] if merged else None
        if isinstance(step, Pass) and isinstance(last, Pass):
            merged[-1] = Pass(round(last.seconds + step.seconds, 3))
        else:
            merged.append(step)
    return tuple(merged)


def name_of(step: Step) -> str | None:
    """The name by which later steps refer to this one."""
    return step.name if isinstance(step, (Send, Await)) else None


def _with_steps(conversation: Conversation, steps: tuple[Step, ...]) -> Conversation:
    return Conversation(conversation.name, conversation.title, steps, conversation.story)


def _events(found: Found, log: Log) -> list[Event]:
    """What happened at the place of a breach, up to the step that showed it."""
    here = [event for event in log.events if event.place == found.call.place]
    last = max(i for i, event in enumerate(here) if found.call.number in event.calls)
    return here[: last + 1]


def case_of(found: Found, log: Log, conversation: Conversation) -> Case:
    """A conversation that was just held, with the claims of a breach about its steps."""
    by_number = {number: event for event in log.events for number in event.calls}

    def name(at: At) -> At:
        return at if isinstance(at, str) else name_of(by_number[at].step) or at

    def said(claims: Iterable[Claim]) -> tuple[Claim, ...]:
        found: list[Claim] = []
        for claim in claims:
            named = _in_await(claim, by_number).renamed(name)
            # Values of schemas cannot be hashed.
            if named not in found:
                found.append(named)
        return tuple(found)

    return Case(conversation, said(found.breach.claims), said(found.breach.given))


def _in_await(claim: Claim, by_number: dict[int, Event]) -> Claim:
    """A comparison of two readings within one wait becomes one of all its readings."""
    if not isinstance(claim, Compare) or claim.on == claim.other or claim.relation != ">=":
        return claim
    one, other = by_number[int(claim.on)], by_number[int(claim.other)]
    is_within = one is other and isinstance(one.step, Await)
    return Rising(claim.on, claim.path, claim.order, claim.but) if is_within else claim


def is_about(given: Claim, claims: Iterable[Claim]) -> bool:
    """Whether what is given is about the very reply that is judged.

    Then a reply of which it is not true breaks nothing; any other reply is needed to get there.
    """
    return any(given.on == claim.on for claim in claims)
