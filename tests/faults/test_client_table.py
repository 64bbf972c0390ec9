"""What five HTTP clients make of every fault: the table in the documentation is what is seen."""

from pathlib import Path

import pytest

from mock_server.faults import fault_types
from mock_server.loading.faults import read_fault
from tests.faults.client_programs.jobs import Told
from tests.faults.client_programs.meeting import CLIENTS, seen
from tests.faults.client_programs.rows import ROWS
from tests.faults.client_programs.table import FILES, REWRITE, table, with_table

BEGIN, END = "<!-- fault-table -->", "<!-- /fault-table -->"
OLD = f"# Title\n\n{BEGIN}\nold\nlines\n{END}\n\nThe end.\n"


def test_each_client_makes_of_each_fault_what_the_table_says(project: Path) -> None:
    cells = seen()
    for name, faults in FILES.items():
        lines = table(cells, faults)
        stored = (project / name).read_text("utf-8")
        differing = set(lines.splitlines()) - set(stored.splitlines())
        told = f"{name} is not what is seen; once that is right: {REWRITE}"
        assert stored == with_table(stored, lines), "\n".join([told, *sorted(differing)])


def test_every_fault_has_a_row() -> None:
    written = {read_fault(row.fault).text.partition("(")[0] for row in ROWS}
    # `status` goes by its codes. `image` is about files: bytes that no HTTP client looks into.
    expected = {*fault_types(), "429", "503"} - {"status", "image"}
    assert written == expected


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.fault)
def test_a_row_names_its_fault_as_the_journal_does(row: tuple[str, str, bool]) -> None:
    assert read_fault(row[0]).text == row[0]


def test_a_new_table_takes_the_place_of_the_old_one_and_leaves_the_rest() -> None:
    expected = f"# Title\n\n{BEGIN}\n\n| new |\n\n{END}\n\nThe end.\n"
    once = with_table(OLD, "| new |\n")
    assert (once, with_table(once, "| new |\n")) == (expected, expected)


@pytest.mark.parametrize("text", ["", f"{BEGIN}\n", f"{END}\n{BEGIN}\n", OLD + OLD])
def test_a_text_without_one_place_for_the_table_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected <!-- fault-table --> and"):
        with_table(text, "")


@pytest.mark.parametrize("faults", FILES.values(), ids=FILES)
def test_a_table_has_a_row_for_each_of_its_faults(faults: frozenset[str]) -> None:
    cells = {(row.fault, client): "" for row in ROWS for client in CLIENTS}
    lines = table(cells, faults).splitlines()[2:]
    assert {line.split("`")[1] for line in lines} == faults


def test_a_row_of_the_table_names_fault_effect_and_what_each_client_told() -> None:
    cells = {(row.fault, client): client.upper() for row in ROWS for client in CLIENTS}
    expected = "| `reset` | TCP reset, nothing was done | HTTPX | AIOHTTP | REQUESTS | NODE FETCH "
    assert table(cells, {"reset"}).splitlines()[2] == f"{expected}| CURL |"


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (Told(200, value={"id": "task_1"}), "200"),
        (Told(200, value={"id": "\ufffd"}), "200, damaged text"),
        (Told(200, value={"id": None}), "200, no task"),
        (Told(200, value=None), "200, no task"),
        (Told(429, value={"error": {}}), "429"),
        (Told(200, "exit 18"), "200, exit 18"),
        (Told(None, "ReadError"), "ReadError"),
    ],
)
def test_what_a_client_told_is_put_into_a_few_words(told: Told, words: str) -> None:
    assert told.words == words
