"""``pytest --safelight-client``: a test for each rule, with its evidence where it fails."""

import subprocess
import sys
from pathlib import Path

import pytest

BUSY = "--safelight-story=faults/busy-then-ok"
CARELESS = "--safelight-client=tests.contract_tests.exam.careless:careless"


def run(project: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A run of pytest in a folder without tests of its own."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:randomly"]
    return subprocess.run(
        [*command, "--rootdir", str(folder), *words],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def told(project: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """What a run says of a careless client."""
    folder = tmp_path_factory.mktemp("empty")
    (folder / "none.ini").write_text("[pytest]\n", "utf-8")
    words = ("-c", str(folder / "none.ini"), CARELESS, BUSY, "-rs", "-v", str(folder))
    result = run(project, folder, *words)
    assert result.returncode == 1, result.stdout + result.stderr
    return result.stdout


def test_there_is_a_test_for_each_rule(told: str) -> None:
    ends = [line for line in told.splitlines() if line.endswith("%]")]
    assert len([line for line in ends if "::" in line]) == 69


def test_a_rule_that_is_broken_fails_with_what_was_seen_and_how_to_mend_it(told: str) -> None:
    assert "backoff-floor FAILED" in told
    assert "BOF-01 backoff-floor (MUST)" in told
    assert "mend" in told
    assert "found/backoff-floor.yaml" in told


def test_a_rule_that_is_kept_passes(told: str) -> None:
    assert "valid-request PASSED" in told


def test_a_rule_that_nothing_showed_is_skipped_and_says_why(told: str) -> None:
    assert "gzip-decoded SKIPPED" in told
    assert "not_exercised" in told


def test_no_traceback_is_shown_and_the_verdict_closes_the_run(told: str) -> None:
    assert "Traceback" not in told
    assert "verdict: not conformant" in told


def test_a_wrong_target_is_a_usage_error(project: Path, tmp_path: Path) -> None:
    (tmp_path / "none.ini").write_text("[pytest]\n", "utf-8")
    words = ("-c", str(tmp_path / "none.ini"), "--safelight-client=nowhere:client", str(tmp_path))
    result = run(project, tmp_path, *words)
    assert "cannot import nowhere" in result.stdout + result.stderr
    assert "Traceback" not in result.stdout + result.stderr
    assert result.returncode == pytest.ExitCode.USAGE_ERROR
    side_by_side = run(project, tmp_path, "-n2", *words)
    assert "cannot import nowhere" in side_by_side.stdout
    assert side_by_side.returncode == pytest.ExitCode.TESTS_FAILED


def test_a_client_may_lie_beside_the_tests_and_a_broken_one_is_a_usage_error(
    project: Path, tmp_path: Path
) -> None:
    (tmp_path / "none.ini").write_text("[pytest]\n", "utf-8")
    (tmp_path / "test_nothing.py").write_text("def test_nothing() -> None:\n    pass\n", "utf-8")
    (tmp_path / "my_client.py").write_text(
        "from tests.contract_tests.exam.careless import careless\n", "utf-8"
    )
    (tmp_path / "half_written.py").write_text("def careless(:\n", "utf-8")
    words = ("-c", str(tmp_path / "none.ini"), BUSY, str(tmp_path))
    beside = run(project, tmp_path, "--safelight-client=my_client:careless", *words)
    assert "BOF-01 backoff-floor" in beside.stdout
    broken = run(project, tmp_path, "--safelight-client=half_written:careless", *words)
    assert "cannot import half_written: SyntaxError" in broken.stdout + broken.stderr
    assert broken.returncode == pytest.ExitCode.USAGE_ERROR
