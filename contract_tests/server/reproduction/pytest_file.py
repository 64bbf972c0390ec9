"""A breach as a file for pytest: httpx is all that it needs besides."""

import re
import textwrap
from collections.abc import Iterator

from contract_tests.server import claim as c
from contract_tests.server.conversation import Await, Key, Pass, RetryPause, Send, Step
from contract_tests.server.reproduction import python_parts as parts
from contract_tests.server.reproduction.facts import Facts
from contract_tests.server.reproduction.python_claims import (
    claim_statements,
    given_statements,
    imports_of,
)
from contract_tests.server.reproduction.python_steps import step_statements
from contract_tests.server.slicing import Case, is_about


def pytest_file(case: Case, facts: Facts) -> str:
    """The file; its one test passes where the promise is kept and fails where it is broken."""
    text = "\n".join(_lines(case, facts)) + "\n"
    return re.sub(r"\n{4,}", "\n\n\n", text)


def _lines(case: Case, facts: Facts) -> Iterator[str]:
    steps, story = case.conversation.steps, case.conversation.story
    body = [f"    {line}" if line else "" for line in _body(case)]
    code = [*_functions(case, facts, "\n".join(body)), *body]
    yield f'"""{facts.number} {facts.id}: {facts.title}.'
    yield ""
    for text in (f"Expected: {facts.expected}", f"Seen: {facts.seen}", f"Source: {facts.source}"):
        yield textwrap.fill(text, 98, subsequent_indent="    ")
    yield ""
    yield parts.HOW_TO_RUN if story is None else parts.HOW_TO_RUN_A_STORY
    yield '"""'
    yield ""
    settings = [*_settings(steps, facts, has_story=story is not None)]
    yield from _imports(case, "\n".join((*settings, *code)))
    yield ""
    yield from settings
    yield from code


def _functions(case: Case, facts: Facts, body: str) -> Iterator[str]:
    """The functions that the test needs, up to its own first line."""
    story = case.conversation.story
    waits = any(isinstance(step, Await) for step in case.conversation.steps)
    if waits or story is not None or "at(" in body or "MISSING" in body:
        yield parts.READING
    if "part_of_path(" in body:
        yield parts.PART_OF_PATH
    if waits:
        words = repr(facts.end_words)
        yield parts.wait_function(words, facts.poll_seconds, facts.patience, story is not None)
    if story is not None:
        yield parts.STORY.replace("@STORY@", repr(dict(story)))
    yield parts.GAP
    yield f"def test_{facts.id.replace('-', '_')}() -> None:"


def _imports(case: Case, code: str) -> Iterator[str]:
    found = {"import os", *imports_of(case.claims)}
    known = {
        "time.": "import time",
        "Any": "from typing import Any",
        "quote(": "from urllib.parse import quote",
    }
    found |= {line for name, line in known.items() if name in code}
    yield from sorted(found, key=lambda line: (line.startswith("from"), line))
    yield ""
    yield "import httpx"
    if any(isinstance(claim, c.Picture) for claim in case.claims):
        yield "from PIL import Image"


def _settings(steps: tuple[Step, ...], facts: Facts, *, has_story: bool) -> Iterator[str]:
    keys = {step.key for step in steps if isinstance(step, (Send, Await))}
    yield parts.MOCK_SETTINGS if has_story else parts.SETTINGS
    if "Once(" in repr(steps):
        yield parts.RUN
    if not has_story and Key.OTHER in keys:
        yield parts.OTHER_KEY
    if Key.UNKNOWN in keys:
        yield f'UNKNOWN = {{"Authorization": "Bearer {facts.unknown_key}"}}'
    if Key.EMPTY in keys:
        yield 'EMPTY = {"Authorization": "Bearer"}'
    if any(isinstance(step, (Await, Pass, RetryPause)) for step in steps):
        yield parts.STORY_PAUSE if has_story else parts.PAUSE


def _body(case: Case) -> Iterator[str]:
    yield "with httpx.Client(timeout=60) as http:"
    if case.conversation.story is not None:
        yield "    root, own, session = begin(http)"
    for step in case.conversation.steps:
        for line in step_statements(step, has_story=case.conversation.story is not None):
            yield f"    {line}"
    awaits = {step.name for step in case.conversation.steps if isinstance(step, Await)}
    for claim in case.given:
        yield from given_statements(claim, is_condition=is_about(claim, case.claims))
    for claim in case.claims:
        yield from claim_statements(claim, awaits)
