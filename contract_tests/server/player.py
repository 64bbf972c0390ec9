"""Holds conversations with a server: symbols become calls, and each call is noted."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from contract_tests.server.conversation import (
    Await,
    Conversation,
    Fields,
    FormBody,
    Join,
    JsonBody,
    Key,
    Once,
    Pass,
    RawBody,
    Ref,
    RetryPause,
    Send,
    Step,
    Symbol,
    UnknownSymbolError,
)
from contract_tests.server.forms import encode_form
from contract_tests.server.judge import Judge
from contract_tests.server.log import Event
from contract_tests.server.money import Budget
from contract_tests.server.patience import Patience
from contract_tests.server.reasons import BAD_KEYS
from contract_tests.server.seen import Reply, Seen
from contract_tests.server.target import SilenceError, Target, UnsendableError
from contract_tests.server.venue import Place, Venue
from mock_server.core.exchange import NO_JSON

_SAFE_IN_ID = "-._~"


class Player:
    """Holds conversations; everything that is said goes to the judge, who keeps the log.

    ``is_polite``: the server is not ours, so it is polled as the profile advises, and what it
    refuses for the moment is sent again after the time that it asks for.
    """

    def __init__(self, target: Target, venue: Venue, judge: Judge, budget: Budget) -> None:
        self.target = target
        self.venue = venue
        self.judge = judge
        self.budget = budget
        self.is_polite = not venue.is_mock
        self._promises = judge.promises
        self._patience = Patience(judge.promises)

    def hold(self, conversation: Conversation) -> None:
        """Hold a conversation from nothing, as far as it goes.

        Raises ``StoryError`` for a story that the server cannot play, ``SpentError`` when no submit
        may be sent any more.
        """
        place = self.venue.open(conversation.story)
        try:
            self.hold_at(place, conversation.steps)
        finally:
            place.close()

    def hold_at(self, place: Place, steps: tuple[Step, ...]) -> None:
        """Take steps at a place, up to the first that refers to what no reply holds."""
        known: dict[str, Seen] = {}
        for step in steps:
            try:
                self.take(place, step, known)
            except UnknownSymbolError:
                return
            except UnsendableError:
                continue

    def take(self, place: Place, step: Step, known: dict[str, Seen]) -> None:
        """Take one step; ``known`` are the replies by name, to which its own is added."""
        if isinstance(step, Send):
            first = self.judge.next_number
            known[step.name] = self.send(place, step, known)
            numbers = tuple(range(first, self.judge.next_number))
            self.judge.took(Event(step, place.name, numbers))
        elif isinstance(step, Await):
            self._await(place, step, known)
        else:
            seconds = step.seconds if isinstance(step, Pass) else _asked(known, step)
            place.wait(seconds)
            self.judge.took(Event(step, place.name))

    def send(self, place: Place, step: Send, known: Mapping[str, Seen]) -> Seen:
        """Send a call, again where it was refused for the moment; the last one.

        Raises ``UnknownSymbolError``, ``UnsendableError`` and ``SpentError``.
        """
        url = _url(place, step.url, known)
        fields, body = _content(step, known, place.tag)
        fields = (*_authorization(step.key, place.keys.get(step.key)), *fields, *step.headers)
        attempt = 0
        while True:
            call = self._sent(place, step, url, fields, body)
            pause = self._patience.pause(call.reply, attempt) if self.is_polite else None
            if pause is None or self.budget.left == 0:
                return call
            place.wait(pause)
            attempt += 1

    def _sent(self, place: Place, step: Send, url: str, fields: Fields, body: bytes) -> Seen:
        path, query = _relative(place, url)
        match = self._promises.contract.routes.find(step.method, path)
        is_submit = match is not None and match.route.operation == "submit"
        # Without a valid key there is no account that could pay.
        if is_submit and step.key not in BAD_KEYS:
            self.budget.take()
        at = place.now()
        reply, silence = self._reply(step, url, fields, body)
        key = place.keys.get(step.key) if step.key in (Key.OWN, Key.OTHER) else None
        call = Seen(
            number=self.judge.next_number,
            place=place.name,
            send=step,
            method=step.method,
            url=url,
            path=path,
            query=query,
            headers=fields,
            body=body,
            at=at,
            match=match,
            reply=reply,
            silence=silence,
            secrets=() if key is None else (key,),
        )
        self.judge.see(call)
        return call

    def _reply(self, step: Send, url: str, fields: Fields, body: bytes) -> tuple[Reply | None, str]:
        try:
            return self.target.send(step.method, url, fields, body), ""
        except SilenceError as error:
            return None, str(error)

    def _await(self, place: Place, step: Await, known: dict[str, Seen]) -> None:
        polling = self._promises.contract.polling
        pause = polling.interval if self.is_polite else polling.floor
        place.wait(polling.initial if self.is_polite else pause)
        deadline = place.now() + polling.max_wait
        reading = Send(step.name, "GET", step.url, step.key)
        numbers = []
        while True:
            call = known[step.name] = self.send(place, reading, known)
            numbers.append(call.number)
            has_ended = call.value("status") in self._promises.end_words
            if has_ended or not call.is_accepted or place.now() > deadline:
                break
            place.wait(pause)
        self.judge.took(Event(step, place.name, tuple(numbers)))


def _asked(known: Mapping[str, Seen], step: RetryPause) -> float:
    call = known.get(step.step)
    value = call.reply.number("retry-after") if call is not None and call.reply else None
    if value is None:
        raise UnknownSymbolError(Ref(step.step, ()))
    return float(value)


def _authorization(kind: Key, key: str | None) -> Fields:
    if kind is Key.EMPTY:
        return (("Authorization", "Bearer"),)
    return () if key is None else (("Authorization", f"Bearer {key}"),)


def _content(step: Send, known: Mapping[str, Seen], tag: str) -> tuple[Fields, bytes]:
    body = step.body
    if isinstance(body, JsonBody):
        content = json.dumps(resolved(body.value, known, tag)).encode()
        return (("Content-Type", "application/json"),), content
    if isinstance(body, RawBody):
        kind = () if body.media_type is None else (("Content-Type", body.media_type),)
        return kind, body.content
    if isinstance(body, FormBody):
        media_type, content = encode_form(body)
        return (("Content-Type", media_type),), content
    return (), b""


def resolved(value: Any, known: Mapping[str, Seen], tag: str) -> Any:
    """A value with real values where it had symbols; raises ``UnknownSymbolError``.

    ``tag`` is what no other conversation has.
    """
    if isinstance(value, Ref):
        return _found(value, known)
    if isinstance(value, Once):
        return value.before + tag
    if isinstance(value, Join):
        return "".join(str(resolved(part, known, tag)) for part in value.parts)
    if isinstance(value, Mapping):
        return {name: resolved(member, known, tag) for name, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [resolved(member, known, tag) for member in value]
    return value


def _found(ref: Ref, known: Mapping[str, Seen]) -> object:
    call = known.get(ref.step)
    found = NO_JSON if call is None else call.value(*ref.path)
    if found is NO_JSON or found is None:
        raise UnknownSymbolError(ref)
    return found


def _url(place: Place, url: Symbol, known: Mapping[str, Seen]) -> str:
    """A whole URL: what a reply gave as it is, a path behind the root, its values quoted."""
    if isinstance(url, Ref):
        return str(_found(url, known))
    if isinstance(url, Join):
        parts = (
            part
            if isinstance(part, str)
            else quote(str(resolved(part, known, place.tag)), safe=_SAFE_IN_ID)
            for part in url.parts
        )
        return place.root + "".join(parts)
    return place.root + url


def _relative(place: Place, url: str) -> tuple[str, str]:
    """Path and query behind the root; those of the URL where it leads elsewhere."""
    rest = url.removeprefix(place.root) if url.startswith(place.root) else None
    if rest is None:
        parts = urlsplit(url)
        return parts.path, parts.query
    path, _, query = rest.partition("?")
    return path, query
