"""REQ-05: a retry sends what was sent before."""

import json
from collections.abc import Iterator
from dataclasses import replace

from contract_tests.finding import Finding, Violation, Words
from contract_tests.rules.base import samples
from contract_tests.rules.base.patience import is_passing
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import NO_JSON, Exchange, Trace, is_shorter
from mock_server.core.verification.json_match import texts_in


class SameBodyOnRetry(Rule):
    """A submit that is tried again has the same JSON body."""

    id = "same-body-on-retry"
    number = "REQ-05"
    title = "A submit that is tried again carries the same JSON body as before"
    grade = Grade.MUST
    origin = Origin.SAFETY
    why = (
        "A stream that was read once is empty the second time: a busy minute becomes a lost order."
    )
    source = "the kit: a retry is the same order, else it is another one that nobody asked for"
    mend = (
        "Encode the order once, keep the bytes, and send those bytes with each attempt.",
        "Do not hand a stream or generator to the HTTP library where a retry may need it again.",
    )

    def judge(self, trace: Trace) -> Finding:
        """Every submit that began when an earlier one had failed in passing."""
        pairs = list(_retries(trace))
        return self.judged(
            trace,
            chances=len(pairs),
            idle="no submit was tried again",
            violations=[
                Violation(
                    (before.number, after.number),
                    Words(
                        "call {after} repeats call {before} with {seen}",
                        {"after": after.number, "before": before.number, "seen": _seen(after)},
                    ),
                )
                for before, after, is_new in pairs
                if is_new
            ],
        )

    @property
    def innocent(self) -> Trace:
        """Refused once, sent again."""
        return samples.trace(samples.refused(1, 0), samples.submit(2, 1))

    @property
    def guilty(self) -> Trace:
        """The second time without a body."""
        empty = replace(samples.refused(2, 1, 400), body=b"", digest=b"")
        return samples.trace(samples.refused(1, 0), empty)


def _retries(trace: Trace) -> Iterator[tuple[Exchange, Exchange, bool]]:
    """Each submit after a failure in passing, that failure, and whether the body is a new one.

    As many different bodies as there are jobs are no surprise.
    """
    left = max(1, len(trace.jobs))
    uploads = _uploads(trace)
    failed: list[Exchange] = []
    known: set[str] = set()
    for submit in (one for one in trace.exchanges if one.operation == "submit"):
        body = _text(submit, uploads)
        before = next((one for one in failed if not is_shorter(submit.started, one.replied)), None)
        is_new = body not in known and (len(known) >= left or (bool(known) and not submit.body))
        if before is not None:
            yield before, submit, is_new
        known.add(body)
        if is_passing(submit):
            failed.insert(0, submit)


def _text(submit: Exchange, uploads: frozenset[str]) -> str:
    """The body for comparing; one upload of a picture is as good as another."""
    if submit.json is NO_JSON:
        return submit.digest.hex()
    return json.dumps(_plain(submit.json, uploads), sort_keys=True)


def _plain(value: object, uploads: frozenset[str]) -> object:
    if isinstance(value, dict):
        return {name: _plain(one, uploads) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one, uploads) for one in value]
    return "an upload" if isinstance(value, str) and value in uploads else value


def _uploads(trace: Trace) -> frozenset[str]:
    made = (one for one in trace.exchanges if one.operation == "upload" and one.created)
    return frozenset(text for one in made for text in texts_in(one.reply_json) if "://" in text)


def _seen(submit: Exchange) -> str:
    return "another body" if submit.body else "an empty body"
