"""A command is not blamed for orders that it cannot be told."""

import sys
from pathlib import Path

import pytest

from contract_tests import Verdict, check_client
from contract_tests.clients.client import ClientError
from contract_tests.clients.command import CommandClient
from contract_tests.clients.listening import ListeningClient
from contract_tests.exam.untold import asked_for, told_orders
from contract_tests.stories.levels import Level, stories
from mock_server.core.scenario import Scenario
from mock_server.loading.profiles import load_profile

KNOWN = {"BASE_URL": "{base_url}", "API_KEY": "{api_key}"}
# Orders the same, whatever it is told.
STUBBORN = """
import os, urllib.error, urllib.request
fields = {"Authorization": "Bearer " + os.environ["API_KEY"], "Content-Type": "application/json"}
order = b'{"model": "gpt-4o-image", "prompt": "A kite"}'
request = urllib.request.Request(os.environ["BASE_URL"] + "/images/generations", order, fields)
try:
    urllib.request.urlopen(request).read()
except urllib.error.HTTPError as error:
    raise SystemExit(f"error: {error.code}")
"""


def quick() -> tuple[Scenario, ...]:
    return stories(load_profile("guide"), Level.QUICK)


def left_out(*words: str) -> tuple[set[str], tuple[str, ...]]:
    """The stories that a command with these placeholders is not given, and what is noted."""
    played, notes = told_orders(CommandClient(["true", *words], env=KNOWN), quick())
    return {one.name for one in quick()} - {one.name for one in played}, notes


def test_a_command_that_takes_everything_is_given_everything() -> None:
    assert left_out("{job}") == (set(), ())
    names = ("{prompt}", "{n}", "{size}", "{model}", "{reference}", "{mask}")
    assert left_out(*names) == (set(), ())
    assert told_orders(ListeningClient(), quick()) == (quick(), ())


def test_a_command_without_a_place_for_references_is_given_none() -> None:
    names, notes = left_out("{prompt}", "{n}", "{size}")
    assert names == {"orders/6-references"}
    assert notes == (
        "left out, 1 of the stories: orders that the client cannot be told (references)",
    )


def test_what_a_story_orders_decides() -> None:
    names, _ = left_out("{prompt}")
    assert names == {one.name for one in quick() if asked_for(one) - {"prompt"}}
    assert {"lives/4-images", "orders/5-images", "orders/0-images"} <= names


def test_an_exam_of_nothing_but_such_orders_is_refused() -> None:
    client = CommandClient(["true", "{prompt}"], env=KNOWN)
    with pytest.raises(ClientError, match=r"all that was chosen .* cannot be told \(n\)"):
        check_client(client, stories=["lives/4-images"])


def test_a_command_that_takes_no_prompt_is_not_blamed_for_its_own(tmp_path: Path) -> None:
    script = tmp_path / "stubborn.py"
    script.write_text(STUBBORN, "utf-8")
    client = CommandClient([sys.executable, str(script)], env=KNOWN)
    rulings = check_client(client, stories=["submit/400"]).rulings
    found = {one.statement.id: one.verdict for one in rulings}
    assert found["prompt-intact"] is Verdict.NOT_APPLICABLE
    assert found["no-retry-after-400"] is Verdict.PASSED
