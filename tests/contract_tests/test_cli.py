"""``safelight check-client`` from a terminal: what it says, what it writes, how it exits."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from contract_tests.cli import app

CARELESS = "tests.contract_tests.exam.careless:careless"
BUSY = ("--story", "faults/busy-then-ok")


def run(*words: str, env: Mapping[str, str] | None = None) -> Result:
    return CliRunner().invoke(app, ["check-client", *words], env=env)


@pytest.fixture(scope="module")
def careless(tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, Path]:
    """One exam of a careless client, with reports and counterexamples in a folder."""
    folder = tmp_path_factory.mktemp("exam")
    reports = ["--report", f"json={folder / 'report.json'}", "--found", str(folder / "found")]
    return run("--python", CARELESS, *BUSY, *reports), folder


def test_a_client_that_breaks_a_rule_ends_with_status_1_and_is_told_how_to_mend_it(
    careless: tuple[Result, Path],
) -> None:
    result, _ = careless
    assert result.exit_code == 1
    assert "BOF-01 backoff-floor (MUST)" in result.output
    assert "not conformant" in result.output
    assert "mend" in result.output


def test_no_line_is_longer_than_80_columns_but_those_that_are_to_be_copied(
    careless: tuple[Result, Path],
) -> None:
    lines = careless[0].output.splitlines()
    copied = [line for line in lines if line.startswith("    ")]
    assert [line for line in lines if len(line) > 80 and line not in copied] == []
    assert any("safelight check-client --story" in line for line in copied)


def test_a_report_is_written_where_it_is_asked_for(careless: tuple[Result, Path]) -> None:
    report = json.loads((careless[1] / "report.json").read_text("utf-8"))
    assert report["overall"] == "not conformant"
    assert report["subject"] == CARELESS


def test_a_counterexample_is_kept_and_replays_to_the_same_verdict(
    careless: tuple[Result, Path],
) -> None:
    file = careless[1] / "found" / "backoff-floor.yaml"
    again = run("--python", CARELESS, "--story", str(file))
    assert again.exit_code == 1
    assert "BOF-01 backoff-floor" in again.output


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "a command after --, --python MODULE:NAME, --listen"),
        (("--python", CARELESS, "--listen"), "seen 2 of them"),
        (("--python", "tests.contract_tests.exam.careless"), "MODULE:NAME"),
        (("--python", "tests.nothing:there"), "cannot import tests.nothing"),
        (("--python", "tests.contract_tests.exam.careless:nobody"), "has no nobody"),
        (("--python", "tests.contract_tests.exam.careless:NOT_CALLABLE"), "expected a callable"),
        (("--python", CARELESS, "--story", "faults/busy-then-okay"), "faults/busy-then-ok"),
        (("--python", CARELESS, "--profile", "gide", *BUSY), "guide"),
        (("--python", CARELESS, "--quick", "--thorough", "3"), "--quick or --thorough"),
        (("--api-key", "sk-mine", "--", "true"), "--by-port"),
        (("--", "no-such-program-anywhere", "{base_url}", "{api_key}"), "no-such-program-anywhere"),
        (("--env", "KEY", "--", "true"), "NAME=VALUE"),
        (("--python", CARELESS, *BUSY, "--report", "jsn=x"), "json"),
    ],
)
def test_what_cannot_be_run_ends_with_status_2_and_a_clear_word(
    words: tuple[str, ...], told: str
) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert told in " ".join(result.output.split())
    assert "Traceback" not in result.output


_LEAKY = """
import sys, urllib.request
print('my key is', sys.argv[2])
request = urllib.request.Request(f"{sys.argv[1]}/models")
request.add_header("Authorization", f"Bearer {sys.argv[2]}")
urllib.request.urlopen(request).read()
"""


def test_a_client_that_never_calls_could_not_be_examined_and_is_quoted() -> None:
    script = "import sys; sys.exit('no module named fetch')"
    result = run(
        "--story", "submit/429", "--", sys.executable, "-c", script, "{base_url}", "{api_key}"
    )
    assert result.exit_code == 2
    assert "made no call at all" in result.output
    assert "exit status 1" in result.output
    assert "no module named fetch" in result.output


def test_a_command_is_examined_in_real_time_and_its_key_is_masked(tmp_path: Path) -> None:
    script = tmp_path / "leaky.py"
    script.write_text(_LEAKY, "utf-8")
    report = tmp_path / "report.json"
    result = run(
        *("--story", "lifecycle/happy-path", "--report", f"json={report}", "--"),
        *(sys.executable, str(script), "{base_url}", "{api_key}"),
    )
    assert result.exit_code == 1
    text = report.read_text("utf-8")
    assert "key-not-printed" in result.output
    assert "my key is sk-..." in text
