"""Each sample reads in each text format as it is stored in ``expected/``.

To write the files anew after a change that is meant: ``SAFELIGHT_WRITE_EXPECTED=1 python -m pytest
tests/contract_tests/report/test_as_stored.py``, then read the difference.
"""

import os
from pathlib import Path

import pytest

from contract_tests.report import render
from tests.contract_tests.report.samples import SAMPLES

EXPECTED = Path(__file__).parent / "expected"
SUFFIXES = {"text": "txt", "markdown": "md", "junit": "xml", "json": "json", "badge": "svg"}
# All samples in one document, as the command shows several files.
TOGETHER = "together"


@pytest.mark.parametrize("form", SUFFIXES)
@pytest.mark.parametrize("name", [*SAMPLES, TOGETHER])
def test_a_sample_reads_as_it_is_stored(name: str, form: str) -> None:
    chosen = SAMPLES.values() if name == TOGETHER else [SAMPLES[name]]
    text = render(form, *(sample() for sample in chosen))
    file = EXPECTED / f"{name}.{SUFFIXES[form]}"
    if os.environ.get("SAFELIGHT_WRITE_EXPECTED"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, "utf-8")
    assert text == file.read_text("utf-8")


def test_nothing_is_stored_that_is_not_compared() -> None:
    wanted = {f"{name}.{suffix}" for name in [*SAMPLES, TOGETHER] for suffix in SUFFIXES.values()}
    assert {file.name for file in EXPECTED.iterdir()} == wanted
