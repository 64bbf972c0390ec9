"""The verdict on a whole subject follows from those on its statements."""

import pytest

from contract_tests.examination import Examination, Overall, Ruling, Statement
from contract_tests.finding import Verdict


def examination(*rulings: tuple[str, Verdict], stale: tuple[str, ...] = ()) -> Examination:
    found = tuple(
        Ruling(Statement(f"r{number}", "REQ-01", "t", grade, "g", "w", "s"), verdict)
        for number, (grade, verdict) in enumerate(rulings)
    )
    return Examination("it", "client", "guide", 0.0, 1.0, 0, found, stale=stale)


@pytest.mark.parametrize(
    ("rulings", "overall", "status"),
    [
        ([("MUST", Verdict.PASSED)], Overall.CONFORMANT, 0),
        ([("MUST", Verdict.PASSED), ("SHOULD", Verdict.ADVICE)], Overall.WITH_ADVICE, 0),
        ([("MUST", Verdict.PASSED), ("MAY", Verdict.ADVICE)], Overall.CONFORMANT, 0),
        ([("MUST", Verdict.FAILED), ("MUST", Verdict.INCONCLUSIVE)], Overall.NOT_CONFORMANT, 1),
        ([("MUST", Verdict.INCONCLUSIVE)], Overall.INCOMPLETE, 3),
        ([("MUST", Verdict.NOT_EXERCISED)], Overall.INCOMPLETE, 3),
        ([("SHOULD", Verdict.NOT_EXERCISED)], Overall.CONFORMANT, 0),
        ([("MUST", Verdict.NOT_APPLICABLE)], Overall.CONFORMANT, 0),
    ],
)
def test_the_gravest_verdict_decides(
    rulings: list[tuple[str, Verdict]], overall: Overall, status: int
) -> None:
    found = examination(*rulings).overall
    assert found is overall
    assert found.exit_status == status


def test_a_stale_waiver_fails_a_client_that_breaks_nothing() -> None:
    assert examination(("MUST", Verdict.PASSED), stale=("x",)).overall is Overall.NOT_CONFORMANT
