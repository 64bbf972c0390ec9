"""The example clients pass the exam that the project gives to everybody else's."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from contract_tests import Verdict
from contract_tests.clients.command import CommandClient
from contract_tests.exam.exam import examine
from contract_tests.exam.settings import Settings
from contract_tests.exam.venue import Wish
from contract_tests.stories.levels import Level
from tests.bad_clients.playing import story_named

Size = Callable[[int, int], int]
OPTIONS = ("{prompt}", "--n", "{n}", "--size", "{size}", "--folder", "{out_dir}")
COMMANDS = {
    "python_httpx.py": (sys.executable, *OPTIONS),
    "node_fetch.mjs": ("node", *OPTIONS),
    "bash_curl.sh": ("bash", "{prompt}", "{n}", "{size}", "{out_dir}"),
}
# Over in a moment: what it costs to be careless with an order.
SHORT = ("submit/400", "submit/401", "submit/lost-reply", "submit/body-empty", "submit/cut")


@pytest.mark.proof
@pytest.mark.parametrize("program", COMMANDS)
def test_an_example_breaks_no_must(
    program: str, project: Path, tmp_path: Path, proof_size: Size
) -> None:
    first, *words = COMMANDS[program]
    client = CommandClient(
        [first, str(project / "examples" / program), *words],
        env={"BASE_URL": "{base_url}", "API_KEY": "{api_key}"},
    )
    short = tuple(story_named()[name] for name in SHORT)
    chosen = None if proof_size(0, 1) else short
    wish = Wish(folder=tmp_path)
    examination = examine(client, Settings(wish=wish, level=Level.QUICK, chosen=chosen))
    found = {one.statement.id: one for one in examination.rulings}
    assert {name for name, one in found.items() if one.verdict is Verdict.FAILED} == set()
    assert found["no-retry-after-400"].verdict is Verdict.PASSED
    assert found["submit-once-after-reset"].verdict is Verdict.PASSED
