"""Clients that insist on https, that know but one key, or that nobody starts: at the terminal."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import httpx
import pytest
from click.testing import CliRunner

from contract_tests.cli import app
from tests.bad_clients.bad_client import GOOD_CLIENTS

KEY = "sk-known-since-long-ago"
# Over in a moment.
REFUSALS = ("--story", "submit/400", "--story", "submit/401")
_FIXED = f"""
import json, sys, urllib.error, urllib.request
fields = {{"Authorization": "Bearer {KEY}", "Content-Type": "application/json"}}
order = json.dumps({{"model": "gpt-4o-image", "prompt": sys.argv[2], "n": 1}}).encode()
request = urllib.request.Request(sys.argv[1] + "/images/generations", order, fields)
try:
    urllib.request.urlopen(request)
except urllib.error.HTTPError as error:
    told = json.load(error)["error"]
    print(json.dumps({{"status": "failed", "code": told["code"], "message": told["message"]}}))
"""


def examined(folder: Path, *words: str) -> dict[str, Any]:
    """The report of an exam."""
    file = folder / "report.json"
    result = CliRunner().invoke(app, ["check-client", "--report", f"json={file}", *words])
    assert result.exit_code in (0, 1, 3), result.output
    report: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return report


def verdicts(report: dict[str, Any]) -> dict[str, str]:
    return {one["id"]: one["verdict"] for one in report["rulings"]}


@pytest.mark.parametrize(
    ("program", "file"), [("node", "node_fetch.mjs"), ("bash", "bash_curl.sh")]
)
def test_a_program_that_insists_on_https_trusts_the_authority_that_it_is_given(
    program: str, file: str, tmp_path: Path
) -> None:
    report = examined(
        tmp_path,
        *("--tls", *REFUSALS, "--env", "JOB={job}", "--", program, str(GOOD_CLIENTS / file)),
    )
    found = verdicts(report)
    assert found["no-retry-after-400"] == found["no-retry-after-401"] == "passed"
    assert not {"failed", "advice"} & set(found.values())


def test_a_fixed_key_is_enough_where_each_story_has_a_port(tmp_path: Path) -> None:
    script = tmp_path / "fixed.py"
    script.write_text(_FIXED, "utf-8")
    command = (sys.executable, str(script), "{base_url}", "{prompt}")
    found = verdicts(
        examined(tmp_path, "--by-port", "--api-key", KEY, "--tls", *REFUSALS, "--", *command)
    )
    assert found["no-retry-after-400"] == found["no-retry-after-401"] == "passed"
    assert found["bearer-once"] == "passed"
    assert "failed" not in found.values()


@contextmanager
def listening(*words: str) -> Iterator[IO[str]]:
    """What an exam prints that waits for calls."""
    command = (sys.executable, "-c", "from contract_tests.cli import main; main()")
    with subprocess.Popen(
        [*command, "check-client", "--listen", *words], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield process.stdout
        finally:
            process.kill()


def invitation(lines: IO[str]) -> tuple[str, str]:
    """The base URL and the key of the next story."""
    found = {}
    for line in lines:
        if match := re.match(r"(call| +key) +(\S+)", line):
            found[match[1].strip()] = match[2]
        if line.startswith("  order  n "):
            return found["call"], found["key"]
    raise AssertionError("no story was told")


def order_and_fetch(base: str, key: str) -> None:
    """Do all that a story of a task that is done at once asks for."""
    fields = {"Authorization": f"Bearer {key}", "User-Agent": "a page"}
    with httpx.Client(headers=fields) as http:
        order = {"model": "gpt-4o-image", "prompt": "A lighthouse in the fog", "n": 1}
        task = http.post(f"{base}/images/generations", json=order).json()
        done = http.get(f"{base}/images/generations/{task['id']}").json()
        assert done["status"] == "succeeded"


def test_a_client_that_nobody_starts_is_told_where_to_call_and_judged_by_its_calls(
    tmp_path: Path,
) -> None:
    report = tmp_path / "report.json"
    story = ("--story", "lives/at-once", "--report", f"json={report}")
    with listening("--by-port", "--api-key", KEY, *story) as lines:
        base, key = invitation(lines)
        assert key == KEY
        order_and_fetch(base, key)
        told = lines.read()
    assert "heard; going on" in told
    assert "POL-01 poll-floor (SHOULD)" in told or "POL-01 poll-floor (MUST)" in told
    assert verdicts(json.loads(report.read_text("utf-8")))["bearer-once"] == "passed"
