"""A breach as a shell script: bash, curl and jq are all that it needs."""

import re
import textwrap
from collections.abc import Iterator

from contract_tests.server.claim import Claim, Picture
from contract_tests.server.conversation import Await, Key, Pass, RetryPause, Send, Step
from contract_tests.server.reproduction import shell_parts as parts
from contract_tests.server.reproduction.curl_claims import claim_lines
from contract_tests.server.reproduction.curl_steps import step_lines
from contract_tests.server.reproduction.facts import Facts
from contract_tests.server.reproduction.jq import literal
from contract_tests.server.slicing import Case, is_about


def curl_script(case: Case, facts: Facts) -> str:
    """The script; it ends with 0 where the promise is kept and with 1 where it is broken."""
    return "\n".join(_lines(case, facts)) + "\n"


def _lines(case: Case, facts: Facts) -> Iterator[str]:
    steps, story = case.conversation.steps, case.conversation.story
    work = [*_work(case, facts)]
    yield "#!/usr/bin/env bash"
    yield from _head(facts)
    yield parts.HOW_TO_RUN
    yield from _settings(steps, has_story=story is not None)
    yield parts.CALL
    waits = any(isinstance(step, Await) for step in steps)
    written = "\n".join((*work, "codes " if waits else ""))
    for name, function in parts.FUNCTIONS.items():
        if re.search(rf"(?<![-/\w]){name} ", written):
            yield function
    if any(isinstance(step, (Pass, RetryPause, Await)) for step in steps):
        yield parts.STORY_PAUSE if story is not None else parts.PAUSE
    if waits:
        words = literal(list(facts.end_words))
        yield parts.await_function(words, facts.poll_seconds, facts.patience)
    if any(isinstance(claim, Picture) for claim in case.claims):
        yield parts.SIDES
    if story is not None:
        yield parts.SESSION.replace("@STORY@", literal(dict(story)))
    yield ""
    yield from work


def _head(facts: Facts) -> Iterator[str]:
    yield f"# {facts.number} {facts.id}: {facts.title}."
    for name, text in (
        ("Expected", facts.expected),
        ("Seen", facts.seen),
        ("Source", facts.source),
    ):
        yield textwrap.fill(f"{name}: {text}", 98, initial_indent="# ", subsequent_indent="#   ")


def _work(case: Case, facts: Facts) -> Iterator[str]:
    for step in case.conversation.steps:
        yield from step_lines(step)
    yield ""
    for claim in case.given:
        yield from _held(claim, facts, "only_if" if is_about(claim, case.claims) else "given")
    for claim in case.claims:
        yield from _held(claim, facts, "promised")
    yield parts.END


def _settings(steps: tuple[Step, ...], *, has_story: bool) -> Iterator[str]:
    keys = {step.key for step in steps if isinstance(step, (Send, Await))}
    if has_story:
        yield parts.MOCK_SETTINGS
        return
    yield parts.SETTINGS
    if Key.OTHER in keys:
        yield ': "${OTHER_KEY:?another valid key, of another account}"'


def _held(claim: Claim, facts: Facts, how: str) -> Iterator[str]:
    for line in claim_lines(claim, facts):
        yield f"{how} {line}"
