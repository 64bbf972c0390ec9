"""The exam raises no false alarm by any profile, nor for another kind of jitter."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from contract_tests import check_client
from contract_tests.clients.callables import client_of
from contract_tests.exam.exam import examine
from contract_tests.exam.settings import Settings
from contract_tests.exam.venue import Wish
from contract_tests.finding import Verdict
from contract_tests.stories.levels import Level
from tests.bad_clients.ways import backoff
from tests.contract_tests.good_exams import (
    LIBRARIES,
    OPEN,
    OTHER_PROFILES,
    PROFILES,
    PROGRAMS,
    FullJitter,
    Persistent,
    broken,
    held_against,
    in_real_time,
    listed,
    python_client,
    some,
    telling,
    with_verdict,
)

Size = Callable[[int, int], int]

# Stories drawn for each seed; with those that are listed, two profiles make 5,000 for each client.
_DRAWN = 800
_SEEDS = 2
# How many of the listed stories each client plays where there is little time.
_FEW = 12
# So many stories of each rule show it, whatever the profile.
_EACH = 2
# Enough jobs at once for a herd, and fewer than the widest crowd has, which shows the bound.
_SO_MANY = 12
# What is for programs alone: a callable has no process of its own.
_OF_PROCESSES = {"jitter-per-process", "signal-stops"}
# Over in a moment: a program starts, orders, backs off, fails and is stopped.
_SHORT = (
    *("submit/400", "submit/401", "submit/lost-reply", "storms/two-words"),
    *("stops/signal-submit", "stops/signal-backoff"),
)


@pytest.mark.proof
@pytest.mark.parametrize("profile", OTHER_PROFILES)
@pytest.mark.parametrize("library", LIBRARIES)
def test_a_careful_client_in_python_breaks_nothing(
    library: str, profile: str, proof_size: Size
) -> None:
    for seed in range(proof_size(1, _SEEDS)):
        client, sample = python_client(library), some(profile, _FEW, (library, seed))
        examination = (
            check_client(client, profile=profile, level="thorough", more=_DRAWN, seed=seed)
            if proof_size(0, 1)
            else check_client(client, profile=profile, stories=sample)
        )
        assert broken(examination) == []


@pytest.mark.proof
@pytest.mark.parametrize("profile", PROFILES)
def test_every_rule_that_is_meant_for_a_careful_client_is_shown_and_kept(
    profile: str, proof_size: Size
) -> None:
    client = python_client("aiohttp", Persistent, _SO_MANY)
    chosen = telling(profile, proof_size(_EACH, len(listed(profile))))
    examination = check_client(client, profile=profile, stories=chosen)
    assert broken(examination) == []
    assert with_verdict(examination, *OPEN) == set()
    assert with_verdict(examination, Verdict.NOT_APPLICABLE) == _OF_PROCESSES


@pytest.mark.proof
@pytest.mark.parametrize("rule", ["submit-5xx-policy", "backoff-floor", "backoff-on-polls"])
def test_full_jitter_is_no_backoff_that_is_too_short(rule: str, proof_size: Size) -> None:
    meant = [one for one in listed("guide") if rule in one.expect]
    chosen = [
        replace(one, name=f"{one.name}-{number}")
        for one in meant[: proof_size(3, len(meant))]
        for number in range(proof_size(3, 30))
    ]
    examination = check_client(python_client("aiohttp", FullJitter), stories=chosen)
    assert [one for one in broken(examination) if one.startswith(f"{rule}:")] == []


@pytest.mark.proof
@pytest.mark.parametrize("profile", OTHER_PROFILES)
@pytest.mark.parametrize("program", PROGRAMS)
def test_a_careful_program_breaks_no_must(
    program: str, profile: str, tmp_path: Path, proof_size: Size
) -> None:
    wish = Wish(profile=profile, folder=tmp_path)
    short = tuple(one for one in listed(profile) if one.name in _SHORT)
    settings = (
        Settings(wish=wish)
        if proof_size(0, 1)
        else Settings(wish=wish, level=Level.QUICK, chosen=short, at_once=len(_SHORT))
    )
    assert held_against(in_real_time(program, settings), Verdict.FAILED) == []


def test_the_retries_of_urllib3_are_seen_to_come_too_soon() -> None:
    retrying = client_of(backoff.Urllib3Retry(backoff.LeftToTheLibrary), name="urllib3's Retry")
    story = next(one for one in listed("guide") if one.name == "storms/busy-three-times")
    examination = examine(retrying, Settings(chosen=(story,), shrinks=False))
    found = held_against(examination, Verdict.FAILED)
    assert any("0.000 s from call 1 to call 2, 1 s were due" in one for one in found)
