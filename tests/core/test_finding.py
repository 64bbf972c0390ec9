"""Findings: the gravest verdict, and words that stay values."""

from typing import Any

import pytest

from mock_server.core.finding import Finding, Verdict, Words, gravest


def finding(verdict: Verdict) -> Finding:
    return Finding("a-rule", verdict, Words("expected"), Words("seen"))


@pytest.mark.parametrize(
    ("verdicts", "overall"),
    [
        ([], Verdict.NOT_EXERCISED),
        ([Verdict.PASSED], Verdict.PASSED),
        ([Verdict.PASSED, Verdict.NOT_APPLICABLE], Verdict.PASSED),
        ([Verdict.NOT_APPLICABLE], Verdict.NOT_APPLICABLE),
        ([Verdict.PASSED, Verdict.ADVICE], Verdict.ADVICE),
        ([Verdict.ADVICE, Verdict.NOT_EXERCISED], Verdict.NOT_EXERCISED),
        ([Verdict.NOT_EXERCISED, Verdict.INCONCLUSIVE], Verdict.INCONCLUSIVE),
        (list(Verdict), Verdict.FAILED),
    ],
)
def test_the_gravest_verdict_stands_for_all(verdicts: list[Verdict], overall: Verdict) -> None:
    assert gravest(map(finding, verdicts)) is overall


def test_words_keep_their_values_until_they_are_rendered() -> None:
    facts: dict[str, Any] = {"seconds": 2.0, "task": "{t1}"}
    words = Words("{seconds:g} s for {task}", facts)
    assert str(words) == "2 s for {t1}"
    assert words.facts == facts
