"""The documentation's table of what Schemathesis finds alone is what it finds."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.contract_tests.server.defects import DEFECTS, defect_named
from tests.contract_tests.server.plain_schemathesis import (
    FILE,
    REWRITE,
    found_alone,
    is_found_alone,
    mock,
    table,
    told,
    with_table,
)

Size = Callable[[int, int], int]
pytestmark = pytest.mark.xdist_group("schemathesis")
# A defect that one short phase finds, so that a part of the table is seen to be true in every run.
SHORT = "submit-201"


def test_the_table_has_every_defect_with_its_words(project: Path) -> None:
    text = (project / FILE).read_text("utf-8")
    assert with_table(text, table(told(text))) == text
    assert set(told(text)) == {defect.id for defect in DEFECTS}


@pytest.mark.proof
def test_schemathesis_alone_finds_what_the_table_says(project: Path, proof_size: Size) -> None:
    if proof_size(0, 1) == 0:
        clean = found_alone(mock("guide"), "guide", ("examples",))
        seen = found_alone(mock("guide", defect_named(SHORT)), "guide", ("examples",))
        assert bool(seen - clean) is told((project / FILE).read_text("utf-8"))[SHORT]
        return
    clean_of = {name: found_alone(mock(name), name) for name in ("guide", "reference")}
    alone = {one.id: is_found_alone(one, clean_of[one.profiles[0]]) for one in DEFECTS}
    text = (project / FILE).read_text("utf-8")
    if os.environ.get("SAFELIGHT_TABLE") == "write":
        (project / FILE).write_text(with_table(text, table(alone)), "utf-8")
    assert with_table(text, table(alone)) == text, f"once that is right: {REWRITE}"
