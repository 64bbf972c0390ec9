"""REQ-06: the prompt arrives as it was given."""

import re
from collections.abc import Iterator

from contract_tests.finding import Finding, Violation, Words
from contract_tests.rules.base import samples
from contract_tests.rules.base.domain import is_sayable, out_of_range
from contract_tests.rules.base.payload import is_form, payload
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Ability, Exchange, Trace
from mock_server.core.masking import masked
from mock_server.core.sizes import first_value
from mock_server.core.verification.json_match import as_text

_LINE_END = re.compile(r"\r\n?|\n")


class PromptIntact(Rule):
    """The prompt of a submit is the caller's, sign by sign."""

    id = "prompt-intact"
    number = "REQ-06"
    title = "The prompt arrives as the caller gave it, whatever signs it is made of"
    grade = Grade.MUST
    origin = Origin.DOCUMENTED
    why = "A question mark in place of an accent or an emoji is another picture, and is charged."
    source = "GUIDE Key Parameters: prompt; RFC 8259, 8.1: JSON is exchanged as UTF-8"
    mend = (
        "Encode JSON as UTF-8, by a JSON library; put no text together by hand or by a shell.",
        "Do not normalise, re-encode or drop signs; refuse what JSON cannot carry at all.",
    )
    needs = frozenset({Ability.PROMPTS})

    def judge(self, trace: Trace) -> Finding:
        """Every prompt that was sent, against those that were given."""
        given = [done.job.prompt for done in trace.jobs]
        if any(out_of_range(done.job, trace.terms) for done in trace.jobs):
            given = []
        sent = list(_prompts(trace)) if given else []
        wrong = [(one, text) for one, text in sent if _gist(one, text) not in _gists(one, given)]
        refused = [done for done in trace.jobs if not (sent or is_sayable(done.job))]
        return self.judged(
            trace,
            chances=len(sent) + len(refused),
            idle="no prompt was sent of which it is known how it was given",
            violations=[
                Violation(
                    (one.number,),
                    Words(
                        "call {call} says {sent}, the caller {given}",
                        {"call": one.number, "sent": as_text(text), "given": _shown(given)},
                    ),
                )
                for one, text in wrong
            ],
        )

    @property
    def innocent(self) -> Trace:
        """Signs of many kinds, sent as they are."""
        prompt = "caf\u00e9 \U0001f63a \u05d0\u05d1 e\u0301"
        order = {"model": "sample-image", "prompt": prompt}
        done = samples.done(samples.succeeded(), job=samples.job(prompt=prompt))
        return samples.trace(samples.submit(1, 0, order), jobs=(done,))

    @property
    def guilty(self) -> Trace:
        """What ASCII cannot say was lost."""
        order = {"model": "sample-image", "prompt": "caf?"}
        done = samples.done(samples.succeeded(), job=samples.job(prompt="caf\u00e9"))
        return samples.trace(samples.submit(1, 0, order), jobs=(done,))


def _prompts(trace: Trace) -> Iterator[tuple[Exchange, str]]:
    for one in trace.exchanges:
        said = payload(one, trace.terms) if one.operation == "submit" else None
        text = first_value(said or {}, trace.terms.fields.prompt)
        if isinstance(text, str):
            yield one, text


def _gists(submit: Exchange, given: list[str]) -> set[str]:
    return {_gist(submit, text) for text in given}


def _gist(submit: Exchange, text: str) -> str:
    """What must not change: a form may write ends of lines its own way; the journal hides keys."""
    kept = masked(text.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass").strip()
    return _LINE_END.sub("\n", kept) if is_form(submit) else kept


def _shown(given: list[str]) -> str:
    return " or ".join(dict.fromkeys(map(as_text, given)))
