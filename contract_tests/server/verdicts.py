"""From what was found to the examination that reports read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import version

from contract_tests.examination import Counterexample, Examination, Moment, Ruling, Story
from contract_tests.finding import Finding, Place, Verdict, Words
from contract_tests.server.conversation import Key
from contract_tests.server.judge import Tally
from contract_tests.server.player import Player
from contract_tests.server.promises import Promises
from contract_tests.server.reproducing import Reproduced
from contract_tests.server.seen import Seen
from contract_tests.server.statement import Means, Statement
from contract_tests.server.statements import all_statements
from mock_server.core.masking import masked


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check came to: ``reproduced`` holds the smallest case for each broken statement."""

    subject: str
    seed: int
    notes: tuple[str, ...]
    reproduced: Mapping[str, Reproduced]


def examination(
    outcome: Outcome, player: Player, means: Means, *, began: float, lasted: float
) -> Examination:
    """The examination: a ruling on every statement, a story for each that is broken."""
    teller = _Teller(player, means)
    rulings = [teller.ruling(one, outcome.reproduced.get(one.id)) for one in all_statements()]
    stories = [
        teller.story(ruling, outcome.reproduced[ruling.statement.id])
        for ruling in rulings
        if ruling.statement.id in outcome.reproduced
    ]
    return Examination(
        subject=outcome.subject,
        kind="server",
        profile=player.judge.promises.contract.name,
        began=began,
        lasted=lasted,
        seed=outcome.seed,
        rulings=tuple(rulings),
        stories=tuple(stories),
        notes=outcome.notes,
        version=version("safelight"),
    )


class _Teller:
    """Puts things into words, without any key in them."""

    def __init__(self, player: Player, means: Means) -> None:
        self._player = player
        self._means = means
        self._promises: Promises = player.judge.promises
        calls = player.judge.log.calls
        self._secrets = tuple(dict.fromkeys(key for call in calls for key in call.secrets))

    def ruling(self, statement: Statement, reproduced: Reproduced | None) -> Ruling:
        row = statement.row(self._promises)
        reason = statement.not_promised(self._promises)
        if reason is not None:
            finding = self._finding(statement, Verdict.NOT_APPLICABLE, Words(reason))
            return Ruling(row, Verdict.NOT_APPLICABLE, finding)
        tally = self._player.judge.tallies[statement.id]
        if reproduced is not None:
            return self._broken(statement, tally, reproduced)
        if tally.chances == 0:
            finding = self._finding(
                statement, Verdict.NOT_EXERCISED, Words(statement.missing(self._means))
            )
            return Ruling(row, Verdict.NOT_EXERCISED, finding)
        seen = Words("held {chances} times", {"chances": tally.chances})
        return Ruling(row, Verdict.PASSED, self._finding(statement, Verdict.PASSED, seen))

    def _finding(self, statement: Statement, verdict: Verdict, seen: Words) -> Finding:
        return Finding(statement.id, verdict, Words("{title}", {"title": statement.title}), seen)

    def _broken(self, statement: Statement, tally: Tally, shown: Reproduced) -> Ruling:
        verdict = Verdict.FAILED if statement.grade == "MUST" else Verdict.ADVICE
        breach, call = shown.found.breach, shown.found.call
        finding = Finding(
            statement.id,
            verdict,
            self._masked(breach.expected),
            self._masked(breach.seen),
            Place(call.number, breach.path),
            breach.calls or (call.number,),
        )
        script = next(iter(shown.files))
        counterexample = Counterexample(
            statement.id,
            statement.id,
            0,
            {name: self._masked_text(text) for name, text in shown.files.items()},
            f"bash {script}",
        )
        where = dict.fromkeys(one.conversation for one in tally.found)
        return Ruling(
            statement.row(self._promises),
            verdict,
            finding,
            statement.id,
            tuple(where),
            counterexample=counterexample,
        )

    def story(self, ruling: Ruling, shown: Reproduced) -> Story:
        """The calls of the smallest case, for the statement that it breaks."""
        assert ruling.finding is not None
        text = next(iter(shown.files.values()))
        why = "" if shown.is_confirmed else " It did not show again when it was held once more."
        numbers = {number for event in shown.log.events for number in event.calls}
        calls = [one for one in shown.log.calls if one.place == shown.found.call.place]
        told = [one for one in calls if one.number in numbers and _is_told(one, shown)]
        return Story(
            name=ruling.statement.id,
            title=shown.case.conversation.title,
            why=f"{ruling.statement.why}{why}",
            text=self._masked_text(text),
            replay=f"bash {ruling.statement.id}.sh",
            timing="virtual" if self._player.venue.is_mock else "real",
            moments=tuple(self._moments(told)),
            found={ruling.statement.id: ruling.finding},
        )

    def _moments(self, calls: Iterable[Seen]) -> Iterable[Moment]:
        start: float | None = None
        for call in calls:
            start = call.at if start is None else start
            word = call.value("status")
            told = f" {word}" if isinstance(word, str) else ""
            answered = f"{call.status}{told}" if call.reply else f"no reply: {call.silence[:80]}"
            what = f"{call.operation} {call.method}"
            if call.key is not Key.OWN:
                what += f" ({call.key.value} key)"
            yield Moment(call.at - start, "call", what, answered, call.number)

    def _masked(self, words: Words) -> Words:
        facts = {
            name: self._masked_text(value) if isinstance(value, str) else value
            for name, value in words.facts.items()
        }
        return Words(words.template, facts)

    def _masked_text(self, text: str) -> str:
        return _hidden(text, self._secrets)


def _hidden(text: str, secrets: tuple[str, ...]) -> str:
    """A text without the keys that calls carried; made-up keys in scripts stay as they are."""
    for secret in secrets:
        text = text.replace(secret, masked(secret.encode(), (secret,)).decode())
    return text


def _is_told(call: Seen, shown: Reproduced) -> bool:
    """Whether a call belongs to the case: all of a case that was held again, else what counts."""
    return shown.is_confirmed or call.number in {shown.found.call.number, *shown.found.breach.calls}
