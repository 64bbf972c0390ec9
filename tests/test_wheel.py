"""The wheel is all that a user gets: it is built, installed apart from the checkout, and serves."""

import json
import re
import subprocess
import sys
import sysconfig
import urllib.request
import venv
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from mock_server.loading.folders import data_folder, scenarios_folder, schemas_folder
from tests.conftest import Start

# One worker builds and installs for all of them.
pytestmark = pytest.mark.xdist_group("wheel")


@pytest.fixture(scope="module")
def wheel(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the checkout, built with the hatchling of this environment: no network."""
    folder = tmp_path_factory.mktemp("wheel")
    options = ["--wheel", "--no-isolation", "--outdir", str(folder)]
    run(sys.executable, "-m", "build", *options, str(project))
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of commands of a new environment in which the wheel is installed.

    The dependencies are lent by this environment through a .pth file: those inside a folder that
    is added in this way are not read, so an editable install of the checkout is not lent.
    """
    home = tmp_path_factory.mktemp("installed")
    venv.create(home, with_pip=False, symlinks=True)
    commands = Path(sysconfig.get_path("scripts", "venv", {"base": str(home)}))
    packages = Path(
        sysconfig.get_path("purelib", "venv", {"base": str(home), "installed_base": str(home)})
    )
    options = ["--quiet", "--no-deps", "--no-index", "--no-compile", str(wheel)]
    run(sys.executable, "-m", "pip", "--python", str(commands / "python"), "install", *options)
    (packages / "lent.pth").write_text(sysconfig.get_path("purelib"), "utf-8")
    return commands


def test_the_wheel_holds_all_data_files_and_every_module(project: Path, wheel: Path) -> None:
    places = {
        "mock_server": "mock_server",
        "contract_tests": "contract_tests",
        "schemas": "mock_server/_data/schemas",
        "scenarios": "mock_server/_data/scenarios",
    }
    expected = {
        f"{place}/{path.relative_to(project / folder).as_posix()}"
        for folder, place in places.items()
        for path in (project / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert held == expected


def test_an_installed_wheel_runs_from_its_own_files(
    installed: Path, tmp_path: Path, plain_environment: Mapping[str, str]
) -> None:
    ask = "from mock_server.loading import folders; print(folders.schemas_folder())"
    answer = run(str(installed / "python"), "-c", ask, cwd=tmp_path, env=plain_environment)
    assert Path(answer.strip()).is_relative_to(installed.parent.resolve())


def test_an_installed_wheel_lists_its_profiles(
    installed: Path, tmp_path: Path, plain_environment: Mapping[str, str]
) -> None:
    listing = run(str(installed / "safelight"), "profiles", cwd=tmp_path, env=plain_environment)
    assert all(profile in listing for profile in ("guide", "reference", "live"))


def test_an_installed_wheel_serves_the_status_of_a_task(
    installed: Path, tmp_path: Path, plain_environment: Mapping[str, str], start: Start
) -> None:
    command = [str(installed / "safelight"), "serve", "--port", "0"]
    _, output = start(command, tmp_path, plain_environment)
    base_url = output.wait_for(re.compile(r"http://127\.0\.0\.1:\d+/v1\b"))[0]
    key = output.wait_for(re.compile(r"\bsk-[\w-]+"))[0]
    order = {"model": "gpt-4o-image", "prompt": "a red lamp in a dark room"}
    task = ask_server(f"{base_url}/images/generations", key, order)
    status = ask_server(f"{base_url}/images/generations/{task['id']}", key)
    assert (status["id"], status["object"]) == (task["id"], "generation.task")


def test_a_checkout_reads_the_data_that_is_edited(project: Path) -> None:
    assert (schemas_folder(), scenarios_folder()) == (project / "schemas", project / "scenarios")


def test_the_data_inside_a_package_comes_before_a_folder_beside_it(tmp_path: Path) -> None:
    package = tmp_path / "mock_server"
    (tmp_path / "schemas").mkdir()
    (package / "_data" / "schemas").mkdir(parents=True)
    assert data_folder("schemas", package) == package / "_data" / "schemas"


def test_a_missing_data_folder_is_an_error_that_names_both_places(tmp_path: Path) -> None:
    package = tmp_path / "mock_server"
    with pytest.raises(FileNotFoundError) as refused:
        data_folder("schemas", package)
    assert str(package / "_data" / "schemas") in str(refused.value)
    assert str(tmp_path / "schemas") in str(refused.value)


def run(*command: str, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> str:
    """What a command prints; if it fails, the test fails with that."""
    done = subprocess.run(
        command, cwd=cwd, env=env, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}{done.stderr}"
    return done.stdout


def ask_server(url: str, key: str, body: object = None) -> Any:
    """The JSON answer to a GET, or to a POST of ``body``."""
    content = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    request = urllib.request.Request(url, content, headers)
    with urllib.request.urlopen(request, timeout=30) as reply:
        assert reply.status == 200
        return json.load(reply)
