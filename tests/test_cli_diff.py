"""``safelight diff``: two profiles side by side, in a terminal and in the README."""

from pathlib import Path

from click.testing import CliRunner

from mock_server.cli import app


def told(*words: str) -> str:
    result = CliRunner().invoke(app, ["diff", *words])
    assert result.exit_code == 0, result.output
    return result.output


def test_the_table_fits_into_80_columns_and_names_both_profiles() -> None:
    lines = told("guide", "reference").splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[0].split() == ["guide", "reference"]
    assert "  succeeded               succeeded                   completed" in lines


def test_an_unknown_profile_is_refused_with_the_nearest_name() -> None:
    result = CliRunner().invoke(app, ["diff", "guide", "refrence"])
    assert result.exit_code == 2
    assert "did you mean 'reference'?" in result.output


def test_the_readme_carries_the_table_as_it_is_now(project: Path) -> None:
    # To write it anew: safelight diff guide reference --markdown
    assert told("guide", "reference", "--markdown") in (project / "README.md").read_text("utf-8")
