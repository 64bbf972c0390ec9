"""Stories that once broke a rule: kept as scenario files, and played again by the next search."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from contract_tests.examination import Ruling
from contract_tests.stories.telling import DRAWN
from mock_server.core.contract import Contract
from mock_server.core.scenario import Scenario
from mock_server.loading.data_error import DataError
from mock_server.loading.scenarios import load_scenario

_KEPT = "kept/"


def kept_stories(folder: Path, contract: Contract) -> tuple[list[Scenario], list[str]]:
    """The stories in a folder, and notes about the files in it that hold none for the profile."""
    found: list[Scenario] = []
    notes: list[str] = []
    for file in sorted(folder.glob("*.yaml")):
        try:
            story = load_scenario(str(file), contract)
        except DataError as error:
            notes.append(f"passed over: {str(error).splitlines()[0]}")
        else:
            found.append(replace(story, name=f"{_KEPT}{file.stem}"))
    return found, notes


def keep(folder: Path, rulings: Iterable[Ruling]) -> Iterator[str]:
    """Keep the smallest story of each rule that only a drawn one has broken; notes of failures.

    A file's name tells its text, so that no client's find takes the place of another's.
    """
    for ruling in rulings:
        example, deciding = ruling.counterexample, ruling.deciding or ""
        if example is None or not deciding.startswith(DRAWN):
            continue
        for name, text in example.files.items():
            digest = hashlib.sha256(text.encode()).hexdigest()[:8]
            file = folder / f"{Path(name).stem}-{digest}.yaml"
            try:
                folder.mkdir(parents=True, exist_ok=True)
                file.write_text(text, "utf-8")
            except OSError as error:
                yield f"{file} could not be kept: {error.strerror}"


def path_of(name: str) -> str:
    """By what a story is asked for again: its name, or a file where no exam knows it by name."""
    return f"scenarios/{name}.yaml" if name.startswith((DRAWN, _KEPT)) else name
