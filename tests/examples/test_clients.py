"""The example clients against each profile: images on disk, and nothing paid for twice."""

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from mock_server import start
from mock_server.core.journal import Entry
from mock_server.edge.runner import Running
from tests.conftest import PATIENCE_SECONDS

# One worker runs them all, so that they share what was bought.
pytestmark = pytest.mark.xdist_group("examples")

PROMPT = 'A red fox, "quoted" & ünïcode 🦊\n$HOME'
COUNT, SIZE, RATIO = 2, "3:2", 3 / 2
FORMATS = {"guide": "PNG", "reference": "JPEG", "live": "PNG"}
Client = Callable[[Running, str, Path], subprocess.CompletedProcess[str]]


def by_options(*command: str) -> Callable[[Path, Path], list[str]]:
    """The words of a command line on which everything but the prompt is an option."""

    def words(program: Path, folder: Path) -> list[str]:
        options = f"--n {COUNT} --size {SIZE} --every 0.05 --folder"
        return [*command, str(program), PROMPT, *options.split(), str(folder)]

    return words


def by_place(program: Path, folder: Path) -> list[str]:
    return ["bash", str(program), PROMPT, str(COUNT), SIZE, str(folder), "0.05"]


PROGRAMS = {
    "python_httpx.py": by_options(sys.executable),
    "node_fetch.mjs": by_options("node"),
    "bash_curl.sh": by_place,
}


