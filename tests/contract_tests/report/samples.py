"""Examinations made by hand: small, but with everything in them that reports have to show."""

from collections.abc import Mapping

from contract_tests.examination import (
    Counterexample,
    Examination,
    Moment,
    Ruling,
    Statement,
    Story,
)
from contract_tests.finding import Finding, Near, Place, Verdict, Words
from tests.contract_tests.report.server_sample import server

BEGAN = 1_750_000_000.0
TASK = "task_img_0123456789ab"
# What a hostile client prints: a terminal's escape, a script, a mention, half of a pair.
HOSTILE = "\x1b[31m<script>alert(1)</script> `@everyone` | ]]> & \udc80 \u202etxt"

SUBMIT_ONCE = Statement(
    id="submit-once",
    number="DUP-01",
    title="A job is submitted once, whatever became of the reply",
    grade="MUST",
    group="Duplicate submission",
    why="Each submit that is accepted costs money.",
    source="GUIDE Common Errors (documented)",
    mend=("Report that the outcome is unknown.", "Never send the order again."),
)
FLOOR = Statement(
    id="backoff-floor",
    number="BOF-01",
    title="A refused submit comes again after the documented steps",
    grade="MUST",
    group="Backoff",
    why="Whoever comes earlier is refused for nothing.",
    source="GUIDE Common Errors: 1s/2s/4s (documented)",
    mend=("Wait for 1, 2 and 4 seconds.",),
)
JITTER = Statement(
    id="poll-jitter",
    number="POL-10",
    title="Polls have jitter",
    grade="SHOULD",
    group="Polling",
    why="Clients that march in step come all at once.",
    source="the kit (safety)",
)


def good() -> Examination:
    """A client that keeps every rule."""
    rulings = (_ruling(SUBMIT_ONCE), _ruling(FLOOR), _ruling(JITTER))
    found = {one.statement.id: _kept(one.statement) for one in rulings}
    return _client("good client", rulings, (_story("lives/plain", found),))


def bad() -> Examination:
    """A client that breaks a MUST and a SHOULD, and that prints what nobody should trust."""
    broken = _too_early()
    advice = _finding(JITTER, Verdict.ADVICE, "all waits are {wait:.3f} s", {"wait": 5.0})
    rulings = (
        _ruling(SUBMIT_ONCE),
        Ruling(
            statement=FLOOR,
            verdict=Verdict.FAILED,
            finding=broken,
            deciding="submit/429",
            broken_in=("submit/429", "storms/busy"),
            counterexample=_counterexample(),
        ),
        Ruling(JITTER, Verdict.ADVICE, advice, "lives/plain", broken_in=("lives/plain",)),
    )
    kept = {"submit-once": _kept(SUBMIT_ONCE)}
    stories = (
        _story("submit/429", {**kept, "backoff-floor": broken}, output=HOSTILE, har=_har()),
        _story("lives/plain", {**kept, "poll-jitter": advice}),
    )
    notes = ("2 stories take longer than 20 s and were left out",)
    return _client(f"bad client {HOSTILE}", rulings, stories, notes)


def advised() -> Examination:
    """A client that keeps every MUST, and not every SHOULD."""
    advice = _finding(JITTER, Verdict.ADVICE, "all waits are alike", {})
    rulings = (_ruling(FLOOR), Ruling(JITTER, Verdict.ADVICE, advice))
    return _client("client with advice", rulings, ())


def incomplete() -> Examination:
    """A client of which too little was seen."""
    idle = _finding(FLOOR, Verdict.NOT_EXERCISED, "no submit was refused", {})
    unsure = _finding(JITTER, Verdict.INCONCLUSIVE, "the clock is trusted to {ms} ms", {"ms": 1})
    absent = _finding(SUBMIT_ONCE, Verdict.NOT_APPLICABLE, "it submits nothing", {})
    rulings = (
        Ruling(SUBMIT_ONCE, Verdict.NOT_APPLICABLE, absent),
        Ruling(FLOOR, Verdict.NOT_EXERCISED, idle),
        Ruling(JITTER, Verdict.INCONCLUSIVE, unsure),
    )
    return _client("incomplete client", rulings, ())


def waived() -> Examination:
    """A client whose owner puts up with one thing, and has a waiver that holds no more."""
    broken = _finding(FLOOR, Verdict.FAILED, "came after {gap} s", {"gap": 0.5})
    rulings = (
        Ruling(FLOOR, Verdict.FAILED, broken, broken_in=("submit/429",), waived="mended in May"),
    )
    whole = _client("waived client", rulings, ())
    return Examination(
        **{name: getattr(whole, name) for name in whole.__slots__ if name != "stale"},
        stale=("submit-once in lives/plain: it was kept",),
    )


