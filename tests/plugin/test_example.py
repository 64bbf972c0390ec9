"""The example project: what its CI job would do is done here."""

import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

JOB = ".github/workflows/ci.yml"
NOT_INSTALLED = ("anyio", "hypothesispytest", "pytest_cov", "randomly", "schemathesis")


@pytest.fixture(scope="module")
def example(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the example, apart from the checkout."""
    copy = tmp_path_factory.mktemp("example") / "pytest_project"
    shutil.copytree(
        project / "examples" / "pytest_project",
        copy,
        ignore=shutil.ignore_patterns("__pycache__", ".*_cache", "report.xml"),
    )
    return copy


@pytest.fixture(scope="module")
def job(example: Path) -> Any:
    """The workflow as a value."""
    return yaml.safe_load((example / JOB).read_text("utf-8"))


def commands(job: Any) -> Iterator[str]:
    """The commands of all steps, in order."""
    return (step["run"] for step in job["jobs"]["test"]["steps"] if "run" in step)


def test_the_job_is_a_workflow_that_runs_on_every_push(job: Any) -> None:
    # YAML 1.1 takes the word ``on`` for a truth.
    assert set(job[True]) == {"push", "pull_request"}
    assert all(("run" in step) != ("uses" in step) for step in job["jobs"]["test"]["steps"])


def test_the_commands_of_the_job_pass(
    example: Path, job: Any, plain_environment: Mapping[str, str]
) -> None:
    here = Path(sys.executable).parent
    env = {
        **plain_environment,
        "PATH": f"{here}:{plain_environment['PATH']}",
        # All that the job installs is here already, so nothing may be fetched.
        "PIP_NO_INDEX": "1",
        # There is more than the job installs, and some of it starts slowly.
        "PYTEST_ADDOPTS": " ".join(f"-p no:{name}" for name in NOT_INSTALLED),
    }
    for command in commands(job):
        shell = ["bash", "-e", "-o", "pipefail", "-c", command]
        run = subprocess.run(
            shell, cwd=example, env=env, capture_output=True, text=True, check=False
        )
        assert run.returncode == 0, f"{command}\n{run.stdout}{run.stderr}"
    suite = ElementTree.parse(example / "report.xml").getroot()[0]
    assert int(suite.attrib["tests"]) >= 6
    assert (suite.attrib["failures"], suite.attrib["errors"]) == ("0", "0")


# What a client may do wrong, and what of the sound one is replaced by what.
FLAWS = {
    "pays_twice": ("raise OutcomeUnknownError(str(error)) from error", "continue"),
    "comes_back_too_soon": ("return max(float(asked), backoff)", "return backoff"),
    "gives_up_at_once": ("MOST_ATTEMPTS = 5", "MOST_ATTEMPTS = 1"),
}


@pytest.mark.parametrize("flaw", FLAWS)
def test_the_tests_of_the_example_catch_a_client_that_is_wrong(
    flaw: str, example: Path, tmp_path: Path, plain_environment: Mapping[str, str]
) -> None:
    sound, broken = FLAWS[flaw]
    copy = shutil.copytree(example, tmp_path / "broken")
    client = copy / "image_client.py"
    source = client.read_text("utf-8")
    assert sound in source
    client.write_text(source.replace(sound, broken), "utf-8")
    env = {**plain_environment, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [sys.executable, "-m", "pytest", "-p", "safelight", "-p", "no:cacheprovider"]
    run = subprocess.run(command, cwd=copy, env=env, capture_output=True, text=True, check=False)
    assert run.returncode == pytest.ExitCode.TESTS_FAILED, run.stdout
