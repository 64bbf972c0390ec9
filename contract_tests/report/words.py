"""The words of reports: for verdicts on clients and on servers."""

from contract_tests.examination import Examination, Ruling
from contract_tests.finding import Verdict

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
    return "waived" if ruling.waived is not None else verdict_word(ruling.verdict, kind)


def broken(examination: Examination) -> list[Ruling]:
    """What is broken and not waived, failures before advice."""
    standing = [one for one in examination.rulings if one.waived is None]
    wanted = (Verdict.FAILED, Verdict.ADVICE)
    return [one for verdict in wanted for one in standing if one.verdict is verdict]


def counted(examination: Examination) -> dict[str, int]:
    """How many rulings there are of each word, in the order of reports; none that are 0."""
    words = [verdict_word(verdict, examination.kind) for verdict in ORDER]
    told = [ruling_word(one, examination.kind) for one in examination.rulings]
    return {word: told.count(word) for word in (*words, "waived") if word in told}
