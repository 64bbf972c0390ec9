"""Each wrong client is caught by the rule that it breaks, and all else that fires is known.

In small size clients play the stories that are meant for their rule until they are caught, and of
the programs, whose time is real, only a few play; the others are looked at. In full size each plays
all that could show anything, and what fires is exactly what the catalogue says.
"""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from contract_tests.rules import all_rules
from tests.bad_clients.bad_client import BASH, NODE, BadClient
from tests.bad_clients.catalogue import BAD_CLIENTS
from tests.bad_clients.playing import all_for, broken_in, showing
from tests.bad_clients.table import PLACE, page

RULES = {rule.id for rule in all_rules()}
IN_PYTHON = [bad for bad in BAD_CLIENTS if bad.is_virtual]
PROGRAMS = [bad for bad in BAD_CLIENTS if not bad.is_virtual]
# Programs that show in a moment what is wrong with them.
IN_A_MOMENT = {
    "node-no-content-type",
    "node-key-logged",
    "node-bare-parse",
    "bash-quoted-number",
    "bash-key-traced",
    "bash-lost-is-failed",
}
# Reads a program without running it.
LOOK_AT = {"node": ("node", "--check"), "bash": ("bash", "-n")}
# What a noisy machine leaves open is played again.
TRIES = 3

ProofSize = Callable[[int, int], int]


def name_of(bad: BadClient) -> str:
    return bad.name


def test_every_rule_is_broken_by_a_wrong_client() -> None:
    assert {bad.rule for bad in BAD_CLIENTS} == RULES


def test_there_are_enough_of_them_and_a_third_is_not_in_python() -> None:
    assert len(BAD_CLIENTS) >= 75
    assert 3 * len(PROGRAMS) >= len(BAD_CLIENTS)


def test_no_two_have_the_same_name() -> None:
    assert len({bad.name for bad in BAD_CLIENTS}) == len(BAD_CLIENTS)


@pytest.mark.parametrize("bad", BAD_CLIENTS, ids=name_of)
def test_it_is_said_why_people_write_it_and_what_else_catches_it(bad: BadClient) -> None:
    assert bad.why.endswith((".", "?"))
    others = {**bad.also, **bad.perhaps}
    assert others.keys() <= RULES - {bad.rule}
    assert all(others.values())


@pytest.mark.parametrize("bad", PROGRAMS, ids=name_of)
def test_a_program_differs_from_the_good_one_in_a_few_lines(bad: BadClient) -> None:
    good, wrong = (
        {"node": NODE, "bash": BASH}[bad.language].source(changes) for changes in ((), bad.changes)
    )
    before, after = good.splitlines(), wrong.splitlines()
    assert wrong != good
    assert len(set(before) - set(after)) <= 8
    assert len(set(after) - set(before)) <= 8


@pytest.mark.proof
@pytest.mark.parametrize("bad", IN_PYTHON, ids=name_of)
def test_a_wrong_client_is_caught(bad: BadClient, tmp_path: Path, proof_size: ProofSize) -> None:
    is_full = proof_size(0, 1) == 1
    stories, until = (all_for(bad), None) if is_full else (showing(bad), bad.rule)
    broken = broken_in(bad.make(tmp_path), stories, tmp_path, until)
    assert bad.rule in broken
    besides = broken.keys() - {bad.rule}
    assert bad.is_told_of(besides | (set() if is_full else bad.also.keys())), broken


@pytest.mark.proof
@pytest.mark.parametrize("bad", PROGRAMS, ids=name_of)
def test_a_wrong_program_is_caught(bad: BadClient, tmp_path: Path, proof_size: ProofSize) -> None:
    is_full = proof_size(0, 1) == 1
    if not is_full and bad.name not in IN_A_MOMENT:
        bad.make(tmp_path)
        (file,) = tmp_path.iterdir()
        assert subprocess.run([*LOOK_AT[bad.language], file], check=False).returncode == 0
        return
    broken: dict[str, str] = {}
    for attempt in range(proof_size(1, TRIES)):
        if bad.rule not in broken:
            # The second time without the others, which are a noise of their own.
            stories = all_for(bad) if is_full and attempt == 0 else showing(bad)
            broken |= broken_in(bad.make(tmp_path), stories, tmp_path)
    assert bad.rule in broken
    besides = broken.keys() - {bad.rule}
    assert bad.is_told_of(besides | (set() if is_full else bad.also.keys())), broken


def test_the_documents_have_the_table_of_rules_and_wrong_clients() -> None:
    told = PLACE.read_text("utf-8") if PLACE.exists() else ""
    assert told == page(), "write it anew: python -m tests.bad_clients.table"
