"""A server with a defect is found out, and a script shows the defect to anybody."""

import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache

import pytest

from contract_tests.examination import Examination, Overall, Ruling
from contract_tests.finding import Verdict
from contract_tests.server import check_server
from mock_server import create_app
from tests.contract_tests.server.defects import DEFECTS, Defect, defect_named
from tests.contract_tests.server.scripts import BROKEN, KEPT, file_of, run_pytest, run_shell
from tests.contract_tests.server.serving import BY_READINGS, KEYS, mock_with, served

Size = Callable[[int, int], int]
# The longest that a check may take to find a defect.
_SECONDS = 60.0
ALL = [(defect, profile) for defect in DEFECTS for profile in defect.profiles]


@cache
def checked(defect: Defect, profile: str) -> Examination:
    """The verdict on a mock with a defect in it."""
    return check_server(defect.around(create_app(profile)), level="quick")


def broken(examination: Examination) -> list[Ruling]:
    """The statements that were found broken."""
    return [one for one in examination.rulings if one.counterexample is not None]


def spread(items: Sequence[tuple[Defect, str]], count: int) -> Iterator[tuple[Defect, str]]:
    """So many of the items, from all over them."""
    for index in range(min(count, len(items))):
        yield items[index * len(items) // min(count, len(items))]


@pytest.mark.proof
def test_every_planted_defect_is_found_within_a_minute(proof_size: Size) -> None:
    missed = []
    for defect, profile in spread(ALL, proof_size(4, len(ALL))):
        started = time.monotonic()
        found = {ruling.statement.id for ruling in broken(checked(defect, profile))}
        if not found.intersection(defect.statements) or time.monotonic() - started > _SECONDS:
            missed.append((defect.id, profile, sorted(found)))
    assert missed == []


@pytest.mark.proof
def test_scripts_fail_on_the_defective_server_and_pass_on_the_clean_one(
    proof_size: Size, monkeypatch: pytest.MonkeyPatch
) -> None:
    some = spread(ALL, proof_size(1, len(ALL)))
    assert [one for pair in some for one in wrong_scripts(*pair, monkeypatch)] == []


@pytest.mark.parametrize("name", ["cors-missing", "upload-changed"])
def test_scripts_about_header_fields_and_sent_files_tell_servers_apart(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert list(wrong_scripts(defect_named(name), "guide", monkeypatch)) == []


def wrong_scripts(
    defect: Defect, profile: str, patch: pytest.MonkeyPatch
) -> Iterator[tuple[str, str, str, object]]:
    """Where the scripts of a defect do not tell the defective server from the clean one."""
    rulings = broken(checked(defect, profile))
    with (
        served(mock_with(defect, profile, BY_READINGS)) as bad,
        served(mock_with(None, profile, BY_READINGS)) as clean,
    ):
        for ruling in rulings:
            seen = told_by_scripts(ruling, bad, clean, patch)
            if seen != (BROKEN, KEPT, BROKEN, KEPT):
                yield defect.id, profile, ruling.statement.id, seen


def told_by_scripts(
    ruling: Ruling, bad: str, clean: str, patch: pytest.MonkeyPatch
) -> tuple[int, int, int, int]:
    """What both scripts tell of both servers."""
    shell, test = file_of(ruling, ".sh"), file_of(ruling, ".py")
    try:
        by_test = run_pytest(test, bad, patch)
    except Exception:
        # A reply that cannot even be read fails the test in its own way.
        by_test = BROKEN
    told = run_shell(shell, bad), run_shell(shell, clean)
    return (*told, by_test, run_pytest(test, clean, patch))


@pytest.mark.parametrize("name", ["expiry-off", "failure-billed", "foreign-task-shown"])
def test_scripts_hold_no_id_no_session_and_no_key_of_the_check(name: str) -> None:
    for ruling in broken(checked(defect_named(name), "guide")):
        for ending in (".sh", ".py"):
            text = file_of(ruling, ending)
            for recorded in ("task_img_", "upload_", "/s/s", "sk-a", "sk-b", "generated/"):
                assert recorded not in text


def test_a_key_that_a_server_repeats_stands_in_no_finding() -> None:
    examination = checked(defect_named("key-echoed"), "guide")
    told = repr(examination)
    assert "key-not-repeated" in {ruling.statement.id for ruling in broken(examination)}
    assert "sk-a0" not in told
    assert KEYS[0] not in told


def test_the_smallest_case_is_told_call_by_call() -> None:
    examination = checked(defect_named("task-404-at-first"), "guide")
    (story,) = [one for one in examination.stories if one.name == "created-is-pollable"]
    assert [(moment.what, moment.answered) for moment in story.moments] == [
        ("submit POST", "200 queued"),
        ("status GET", "404"),
    ]
    finding = story.found["created-is-pollable"]
    assert finding.place is not None
    assert (finding.place.call, finding.evidence) == (2, (1, 2))


def test_a_broken_should_is_advice_and_a_broken_must_fails() -> None:
    advised = checked(defect_named("retry-after-missing"), "guide")
    assert [ruling.verdict for ruling in broken(advised)] == [Verdict.ADVICE]
    assert advised.overall is Overall.WITH_ADVICE
    assert checked(defect_named("expiry-off"), "guide").overall is Overall.NOT_CONFORMANT
