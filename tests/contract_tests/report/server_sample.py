"""A check of a server, made by hand: its verdicts have other words than those on clients."""

from contract_tests.examination import Counterexample, Examination, Ruling, Statement
from contract_tests.finding import Finding, Verdict, Words

SOURCE = "REF tasks/image-status (documented)"
KNOWN = Statement(
    id="known-status-words",
    number="TAS-01",
    title="Each status is a documented word",
    grade="MUST",
    group="Tasks",
    why="Callers stop at a word that they do not know.",
    source=SOURCE,
)
FORWARD = Statement(
    id="never-back",
    number="TAS-02",
    title="A task never goes back",
    grade="MUST",
    group="Tasks",
    why="A finished image vanishes.",
    source=SOURCE,
)
EMPTY = Statement(
    id="refuses-empty-prompt",
    number="ORD-01",
    title="An empty prompt is refused",
    grade="SHOULD",
    group="Orders",
    why="It costs money.",
    source=SOURCE,
)


def server() -> Examination:
    """A server with one statement that holds, one that is broken and one that was not exercised."""
    example = Counterexample(
        rule=FORWARD.id,
        story="walk",
        faults=0,
        files={"walk.sh": "curl -s http://127.0.0.1:9000/v1/models\n"},
        replay="sh walk.sh",
    )
    backwards = {"first": "succeeded", "then": "running"}
    return Examination(
        subject="http://127.0.0.1:9000",
        kind="server",
        profile="guide",
        began=1_750_000_000.0,
        lasted=3.25,
        seed=7,
        rulings=(
            _ruling(KNOWN, Verdict.PASSED, Words("kept")),
            _ruling(FORWARD, Verdict.FAILED, Words("{first}, then {then}", backwards), example),
            _ruling(EMPTY, Verdict.NOT_EXERCISED, Words("nothing was ordered")),
        ),
        version="1.2.3",
    )


def _ruling(
    statement: Statement, verdict: Verdict, seen: Words, example: Counterexample | None = None
) -> Ruling:
    finding = Finding(statement.id, verdict, Words(statement.title), seen)
    return Ruling(statement, verdict, finding, counterexample=example)