SAMPLES = {
    "good": good,
    "bad": bad,
    "advised": advised,
    "incomplete": incomplete,
    "waived": waived,
    "server": server,
}


def _client(
    subject: str,
    rulings: tuple[Ruling, ...],
    stories: tuple[Story, ...],
    notes: tuple[str, ...] = (),
) -> Examination:
    return Examination(
        subject=subject,
        kind="client",
        profile="guide",
        began=BEGAN,
        lasted=12.5,
        seed=0,
        rulings=rulings,
        stories=stories,
        notes=notes,
        version="1.2.3",
    )


def _ruling(statement: Statement) -> Ruling:
    return Ruling(
        statement, Verdict.PASSED, _kept(statement), "lives/plain", kept_in=("lives/plain",)
    )


def _kept(statement: Statement) -> Finding:
    return _finding(statement, Verdict.PASSED, "kept, {times} of {times} times", {"times": 2})


def _finding(
    statement: Statement, verdict: Verdict, seen: str, facts: Mapping[str, object]
) -> Finding:
    title = Words("{title}", {"title": statement.title})
    return Finding(statement.id, verdict, title, Words(seen, facts))


def _too_early() -> Finding:
    return Finding(
        rule="backoff-floor",
        verdict=Verdict.FAILED,
        expected=Words("at least {floor:g} s after call {call}", {"floor": 1.0, "call": 1}),
        seen=Words("came after {gap:.3f} s: {told}", {"gap": 0.25, "told": HOSTILE}),
        place=Place(2, "$.prompt"),
        evidence=(1, 2),
        near=Near(2, Words("{lack} s short", {"lack": 0.75})),
    )


def _counterexample() -> Counterexample:
    text = "title: 'Found: backoff-floor is broken'\nfaults: {submit: ['429']}\n"
    return Counterexample(
        rule="backoff-floor",
        story="found/backoff-floor",
        faults=1,
        files={"found/backoff-floor.yaml": text},
        replay="safelight check-client --story scenarios/found/backoff-floor.yaml -- ./client",
    )


def _story(
    name: str,
    found: Mapping[str, Finding],
    output: str = "",
    har: Mapping[str, object] | None = None,
) -> Story:
    is_refused = name == "submit/429"
    refused = [Moment(0.0, "call", "submit", "429", 1, 0.0, "429")] if is_refused else []
    return Story(
        name=name,
        title="The first submit is refused" if is_refused else "All goes well",
        why="Busy minutes happen.",
        text="title: A story\n" if is_refused else "",
        replay=f"safelight check-client --story {name} -- ./client",
        timing="virtual",
        moments=(
            Moment(0.0, "client", "job 1 begins"),
            *refused,
            Moment(0.25, "call", "submit", "200 queued", 2, 0.1, None, TASK, "queued"),
            Moment(0.25, "stage", "queued", task=TASK),
            Moment(5.25, "call", "status", "200 running", 3, 0.0, None, TASK, "running"),
            Moment(5.25, "stage", "running", task=TASK),
            Moment(10.25, "stage", "succeeded", task=TASK),
            Moment(10.25, "call", "status", "200 succeeded", 4, 0.0, None, TASK, "succeeded"),
            Moment(10.25, "client", f"job 1 failed: {output}" if output else "job 1 succeeded"),
        ),
        found=found,
        output=output,
        har=har,
    )


def _har() -> Mapping[str, object]:
    request = {
        "method": "POST",
        "url": "http://127.0.0.1:9000/v1/images/generations",
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": [],
        "queryString": [],
        "headersSize": -1,
        "bodySize": 0,
    }
    response = {
        "status": 429,
        "statusText": "Too Many Requests",
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": [],
        "content": {"size": 0, "mimeType": "application/json", "text": "\udc80"},
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": -1,
    }
    entry = {
        "startedDateTime": "2025-06-15T15:06:40.000+00:00",
        "time": 1.0,
        "request": request,
        "response": response,
        "cache": {},
        "timings": {"send": 0, "wait": 1.0, "receive": 0},
    }
    creator = {"name": "Safelight", "version": "1.2.3"}
    return {"log": {"version": "1.2", "creator": creator, "entries": [entry, entry]}}
