"""The page on attaching a client says what is true."""

import json
import re
import sys
from pathlib import Path

import pytest

from contract_tests.clients.json_lines import JsonLinesClient
from contract_tests.clients.placeholders import NAMES
from contract_tests.clients.processes.environment import CA_VARIABLES
from contract_tests.clients.reported import check_message, reported, strict_json
from contract_tests.outcome import OutcomeStatus
from contract_tests.trace import Ability
from tests.contract_tests.clients.long_lived import all_done, outcome

MY_CLIENT = """
import asyncio

async def order_images(message):
    await asyncio.sleep(0)
    return {"status": "succeeded", "task_id": message["job"]["prompt"]}
"""


@pytest.fixture(scope="module")
def page(project: Path) -> str:
    return (project / "docs" / "attaching-a-client.md").read_text("utf-8")


def test_the_page_names_every_placeholder(page: str) -> None:
    rows = "\n".join(re.findall(r"^\| `\{.*$", page, re.M))
    assert re.findall(r"\{(\w+)\}", rows.replace("URL", "")) == [
        *("base_url", "api_root", "api_key", "prompt", "n", "size", "model", "mask"),
        *("reference", "reference_file", "mask_file", "out_dir", "job_id", "job"),
    ]
    assert all(f"`{{{name}}}`" in rows for name in NAMES)


def test_the_page_names_the_variables_of_the_authority(page: str) -> None:
    assert all(f"`{name}`" in page for name in CA_VARIABLES)


def test_the_outcomes_on_the_page_are_outcomes(page: str) -> None:
    shown = [strict_json(text) for text in re.findall(r"```json\n(.*?)\n```", page, re.S)]
    assert [reported(value).status for value in shown] == [
        OutcomeStatus.SUCCEEDED,
        OutcomeStatus.FAILED,
    ]


def test_the_messages_on_the_page_are_messages(page: str) -> None:
    texts = re.findall(r"`(\{\"type\": \"(?:ready|result|progress)\".*?\})`", page)
    assert len(texts) == 3
    for text in texts:
        check_message(json.loads(text.replace("{...}", '{"status": "unknown"}')))


def test_the_client_on_the_page_works(page: str, tmp_path: Path) -> None:
    (program,) = re.findall(r"<!-- json-lines-client -->\n```python\n(.*?)```", page, re.S)
    (tmp_path / "client.py").write_text(program, "utf-8")
    (tmp_path / "my_client.py").write_text(MY_CLIENT, "utf-8")
    client = JsonLinesClient([sys.executable, str(tmp_path / "client.py")])
    found = all_done(client, "first", "second")
    assert [outcome(one).task_id for one in found] == ["first", "second"]
    assert {Ability.PARALLEL, Ability.CANCELS} < client.abilities
    assert client.most_at_once == 4
    assert client.notes == ()