@pytest.fixture(params=PROGRAMS)
def program(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def client(program: str, project: Path, plain_environment: Mapping[str, str]) -> Client:
    """``client(mock, key, folder)``: what became of one run of an example."""

    def run(mock: Running, key: str, folder: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            PROGRAMS[program](project / "examples" / program, folder),
            env={**plain_environment, "BASE_URL": mock.base_url, "API_KEY": key},
            cwd=folder.parent,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_SECONDS,
        )

    return run


@pytest.fixture
def story(tmp_path: Path, write: Callable[[str, str], None]) -> Callable[[str], str]:
    """``story(lines)``: a scenario of the usual course with these lines besides."""

    def write_story(lines: str) -> str:
        write("story.yaml", f"title: A story\nwhy: A test tells it.\n{lines}\n")
        return str(tmp_path / "story.yaml")

    return write_story


@contextmanager
def served(profile: str = "guide", scenario: str | None = None) -> Iterator[Running]:
    with start(profile, scenario, speed=20) as mock:
        yield mock


def calls(mock: Running, operation: str) -> list[Entry]:
    journal = mock.mock.sessions.default.world.journal
    return [entry for entry in journal if entry.operation == operation]


@dataclass(frozen=True)
class Bought:
    """What one run of a client against a profile printed, saved, and left on the server."""

    profile: str
    printed: str
    folder: Path
    mock: Running


@pytest.fixture(scope="module")
def purchases() -> dict[tuple[str, str], Bought]:
    """What was bought so far: one run of a client against a profile serves several tests."""
    return {}


@pytest.fixture(params=FORMATS)
def bought(
    request: pytest.FixtureRequest,
    program: str,
    client: Client,
    purchases: dict[tuple[str, str], Bought],
    tmp_path_factory: pytest.TempPathFactory,
) -> Bought:
    """A run of each client against each profile; it has succeeded without complaint."""
    profile = request.param
    if (program, profile) not in purchases:
        folder = tmp_path_factory.mktemp("bought") / "images"
        with served(profile) as mock:
            done = client(mock, mock.api_key, folder)
        assert (done.returncode, done.stderr) == (0, "")
        purchases[program, profile] = Bought(profile, done.stdout, folder, mock)
    return purchases[program, profile]


def test_a_client_saves_the_images_that_it_ordered(bought: Bought) -> None:
    paths = sorted(bought.folder.iterdir())
    assert bought.printed.splitlines()[1:] == list(map(str, paths))
    assert len(paths) == COUNT
    for path in paths:
        with Image.open(path) as image:
            image.load()
            assert image.format == FORMATS[bought.profile]
            assert image.width / image.height == pytest.approx(RATIO, rel=0.01)


def test_a_client_orders_once_and_sends_the_prompt_as_it_is(bought: Bought) -> None:
    (task,) = bought.mock.mock.sessions.default.world.tasks.values()
    assert task.order.prompt == PROMPT
    assert len(calls(bought.mock, "submit")) == 1
    assert len(calls(bought.mock, "result")) == COUNT


def test_the_key_goes_to_the_api_alone_and_is_never_shown(bought: Bought) -> None:
    with_key = {
        entry.operation
        for entry in bought.mock.mock.sessions.default.world.journal
        if "authorization" in str(entry.headers)
    }
    assert with_key == {"submit", "status"}
    assert bought.mock.api_key not in bought.printed


def test_a_refused_key_ends_a_client_at_once(client: Client, tmp_path: Path) -> None:
    with served() as mock:
        done = client(mock, "sk-wrong0123456789abcdef", tmp_path / "images")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "error: 401: Invalid API key\n"
    assert len(calls(mock, "submit")) == 1


def test_a_refused_order_ends_a_client_at_once(
    client: Client, story: Callable[[str], str], tmp_path: Path
) -> None:
    with served(scenario=story("faults: {submit: [400, 400]}")) as mock:
        done = client(mock, mock.api_key, tmp_path / "images")
    assert (done.returncode, done.stderr[:11]) == (1, "error: 400:")
    assert len(calls(mock, "submit")) == 1


def test_a_client_outwaits_429_and_hiccups_and_orders_one_task(
    client: Client, story: Callable[[str], str], tmp_path: Path
) -> None:
    faults = "faults: {submit: [429], status: [429, 503, reset, html]}"
    with served(scenario=story(faults)) as mock:
        done = client(mock, mock.api_key, tmp_path / "images")
    assert (done.returncode, done.stderr) == (0, "")
    world = mock.mock.sessions.default.world
    assert (len(calls(mock, "submit")), len(world.tasks)) == (2, 1)
    assert world.plan.unspent == ()


@pytest.mark.parametrize("fault", ["lost_reply", "502(after)"])
def test_a_client_does_not_order_again_what_may_have_been_accepted(
    client: Client, story: Callable[[str], str], tmp_path: Path, fault: str
) -> None:
    with served(scenario=story(f"faults: {{submit: ['{fault}']}}")) as mock:
        done = client(mock, mock.api_key, tmp_path / "images")
    assert done.returncode == 1
    assert done.stderr.startswith("error: ")
    assert len(mock.mock.sessions.default.world.tasks) == 1


def test_a_failed_task_is_told_in_the_words_of_the_api(
    client: Client, story: Callable[[str], str], tmp_path: Path
) -> None:
    end = "{phase: failed, seconds: 1, error: {code: refused, message: No foxes here}}"
    with served(scenario=story(f"timeline: [{{phase: queued}}, {end}]")) as mock:
        done = client(mock, mock.api_key, tmp_path / "images")
    assert done.returncode == 1
    assert "No foxes here" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_task_that_brings_too_few_images_is_an_error(
    client: Client, story: Callable[[str], str], tmp_path: Path
) -> None:
    end = "{phase: succeeded, seconds: 1, results: 1}"
    with served(scenario=story(f"timeline: [{{phase: queued}}, {end}]")) as mock:
        done = client(mock, mock.api_key, tmp_path / "images")
    assert (done.returncode, done.stderr) == (1, "error: 2 images were ordered, 1 came\n")
    assert len(list((tmp_path / "images").iterdir())) == 1


def test_a_spoiled_image_is_not_saved_as_one(
    client: Client, story: Callable[[str], str], tmp_path: Path
) -> None:
    with served(scenario=story("faults: {result: [cut]}")) as mock:
        done = client(mock, mock.api_key, tmp_path / "images")
    assert done.returncode == 1
    assert list((tmp_path / "images").iterdir()) == []
