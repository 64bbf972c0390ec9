"""The words of reports: for verdicts on clients and on servers, for times and for counts."""

from contract_tests.examination import Examination, Ruling, Story
from contract_tests.finding import Finding, Verdict
from contract_tests.report.plain import one_line

WAIVED = "waived"
_CLIENT = {
    Verdict.PASSED: "passed",
    Verdict.FAILED: "failed",
    Verdict.ADVICE: "advice",
    Verdict.NOT_EXERCISED: "not exercised",
    Verdict.INCONCLUSIVE: "inconclusive",
    Verdict.NOT_APPLICABLE: "not applicable",
}
_SERVER = {**_CLIENT, Verdict.PASSED: "holds", Verdict.FAILED: "broken"}
# The gravest first, as reports list them.
ORDER = (
    Verdict.FAILED,
    Verdict.ADVICE,
    Verdict.INCONCLUSIVE,
    Verdict.NOT_EXERCISED,
    Verdict.PASSED,
    Verdict.NOT_APPLICABLE,
)


def verdict_word(verdict: Verdict, kind: str) -> str:
    """The word for a verdict on a ``client`` or a ``server``."""
    return (_SERVER if kind == "server" else _CLIENT)[verdict]


def ruling_word(ruling: Ruling, kind: str) -> str:
    """The word for a ruling: ``waived`` where what is broken is put up with."""
    return WAIVED if ruling.waived is not None else verdict_word(ruling.verdict, kind)


def broken(examination: Examination) -> list[Ruling]:
    """What is broken and not waived, failures before advice."""
    standing = [one for one in examination.rulings if one.waived is None]
    wanted = (Verdict.FAILED, Verdict.ADVICE)
    return [one for verdict in wanted for one in standing if one.verdict is verdict]


def counted(examination: Examination) -> dict[str, int]:
    """How many rulings there are of each word, in the order of reports; none that are 0."""
    words = [verdict_word(verdict, examination.kind) for verdict in ORDER]
    told = [ruling_word(one, examination.kind) for one in examination.rulings]
    return {word: told.count(word) for word in (*words, WAIVED) if word in told}


def counts(examination: Examination) -> str:
    """The same in a line: ``2 failed, 41 passed``."""
    return ", ".join(f"{number} {word}" for word, number in counted(examination).items())


def groups(examination: Examination) -> dict[str, list[Ruling]]:
    """The rulings by the groups of their statements, in the order in which they come."""
    found: dict[str, list[Ruling]] = {}
    for ruling in examination.rulings:
        found.setdefault(ruling.statement.group, []).append(ruling)
    return found


def facts(examination: Examination) -> str:
    """What was done, in a line."""
    stories = len(examination.stories)
    told = [f"profile {examination.profile}"]
    if stories:
        told.append(f"{stories} {'story' if stories == 1 else 'stories'}")
    return ", ".join([*told, f"{examination.lasted:.1f} s", f"seed {examination.seed}"])


def expected(ruling: Ruling, finding: Finding) -> str | None:
    """What was expected, where that is more than the statement's title."""
    told = one_line(str(finding.expected))
    return None if told == one_line(ruling.statement.title) else told


def deciding_story(ruling: Ruling, examination: Examination) -> Story | None:
    """The story that decided, if it was kept."""
    return next((one for one in examination.stories if one.name == ruling.deciding), None)


def reason(ruling: Ruling) -> str:
    """Why a statement was waived or not judged, in a sentence."""
    if ruling.waived is not None:
        return one_line(ruling.waived)
    return "nothing more is known" if ruling.finding is None else one_line(str(ruling.finding.seen))


def label(ruling: Ruling) -> str:
    """The number of a statement, or its id where it has none."""
    return ruling.statement.number or ruling.statement.id
