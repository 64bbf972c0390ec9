"""Time can pass faster for a client that is a process, and a client that ignores it is noticed."""

import asyncio
import sys
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from contract_tests.clients.client import Client, ClientError
from contract_tests.clients.command import CommandClient
from contract_tests.clients.dilation import Dilation
from contract_tests.clients.json_lines import JsonLinesClient
from contract_tests.trace import Done
from tests.contract_tests.clients.doing import PATIENCE, bash, done, job

FACTOR = 20.0
SLEEPS = {
    "python": [sys.executable, "-S", "-I", "-c", "import time; time.sleep(10)"],
    "node": ["node", "-e", "setTimeout(() => 0, 10000)"],
    "bash": ["bash", "-c", "sleep 5; sleep 5"],
}
NAMES = ["{base_url}", "{api_key}"]


@pytest.fixture(scope="module")
def dilation() -> Dilation:
    """Twenty times as fast, by the libfaketime of this machine: the package faketime."""
    return Dilation.find(FACTOR)


def by_its_clock(client: Client, dilation: Dilation) -> Done:
    return asyncio.run(client.do(job(), dilation.now, None, PATIENCE * FACTOR))


@pytest.mark.parametrize("command", SLEEPS.values(), ids=SLEEPS)
def test_a_wait_passes_faster_in_many_languages(command: list[str], dilation: Dilation) -> None:
    found = by_its_clock(CommandClient([*command, *NAMES], dilation=dilation), dilation)
    assert found.outcome is not None
    assert found.outcome.exit_status == 0
    # Ten seconds of its own clock; without libfaketime, these were 200 of the session's.
    assert 10 <= found.ended - found.started < 200


def test_a_client_reads_the_time_of_its_session(dilation: Dilation) -> None:
    client = bash("date -R; sleep 3; date -R", dilation=dilation)
    found = by_its_clock(client, dilation)
    assert found.outcome is not None
    first, second = map(parsedate_to_datetime, found.outcome.stdout.splitlines())
    # Whole seconds, and a little for what it takes to start.
    assert found.started - 1 <= first.timestamp() <= found.ended + 1
    assert second.timestamp() - first.timestamp() >= 3


def test_nothing_of_it_stays_behind(dilation: Dilation) -> None:
    client = CommandClient([*SLEEPS["node"], *NAMES], dilation=dilation)
    found = asyncio.run(client.do(job(), dilation.now, None, 1.0))
    assert found.outcome is None
    left = [file.name for file in Path("/dev/shm").iterdir() if found.process in file.name]
    assert left == []


def test_a_long_lived_process_that_was_not_dilated_is_replaced(dilation: Dilation) -> None:
    ask = 'read l; echo "{\\"type\\": \\"ready\\"}"; while read l; do '
    answer = (
        'echo "{\\"type\\": \\"result\\", \\"id\\": \\"1\\", \\"outcome\\":'
        ' {\\"status\\": \\"failed\\", \\"message\\": \\"$FAKETIME\\"}}"; done'
    )
    client = JsonLinesClient(["bash", "-c", ask + answer], grace=0.1)

    async def both() -> list[str | None]:
        await client.begin()
        try:
            slow = await client.do(job(), dilation.now)
            client.dilation = dilation
            fast = await client.do(job(), dilation.now)
        finally:
            await client.end()
        return [one.outcome.message for one in (slow, fast) if one.outcome]

    slow_told, fast_told = asyncio.run(both())
    assert slow_told == ""
    assert str(fast_told).endswith(f" x{FACTOR:g}")
    assert client.dilation is dilation


def test_a_command_is_only_dilated_when_it_is_asked_for() -> None:
    found = done(bash('printf "%s" "$FAKETIME"'))
    assert found.outcome is not None
    assert found.outcome.stdout == ""


def test_the_fast_clock_starts_with_the_wall_s_and_runs_ahead() -> None:
    wall = iter([1000.0, 1000.0, 1002.0, 1002.0, 1002.0])
    fast = Dilation(10, Path("lib.so"), source=lambda: next(wall))
    assert fast.now() == 1000.0
    assert fast.now() == 1020.0
    assert fast.environment()["FAKETIME"] == "+18.000 x10"


def test_what_was_preloaded_before_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LD_PRELOAD", "other.so")
    variables = Dilation(10, Path("lib.so")).environment(lambda: 0.0)
    assert variables["LD_PRELOAD"] == "lib.so:other.so"


@pytest.mark.parametrize("factor", [0, 1, 21, -3])
def test_a_factor_that_would_not_work_is_refused(factor: float) -> None:
    with pytest.raises(ClientError, match=f"expected more than 1 and at most 20, seen {factor}"):
        Dilation.find(factor)


def test_without_the_library_its_package_is_named(tmp_path: Path) -> None:
    with pytest.raises(ClientError, match=r"libfaketime, which is not installed .*faketime"):
        Dilation.find(10, roots=[tmp_path])


def test_the_library_is_found_where_a_distribution_puts_it(tmp_path: Path) -> None:
    library = tmp_path / "x86_64-linux-gnu" / "faketime" / "libfaketimeMT.so.1"
    library.parent.mkdir(parents=True)
    library.touch()
    assert Dilation.find(10, roots=[tmp_path]).environment()["LD_PRELOAD"] == str(library)


REAL = [0.02, 1.1, 2.3, 4.1]


@pytest.mark.parametrize("dilated", [REAL, [0.3, 1.6, 2.9, 4.9], [1.0], [0.01, 3.0, 3.1]])
def test_a_client_whose_waits_are_as_long_as_before_on_the_fast_clock_heeds_it(
    dilated: list[float],
) -> None:
    assert Dilation(10, Path("lib.so")).complaint(REAL, dilated) is None


@pytest.mark.parametrize(
    ("real", "dilated", "complaint"),
    [
        (REAL, [0.2, 11.0, 23.0, 41.0], "it ignores libfaketime: its waits of 2.3 s should have"),
        (REAL, None, "it came to no end under libfaketime"),
        (REAL, [0.01], "it made no wait"),
        ([], [1.0], "it made no wait"),
    ],
)
def test_a_client_that_cannot_be_dilated_is_noticed(
    real: list[float], dilated: list[float] | None, complaint: str
) -> None:
    found = Dilation(10, Path("lib.so")).complaint(real, dilated)
    assert found is not None
    assert found.startswith(complaint)
