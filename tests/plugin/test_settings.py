"""Options and settings of the plugin, and what it costs those who do not use it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.plugin.conftest import IN_WORKERS

pytest_plugins = ("pytester",)

Suite = Callable[..., pytest.RunResult]

TELLS = """
from wire import status, submit

def test_tells(mock_server, mock_session):
    print("profile", mock_server.control.ready()["profile"])
    print("speed", mock_session.clock.facts().speed)
    print("limits", len(mock_session.limits()))
"""


def test_without_settings_the_guide_is_served_in_real_time_without_limits(suite: Suite) -> None:
    run = suite(TELLS, "-s")
    run.stdout.fnmatch_lines(["*profile guide", "speed 1.0", "limits 0"])


def test_settings_decide_about_profile_speed_and_limits(suite: Suite) -> None:
    ini = "safelight_profile = reference\nsafelight_speed = 20\nsafelight_limits = true"
    run = suite(TELLS, "-s", ini=ini)
    run.stdout.fnmatch_lines(["*profile reference", "speed 20.0", "limits [1-9]*"])


def test_options_come_before_settings_in_workers_too(suite: Suite) -> None:
    options = ("--safelight-profile", "live", "--safelight-speed", "5")
    ini = "safelight_profile = reference\nsafelight_speed = 20"
    run = suite(
        TELLS + "    raise AssertionError\n", *options, *("-p", "xdist", "-n", "1"), ini=ini
    )
    run.stdout.fnmatch_lines(["profile live", "speed 5.0"])


@pytest.mark.parametrize("options", [(), IN_WORKERS])
def test_an_unknown_profile_is_told_with_the_nearest_name(
    suite: Suite, options: tuple[str, ...]
) -> None:
    source = "def test_a(mock_session): pass\ndef test_b(mock_server): pass"
    run = suite(source, "--safelight-profile", "guied", *options)
    run.assert_outcomes(errors=2)
    run.stdout.fnmatch_lines(["no mock server: *seen 'guied' (did you mean 'guide'[?])"])
    run.stdout.no_fnmatch_line("*Traceback*")


@pytest.mark.parametrize(
    ("ini", "told"),
    [
        ("safelight_speed = fast", "safelight_speed: expected a number above 0, seen 'fast'"),
        ("safelight_speed = 0", "safelight_speed: expected a number above 0, seen '0'"),
        ("safelight_unspent = no", "safelight_unspent: expected fail or allowed, seen 'no'"),
    ],
)
def test_a_setting_that_means_nothing_ends_the_run_before_it_begins(
    suite: Suite, ini: str, told: str
) -> None:
    run = suite("def test_a(): pass", ini=ini)
    assert run.ret == pytest.ExitCode.USAGE_ERROR
    run.stderr.fnmatch_lines([f"ERROR: {told}"])


def test_a_profile_folder_in_the_settings_is_found_beside_them(
    suite: Suite, pytester: pytest.Pytester, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(project / "schemas" / "guide", pytester.path / "ours")
    suite("def test_a(mock_server): pass", "--collect-only", ini="safelight_profile = ours")
    monkeypatch.chdir(pytester.mkdir("below"))
    run = pytester.runpytest_subprocess("-p", "safelight", "-c", "../tox.ini", "../test_suite.py")
    run.assert_outcomes(passed=1)


def test_a_folder_that_happens_to_be_called_as_a_profile_is_passed_over(
    suite: Suite, pytester: pytest.Pytester
) -> None:
    pytester.mkdir("guide")
    suite("def test_a(mock_server): pass").assert_outcomes(passed=1)


def test_the_plugin_imports_nothing_of_the_server_before_a_fixture_is_asked_for(
    plain_environment: Mapping[str, str],
) -> None:
    ask = (
        "import sys, mock_server.pytest_plugin;"
        "print(*sorted(name for name in sys.modules if name.startswith('mock_server')))"
    )
    command = [sys.executable, "-c", ask]
    told = subprocess.run(command, env=plain_environment, capture_output=True, check=True)
    assert told.stdout.split() == [b"mock_server", b"mock_server.pytest_plugin"]


def test_pytest_finds_the_plugin_by_itself(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("PYTEST_")]:
        monkeypatch.delenv(name)
    run = pytester.runpytest_subprocess("--version", "--version")
    run.stdout.fnmatch_lines(["*safelight-*"])
