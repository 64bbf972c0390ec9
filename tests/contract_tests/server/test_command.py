"""What ``safelight check-server`` says at a terminal, and how it ends."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from contract_tests.cli import app
from tests.contract_tests.server.defects import defect_named
from tests.contract_tests.server.serving import mock_with, served

KEY = "sk-of-somebody-0123456789abcdef"


def run(*words: str, **environment: str) -> Result:
    return CliRunner().invoke(app, ["check-server", *words], env=environment)


def test_a_clean_mock_ends_with_0_and_is_held_against_its_own_profile() -> None:
    with served(mock_with(None, "live")) as origin:
        result = run(f"{origin}/v1", "--level", "quick")
    assert result.exit_code == 0, result.output
    assert "profile live" in result.stdout
    assert "verdict: conformant" in result.stdout
    assert "TAS-08" in result.stdout


def test_a_defect_ends_with_1_and_leaves_scripts_and_reports(tmp_path: Path) -> None:
    report, found = tmp_path / "report.json", tmp_path / "found"
    with served(mock_with(defect_named("expiry-off"), "guide")) as origin:
        options = ("--report", f"json={report}", "--found", str(found), "--name", "the gateway")
        result = run(origin, "--level", "quick", *options)
    assert result.exit_code == 1, result.output
    assert "Results expire as long after their completion as is documented" in result.stdout
    assert sorted(file.name for file in found.iterdir()) == [
        "expiry-as-documented.sh",
        "test_expiry_as_documented.py",
    ]
    assert "the gateway" in report.read_text("utf-8")
    json.loads(report.read_text("utf-8"))


def test_another_machine_is_refused_with_the_price_and_without_the_key() -> None:
    result = run("https://api.example/v1", "--max-submits", "3", SAFELIGHT_API_KEY=KEY)
    assert result.exit_code == 2
    assert "at most 3 submits" in result.stderr
    assert "--yes-this-costs" in result.stderr
    assert KEY not in result.output


def test_a_server_that_is_no_mock_needs_a_key() -> None:
    result = run("https://api.example/v1", "--yes-this-costs")
    assert result.exit_code == 2
    assert "SAFELIGHT_API_KEY" in result.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("http://127.0.0.1:1/v1", "--api-key", KEY, "--level", "quick"), "no reply from"),
        (("not-a-url",), "expected a URL"),
        (("http://127.0.0.1:1", "--profile", "giude", "--api-key", KEY), "guide"),
        (("http://127.0.0.1:1", "--report", "jsn=x"), "did you mean json?"),
    ],
)
def test_what_cannot_be_run_ends_with_2_and_says_why(words: tuple[str, ...], told: str) -> None:
    result = run(*words)
    assert result.exit_code == 2, result.output
    assert told in result.stderr
    assert KEY not in result.output
    assert "Traceback" not in result.output
