"""The command line: what each command prints, and how it refuses what it cannot use."""

import json
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mock_server.cli import app

Run = Callable[..., Result]
COMMANDS = sorted(app.commands)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """``run(*words)``: the result of the command, in which nothing may have gone unhandled."""

    def serves(server: object, sockets: object) -> None:
        raise AssertionError("it serves")

    # A server that starts although it should not would never end.
    monkeypatch.setattr("uvicorn.Server.run", serves)

    def run_one(*words: str) -> Result:
        result = CliRunner().invoke(app, words, prog_name="safelight")
        if not isinstance(result.exception, SystemExit | None):
            raise result.exception
        assert "Traceback" not in result.output
        return result

    return run_one


def test_the_version_is_that_of_the_distribution(run: Run) -> None:
    assert version("safelight") in run("--version").output


@pytest.mark.parametrize("words", [(), ("--help",), ("-h",)])
def test_help_lists_every_command_and_the_exit_codes(run: Run, words: tuple[str, ...]) -> None:
    output = run(*words).output
    assert all(f"  {command} " in output for command in COMMANDS)
    assert "Exit codes: 0" in output


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(run: Run, command: str) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0
    assert f"Usage: safelight {command}" in result.output


def test_help_of_serve_tells_every_option_and_its_default(run: Run) -> None:
    output = " ".join(run("serve", "--help").output.split())
    options = "--host --port --profile --scenario --speed --api-key --any-key --tls --log"
    assert [option for option in options.split() if option not in output] == []
    assert "[default: 8080" in output


def test_profiles_are_listed_with_their_words_and_the_number_of_their_models(run: Run) -> None:
    result = run("profiles")
    lines = result.output.splitlines()
    assert result.exit_code == 0
    assert [line.split()[0] for line in lines[::2]] == ["guide", "live", "reference"]
    assert "queued, running, succeeded, failed; 1 model" in lines[1].strip()


def test_a_story_is_explained_with_what_its_client_is_given(run: Run) -> None:
    output = run("explain", "lifecycle/out-of-order").output
    assert "  The client is given 3 jobs at once.\n" in output
    assert "The client" not in run("explain", "lifecycle/happy-path").output


@pytest.mark.parametrize("profile", ["guide", "reference", "live"])
def test_the_openapi_document_of_a_profile_is_printed(run: Run, profile: str) -> None:
    result = run("openapi", "--profile", profile, "--server", "https://mock.test")
    document = json.loads(result.output)
    assert document["openapi"].startswith("3.1")
    assert document["servers"][0]["url"].startswith("https://mock.test")
    assert "/v1/images/generations" in document["paths"]


def test_validate_without_files_checks_all_that_ships(run: Run) -> None:
    result = run("validate")
    number, *words = result.output.split()
    assert (result.exit_code, words) == (0, ["files", "checked,", "0", "problems"])
    assert int(number) > 500


def test_validate_checks_the_files_that_it_is_given(run: Run, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.schema.json"
    wrong.write_text('{"type": "strin"}', "utf-8")
    result = run("validate", str(wrong))
    assert result.exit_code == 1
    assert result.stderr.startswith(f"{wrong}:1: $.type: expected one of ")
    assert "did you mean 'string'" in result.stderr
    assert result.stdout == "1 file checked, 1 problem\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("serve", "--profile", "gide"), "did you mean 'guide'?"),
        (("serve", "--scenario", "faults/lost-repl"), "did you mean 'faults/lost-reply'?"),
        (("serve", "--scenario", "nowhere.yaml"), "nowhere.yaml"),
        (("serve", "--profile", "./nowhere"), "'./nowhere'"),
        (("serve", "--host", "192.0.2.1"), "cannot listen on 192.0.2.1:8080: "),
        (("serve", "--host", ""), "host"),
        (("serve", "--tls", "--host", "a..b"), "cannot listen on a..b:8080: "),
        (("serve", "--port", "65536"), "65536"),
        (("serve", "--port", "eighty"), "eighty"),
        (("serve", "--speed", "0"), "speed"),
        (("serve", "--speed", "nan"), "speed"),
        (("serve", "--speed", "inf"), "speed"),
        (("serve", "--log", "xml"), "xml"),
        (("serve", "--api-key", ""), "a key is made of"),
        (("serve", "--api-key", "two words"), "a key is made of"),
        (("serve", "--prot", "1"), "--port"),
        (("serv",), "serve"),
        (("openapi", "--profile", "refrence"), "did you mean 'reference'?"),
    ],
)
def test_what_cannot_be_run_is_told_in_a_line_and_ends_with_2(
    run: Run, words: tuple[str, ...], message: str
) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stdout == ""


def test_tls_without_its_package_says_what_to_install(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "trustme", None)
    result = run("serve", "--port", "0", "--tls")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "pip install 'safelight[tls]'" in result.stderr


def test_a_key_that_cannot_be_used_is_not_shown(run: Run) -> None:
    assert "hunter2" not in run("serve", "--api-key", "hunter2 ").output


def test_a_profile_that_is_broken_is_told_with_its_file_and_place(
    run: Run, tmp_path: Path, project: Path
) -> None:
    profile = json.loads((project / "schemas" / "guide" / "profile.json").read_text("utf-8"))
    profile["wrods"] = profile.pop("words")
    (tmp_path / "profile.json").write_text(json.dumps(profile), "utf-8")
    result = run("serve", "--profile", f"{tmp_path}/")
    assert result.exit_code == 2
    assert f"{tmp_path / 'profile.json'}: $.wrods: expected one of" in result.stderr
    assert "did you mean 'words'?" in result.stderr
