"""``safelight report`` shows reports that were kept, several side by side."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from contract_tests.report import read_report, render, write_reports
from contract_tests.report.command import report
from tests.contract_tests.report.samples import bad, good


@pytest.fixture
def kept(tmp_path: Path) -> tuple[str, str]:
    files = tmp_path / "good.json", tmp_path / "bad.json"
    for file, examination in zip(files, (good(), bad()), strict=True):
        file.write_text(render("json", examination), "utf-8")
    return str(files[0]), str(files[1])


def test_several_files_are_shown_side_by_side(kept: tuple[str, str]) -> None:
    result = _run("text", *kept)
    assert result.exit_code == 0
    assert result.stdout == render("text", good(), bad())


def test_a_file_is_written_where_it_is_asked_for(kept: tuple[str, str], tmp_path: Path) -> None:
    file = tmp_path / "new" / "page.html"
    result = _run("html", *kept, "--output", str(file))
    assert (result.exit_code, result.output) == (0, "")
    assert file.read_text("utf-8") == render("html", good(), bad())


def test_a_report_on_several_can_be_shown_again(kept: tuple[str, str], tmp_path: Path) -> None:
    both = tmp_path / "both.json"
    _run("json", *kept, "--output", str(both))
    assert _run("markdown", str(both)).stdout == render("markdown", good(), bad())


def test_a_dash_is_standard_input_and_output() -> None:
    result = _run("json", "-", "--output", "-", given=render("json", good()))
    assert read_report(result.stdout) == good()


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    result = _run("text", str(tmp_path / "none.json"))
    assert result.exit_code == 2
    assert "none.json: cannot be read: No such file or directory" in result.stderr


@pytest.mark.parametrize(
    ("content", "seen"),
    [
        (b"{}", "it has no 'findings'"),
        (b"not json", "expected a JSON report"),
        (b"\xff", "seen bytes that are no UTF-8"),
    ],
)
def test_a_file_that_is_no_report_is_named(tmp_path: Path, content: bytes, seen: str) -> None:
    file = tmp_path / "odd.json"
    file.write_bytes(content)
    result = _run("text", str(file))
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"{file}: " in result.stderr
    assert seen in result.stderr


def test_an_unknown_format_is_refused(kept: tuple[str, str]) -> None:
    result = _run("htm", *kept)
    assert result.exit_code == 2
    assert "did you mean html?" in result.stderr


def test_a_place_that_cannot_be_written_is_named(kept: tuple[str, str], tmp_path: Path) -> None:
    result = _run("json", *kept, "--output", str(tmp_path))
    assert result.exit_code == 2
    assert f"cannot write {tmp_path}: Is a directory" in result.stderr


def test_reports_go_into_their_files_and_the_text_to_the_terminal(tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    assert write_reports(bad(), [("json", file)]) == render("text", bad())
    assert json.loads(file.read_text("utf-8"))["overall"] == "not conformant"


def test_what_is_rendered_for_the_terminal_replaces_the_text() -> None:
    assert write_reports(bad(), [("junit", "-")]) == render("junit", bad())


def _run(*arguments: str, given: str = "") -> Result:
    return CliRunner(env={"COLUMNS": "80"}).invoke(report, arguments, input=given.encode())
