"""The clients that are written to start from work as they are, and say how their jobs ended."""

import asyncio
import re
import shlex
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from contract_tests.clients.client import ClientError
from contract_tests.clients.command import CommandClient
from contract_tests.clients.shim import init_client
from contract_tests.outcome import Job, Outcome, OutcomeStatus
from contract_tests.trace import Ability, Done, Exchange
from mock_server.core.trace import trace_of
from tests.contract_tests.clients.doing import PATIENCE
from tests.contract_tests.clients.stage import Stage, on_stage, stage

# One worker plays with them for all tests.
pytestmark = pytest.mark.xdist_group("shims")

LANGUAGES = ("python", "node", "go", "bash")
# Go's would have to be compiled first.
INTERPRETED = ("python", "node", "bash")
PROMPT = '-- A red fox, "quoted" & ünïcode 🦊\n$HOME'
FAILS = [
    {"phase": "queued"},
    {"phase": "failed", "seconds": 1, "error": {"code": "no_luck", "message": "no luck at all"}},
]


@dataclass(frozen=True)
class Play:
    """What three jobs of one client came to, and what the mock was sent in the good one."""

    client: CommandClient
    good: Done
    failed: Done
    refused: Done
    calls: tuple[Exchange, ...]


@pytest.fixture(scope="module")
def plays(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Play]:
    """All clients at once, since each waits five seconds before it polls."""

    async def scene() -> list[Play]:
        async with stage() as here:
            homes = [(name, tmp_path_factory.mktemp(name)) for name in INTERPRETED]
            return await asyncio.gather(*(play(here, name, home) for name, home in homes))

    return dict(zip(INTERPRETED, on_stage(scene, real=True), strict=True))


async def play(here: Stage, language: str, home: Path) -> Play:
    shim = init_client(language, home)
    client = CommandClient(shim.words, env=shim.env)
    session, failing = here.session(), here.session(timeline=FAILS)
    good = here.job(session, prompt=PROMPT, n=2, size="3:2", out_dir=home / "out")
    (home / "out").mkdir()
    refused = Job(good.base_url, "sk-nobody-knows-this-key", "A red fox")
    now = session.clock.now
    jobs = (good, here.job(failing, prompt="A red fox"), refused)
    doing = (client.do(one, now, None, PATIENCE) for one in jobs)
    first, second, third = await asyncio.gather(*doing)
    return Play(client, first, second, third, trace_of(session.world).exchanges)


def outcome(found: Done) -> Outcome:
    assert found.outcome is not None, "the client came to no end"
    return found.outcome


@pytest.mark.parametrize("language", INTERPRETED)
def test_a_good_job_ends_with_the_served_images(plays: dict[str, Play], language: str) -> None:
    seen = plays[language]
    told = outcome(seen.good)
    served: Any = seen.calls[-3].reply_json
    assert told.status is OutcomeStatus.SUCCEEDED, told
    assert told.task_id == seen.calls[0].task
    assert list(told.urls) == [item["url"] for item in served["result"]["data"]]
    assert told.exit_status == 0
    assert told.stderr == ""
    assert [(one.name, one.is_image) for one in seen.good.files] == [
        ("image-1", True),
        ("image-2", True),
    ]


@pytest.mark.parametrize("language", INTERPRETED)
def test_the_order_is_sent_as_it_was_given(plays: dict[str, Play], language: str) -> None:
    order: Any = plays[language].calls[0].json
    expected = {"model": "gpt-4o-image", "prompt": PROMPT, "n": 2, "size": "3:2"}
    assert order == expected


@pytest.mark.parametrize("language", INTERPRETED)
def test_a_failed_task_is_told_in_the_servers_words(plays: dict[str, Play], language: str) -> None:
    told = outcome(plays[language].failed)
    assert (told.status, told.code) == (OutcomeStatus.FAILED, "no_luck")
    assert told.message == "no luck at all"
    assert told.exit_status == 1


@pytest.mark.parametrize("language", INTERPRETED)
def test_a_refusal_is_told_in_the_servers_words(plays: dict[str, Play], language: str) -> None:
    told = outcome(plays[language].refused)
    assert (told.status, told.code) == (OutcomeStatus.FAILED, "authentication_error")
    assert told.task_id is None
    assert told.message


@pytest.mark.parametrize("language", INTERPRETED)
def test_what_each_can_do_is_found_out(plays: dict[str, Play], language: str) -> None:
    found = {Ability.REPORTS, Ability.PROGRESS, Ability.DOWNLOADS}
    assert found < plays[language].client.abilities
    assert plays[language].client.notes == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_command_examines_the_client_that_was_written(language: str, tmp_path: Path) -> None:
    shim = init_client(language, tmp_path / "new" / "folder")
    _, _, examining = shim.command.rpartition("&& ")
    options, _, words = examining.partition(" -- ")
    assert shim.file.is_file()
    assert tuple(shlex.split(words)) == shim.words
    assert shlex.split(options)[:2] == ["safelight", "check-client"]
    assert "API_KEY={api_key}" in shlex.split(options)
    assert CommandClient(shim.words, env=shim.env).abilities


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_client_says_in_its_first_lines_how_it_is_run(language: str, tmp_path: Path) -> None:
    first = "\n".join(written(language, tmp_path).splitlines()[:8])
    assert "A small client" in first
    assert "BASE_URL=http://127.0.0.1:8080/v1 API_KEY=sk-... " in first
    assert "The last line that it prints is its outcome" in " ".join(first.split())


def written(language: str, folder: Path) -> str:
    return init_client(language, folder).file.read_text("utf-8")


def test_the_client_in_go_is_laid_out_as_gofmt_does_and_uses_what_it_imports(
    tmp_path: Path,
) -> None:
    text = written("go", tmp_path)
    imports = re.findall(r'^\t"([\w/]+)"$', text, re.M)
    body = text.partition("\n)\n")[2]
    assert imports == sorted(imports)
    assert [name for name in imports if f"{name.rpartition('/')[2]}." not in body] == []
    # Tabs at the left, nothing at the right.
    odd = re.compile(r"\t* |.*\s$")
    assert [line for line in text.splitlines() if odd.match(line)] == []


def test_the_client_in_go_compiles_where_there_is_a_compiler(tmp_path: Path) -> None:
    shim = init_client("go", tmp_path)
    build, _, _ = shim.command.partition(" && ")
    assert shlex.split(build)[:3] == ["go", "build", "-o"]
    if shutil.which("go") is not None:
        built = subprocess.run(shlex.split(build), capture_output=True, text=True, check=False)
        assert built.returncode == 0, built.stderr
        assert Path(shim.words[0]).is_file()


def test_a_file_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "client.sh").write_text("mine", "utf-8")
    with pytest.raises(ClientError, match="there is such a file already"):
        init_client("bash", tmp_path)
    assert (tmp_path / "client.sh").read_text("utf-8") == "mine"


def test_another_language_is_refused_with_the_nearest() -> None:
    with pytest.raises(ClientError, match=r"python, node, go, bash, seen 'pyton' .*'python'"):
        init_client("pyton", Path())
