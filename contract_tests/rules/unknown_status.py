"""POL-09: a status that nobody knows is no end."""

from collections.abc import Iterator

from contract_tests.finding import Finding, Violation, Words
from contract_tests.rules.base import samples
from contract_tests.rules.base.jobs import calls_by_job
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.rules.base.tolerance import Odd, is_sound, reactions, status_word
from contract_tests.trace import Ability, Exchange, Trace
from mock_server.core.lifecycle import Phase


class UnknownStatus(Rule):
    """After a status word that is not documented, the client asks on, and claims no success.

    Behind some such words the task has ended: then only the success is judged.
    """

    id = "unknown-status"
    number = "POL-09"
    title = "A status that is not documented is neither a success nor a failure: polling goes on"
    grade = Grade.MUST
    origin = Origin.SAFETY
    why = (
        "Vendors add words without notice. Whoever takes an unknown one for the end throws away an"
        " image that is being drawn, or reports one that is not there."
    )
    source = "the kit: rules for clients, POL-09; REF and OBS disagree on the words themselves"
    mend = (
        "End the loop on the documented words for success and failure only.",
        "Leave everything else to the overall deadline.",
    )
    needs = frozenset({Ability.REPORTS})

    def judge(self, trace: Trace) -> Finding:
        """Every reply with such a word, what came after it, and what was reported in the end."""
        found = [one for one in trace.calls.polls() if _is_unknown(trace, one)]
        going_on = [one for one in found if one.phase is not None and not one.phase.is_terminal]
        taken = [
            reaction
            for one in going_on
            for reaction in reactions(trace, Odd(one, f"the status {status_word(one)!r}"))
        ]
        claims = list(_claims(trace, found))
        return self.judged(
            trace,
            chances=len(taken) + sum(one.phase is Phase.FAILED for one in found),
            idle="no status was unknown",
            violations=[*claims, *(one for one in taken if one is not None)],
        )

    @property
    def innocent(self) -> Trace:
        """A word for a check of the prompt, and on."""
        last = samples.poll(3, 10, Phase.SUCCEEDED)
        return samples.trace(samples.submit(1, 0), _odd(), last, outcome=samples.succeeded())

    @property
    def guilty(self) -> Trace:
        """The same word, taken for a success."""
        return samples.trace(samples.submit(1, 0), _odd(), outcome=samples.succeeded())


def _odd() -> Exchange:
    return samples.poll(2, 5, content=samples.task_text(Phase.RUNNING, status="moderating"))


def _is_unknown(trace: Trace, poll: Exchange) -> bool:
    word = status_word(poll)
    is_word = isinstance(word, str) and bool(word) and word not in trace.terms.words.all
    return is_word and is_sound(trace, poll, told=False)


def _claims(trace: Trace, found: list[Exchange]) -> Iterator[Violation]:
    """The successes that were reported after such a word behind which there was none."""
    for job in calls_by_job(trace):
        last = job.last
        if last in found and last.phase is not Phase.SUCCEEDED and job.claims_success:
            facts = {"call": last.number, "word": status_word(last)}
            words = Words("a success was reported after {word!r} in call {call}", facts)
            yield Violation((last.number,), words)
