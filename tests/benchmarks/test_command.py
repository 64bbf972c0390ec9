"""``python -m benchmarks``: exit status, choice of measures, JSON file."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from benchmarks import __main__ as command
from benchmarks import measures
from benchmarks.errors import CannotMeasure
from benchmarks.rounds import Effort
from benchmarks.rows import Row
from tests.benchmarks.samples import speed


@pytest.fixture(autouse=True)
def stays_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hold nothing on a core and take no signals while tests run."""
    monkeypatch.setattr(command, "prepare", lambda: None)


def run(monkeypatch: pytest.MonkeyPatch, rows: dict[str, Row], *arguments: str) -> Result:
    """The command, with a ready row for each measure."""

    def taken(name: str, effort: Effort) -> list[Row]:
        return [rows.get(name, speed(1000, 1000))]

    monkeypatch.setattr(measures, "taken", taken)
    return CliRunner().invoke(command.main, arguments)


def test_it_ends_with_0_if_all_bars_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(monkeypatch, {}).exit_code == 0


def test_it_ends_with_1_if_one_bar_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    result = run(monkeypatch, {"submit": speed(1, 1000)})
    assert result.exit_code == 1
    assert "broken" in result.output


def test_only_the_named_measures_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    result = run(monkeypatch, {"submit": speed(1, 1000)}, "--only", "memory")
    assert result.exit_code == 0


def test_an_unknown_name_ends_with_2_and_the_nearest_name(monkeypatch: pytest.MonkeyPatch) -> None:
    result = run(monkeypatch, {}, "--only", "memori")
    assert result.exit_code == 2
    assert "memory" in result.output


def test_rows_are_written_to_the_json_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "rows.json"
    result = run(monkeypatch, {}, "--only", "memory", "--json", str(file))
    assert result.exit_code == 0
    assert len(json.loads(file.read_text("utf-8"))["rows"]) == 1


def test_a_json_file_in_no_folder_is_refused_before_anything_is_measured(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    result = run(monkeypatch, {}, "--json", str(tmp_path / "nowhere" / "rows.json"))
    assert result.exit_code == 2


def test_a_machine_that_cannot_measure_ends_with_2(monkeypatch: pytest.MonkeyPatch) -> None:
    def prepare() -> None:
        raise CannotMeasure("expected two cores, seen: 1")

    monkeypatch.setattr(command, "prepare", prepare)
    result = run(monkeypatch, {})
    assert result.exit_code == 2
    assert "expected two cores" in result.output
