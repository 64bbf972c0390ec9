"""What a client makes of a reply, and how it reads in one line."""

import pytest

from mock_server.core.explain import explain
from mock_server.core.explain_client import Row
from mock_server.core.explain_reply import received
from mock_server.core.plan import Plan
from mock_server.core.scenario import Scenario
from mock_server.core.script import Chunk, HangUp, Head
from mock_server.loading.faults import read_faults
from mock_server.loading.profiles import load_profile

GUIDE = load_profile("guide")


def status_rows(*faults: object) -> list[Row]:
    """What the status reads of the usual story are answered with these faults."""
    scenario = Scenario(plan=Plan({"status": read_faults(list(faults), "$")}))
    return [row for row in explain(scenario, GUIDE) if row.call == "status"]


def test_an_unreadable_reply_is_not_taken_for_a_task() -> None:
    drifted = {"fault": "fields", "drop": ["status"]}
    seen = status_rows(drifted, "body(array)", "body(truncated)", "body(empty)")
    assert not any(row.answered.startswith("200 running, ") for row in seen[:4])
    assert seen[3].answered == "200"
    assert seen[4].answered == "200 succeeded, 100 %"


def test_nested_beyond_measure_is_not_taken_for_a_task() -> None:
    bomb = "[" * 1_900
    assert status_rows(f'body(content="{bomb}")')[0].answered.startswith("200 [[[")


def test_characters_that_a_terminal_would_obey_are_not_shown() -> None:
    escaped = {"fault": "body", "content": "a\x1b[31mb"}
    assert status_rows(escaped)[0].answered == "200 a\ufffd[31mb"


@pytest.mark.parametrize("how", ["gzip", "gzip(deflate)", "gzip(bare_deflate)"])
def test_a_packed_reply_is_unpacked(how: str) -> None:
    assert status_rows(how)[0].answered == "200 running, 35 %"


@pytest.mark.parametrize("how", ["plain", "cut", "wrong_sum", "unknown"])
def test_a_content_coding_that_does_not_unpack_is_called_that(how: str) -> None:
    answered = status_rows(f"gzip({how})")[0].answered
    assert answered.startswith("200, content that does not unpack (")


@pytest.mark.parametrize("by", [-5, 5])
def test_a_reply_of_another_length_than_announced_is_broken(by: int) -> None:
    assert status_rows(f"wrong_length({by})")[0].answered.endswith(" bytes of content")


def test_a_reply_without_a_length_is_whole_when_the_connection_closes() -> None:
    reply = received((Head(200, ()), Chunk(b"{}"), HangUp()))
    assert (reply.broken, reply.told(frozenset())) == (None, "200 {}")


def test_a_script_without_a_step_is_no_reply() -> None:
    assert received(()).told(frozenset()) == "connection closed without a reply"


def test_a_connection_that_closes_without_a_reply_says_so() -> None:
    assert status_rows("close")[0].answered == "connection closed without a reply"


def test_where_a_redirect_leads_is_told() -> None:
    answered = status_rows("redirect(307, host=other.example)")[0].answered
    assert answered.startswith("307, Location: http://other.example/v1/images/generations/")
