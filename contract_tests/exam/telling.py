"""From a story that was judged to what is told of it."""

from collections.abc import Callable

from contract_tests.exam.account import Account
from contract_tests.exam.har import har_of
from contract_tests.exam.judging import BROKEN, Judged
from contract_tests.exam.kept import path_of
from contract_tests.exam.moments import moments
from contract_tests.exam.silence import silence_of
from contract_tests.exam.unloaded import ALONE
from contract_tests.examination import Story
from contract_tests.trace import Timing, Trace
from mock_server.core.masking import masked
from mock_server.loading.scenarios import write_scenario

_MOST_OUTPUT = 4_000


def account_of(judged: Judged, replay: Callable[[str], str]) -> Account:
    """What is kept of a story; ``replay`` gives the command that plays it again."""
    return Account(story_of(judged, replay), judged.weight, silence_of(judged.trace))


def story_of(judged: Judged, replay: Callable[[str], str]) -> Story:
    """A story with its time line; its file and its traffic only where something was broken."""
    trace = judged.trace
    scenario = trace.scenario
    is_broken = any(finding.verdict in BROKEN for finding in judged.found.values())
    return Story(
        name=scenario.name,
        title=scenario.title,
        why=scenario.why,
        text=write_scenario(scenario) if is_broken else "",
        replay=replay(path_of(scenario.name.removesuffix(ALONE))),
        timing=timing_words(trace.timing),
        moments=moments(trace),
        found=judged.found,
        output=_output(trace),
        har=har_of(trace) if is_broken else None,
    )


def timing_words(timing: Timing) -> str:
    """How the times of a story are to be read."""
    if timing.virtual:
        return "virtual"
    return "real, alone" if timing.unloaded else "real"


def _output(trace: Trace) -> str:
    """What the client printed, without keys and cut at a bound."""
    texts: list[str] = []
    for done in trace.jobs:
        streams = [] if done.outcome is None else [done.outcome.stdout, done.outcome.stderr]
        texts.extend(text for text in (*streams, done.printed) if text)
    data = "\n".join(texts).encode("utf-8", "replace")
    return masked(data, trace.secrets)[:_MOST_OUTPUT].decode("utf-8", "replace")
