"""What is written down of a world: all of it, no key in its entries, and nothing unreadable."""

import json
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given

from mock_server.core.call import Call
from mock_server.core.client_plan import ClientPlan, JobPlan, Stop
from mock_server.core.contract import LimitRule
from mock_server.core.exchange import Exchange
from mock_server.core.fault import Fault
from mock_server.core.image_facts import ImageFacts
from mock_server.core.journal import Entry
from mock_server.core.ledger import Item, Ledger
from mock_server.core.lifecycle import Stage
from mock_server.core.limits import Limiter
from mock_server.core.masking import mask
from mock_server.core.plan import Planned
from mock_server.core.scenario import Lognormal, Scenario, StagePlan, TimelinePlan, Uniform
from mock_server.core.script import Chunk, Head, Script
from mock_server.core.snapshot import ONLY, Kind
from mock_server.core.snapshot_entries import entry_value, read_entry
from mock_server.core.snapshot_reading import BadRowError, restored
from mock_server.core.task import Order, Task
from mock_server.core.trace import trace_of
from mock_server.core.world import Bounds, Upload, World
from mock_server.loading.faults import read_fault
from tests.core.clients import BODY, KEY, SUBMIT
from tests.core.snapshot_runs import by_kind, last, lived, shown
from tests.core.snapshot_stories import HIDDEN
from tests.faults.values import faults

# What is written down of each type, or follows from what is. A field that is added must be kept.
KNOWN: dict[type, str] = {
    World: "session contract scenario keyring bounds secret plan limiter ledger journal calls"
    " submitted uploaded tasks by_client_id uploads upload_bytes attempts fired superseded webhook"
    " owed secrets memo",
    Task: "id number owner order timeline created credits digest polls released moved",
    Stage: "phase progress seconds polls held word error results lifetime gone",
    Scenario: "name title why seed profile timelines plan limits chaos keys expect client"
    " results_host",
    ClientPlan: "job jobs clients runs stop",
    JobPlan: "prompt size n references mask model",
    Stop: "by after",
    StagePlan: "stage seconds",
    TimelinePlan: "stages fixed times",
    Uniform: "low high",
    Lognormal: "median sigma ceiling",
    Limiter: "rules buckets windows days counting _places",
    LimitRule: "category operations kind capacity per_second window",
    Ledger: "switches tokens settled charged",
    Item: "kind at owner about credits images tokens",
    Upload: "path data image created",
    ImageFacts: "media_type width height has_alpha size_bytes",
    Entry: "at operation task phase created fault moment secrets call script body_size body_digest"
    " content_size weight ended aborted",
}


@given(faults())
def test_the_entry_of_a_call_that_a_fault_struck_is_read_back_as_it_was(fault: Fault) -> None:
    one = lived("guide", 0, Bounds())
    one.client.post(SUBMIT, BODY, fault=fault)
    entry = last(one.world)
    kept = read_back(entry)
    assert shown(kept) == shown(entry)
    assert kept.script == entry.script
    assert entry_value(kept) == entry_value(entry)


def test_the_trace_of_a_world_that_was_read_back_is_the_same_though_replies_held_a_key() -> None:
    one = lived("guide", 0, Bounds(), ("submit", f"Sign with {KEY}", 1), ("wish", "drip(1000)"))
    body = {**BODY, "metadata": {"note": KEY}}
    one.client.post(SUBMIT, body, fault=read_fault("drip(1000)"))
    one.begin()
    kept, whole = trace_of(one.read_back().world), trace_of(one.world)
    assert [exchange.told for exchange in kept.exchanges] == [True, True, True]
    assert list(map(told, kept.exchanges)) == list(map(told, whole.exchanges))


@pytest.mark.parametrize("fault", [None, "drip(1000)", "not_http", "redirect"])
def test_no_key_is_in_the_entries_that_are_written_down(fault: str | None) -> None:
    one = lived("guide", 1, Bounds())
    body = {**BODY, "prompt": f"{KEY} {HIDDEN}", "metadata": {"note": HIDDEN}}
    one.client.post(SUBMIT, body, fault=None if fault is None else read_fault(fault))
    one.client.get(f"/v1/{KEY}?key={HIDDEN}", (b"x-note", HIDDEN.encode()))
    text = json.dumps([entry_value(entry) for entry in one.world.journal])
    assert KEY not in text
    assert HIDDEN not in text
    assert mask(KEY) in text


def test_a_key_that_lies_in_several_chunks_of_a_reply_is_masked_and_its_length_stays() -> None:
    one = lived("guide", 0, Bounds(), ("submit", "A kite", 1))
    entry = last(one.world)
    head = Head(200, ())
    entry.script = (head, Chunk(b"a " + KEY[:9].encode()), Chunk(KEY[9:].encode() + b" key"))
    script = read_back(entry).script
    assert script[0] == head
    assert content(script).rstrip() == f"a {mask(KEY)} key".encode()
    assert len(content(script)) == len(content(entry.script))
    assert len(script) == len(entry.script)


@pytest.mark.parametrize("kind", list(KNOWN))
def test_every_field_of_what_is_written_down_is_known(kind: type) -> None:
    known = set(KNOWN[kind].split())
    assert {one.name for one in fields(kind)} == known, (
        f"{kind.__name__} has other fields now: mock_server/core/snapshot*.py must keep them"
    )


def test_every_part_of_an_order_a_planned_fault_and_a_call_is_known() -> None:
    assert " ".join(Order._fields) == (
        "model prompt size images width height media_type references mask client_id callback"
        " metadata"
    )
    assert " ".join(Planned._fields) == "fault times fired"
    # Of a call the journal keeps no files, no picture and no wish, and shows nothing of the rest.
    assert " ".join(Call._fields) == (
        "number method path query headers body base form oversized picture client fault"
        " cross_origin head_bytes"
    )


def spoil_story(found: dict[Kind, dict[Any, Any]]) -> None:
    found[Kind.STORY][ONLY]["queues"] = {"submit": [["earthquake", 1, 0]]}


def spoil_step(found: dict[Kind, dict[Any, Any]]) -> None:
    found[Kind.ENTRY][1]["script"] = [["jump", 3]]


def spoil_stages(found: dict[Kind, dict[Any, Any]]) -> None:
    found[Kind.TASK][1]["timeline"] = [["succeeded"], ["queued"]]


def drop_counts(found: dict[Kind, dict[Any, Any]]) -> None:
    del found[Kind.COUNTS]


def spoil_user(found: dict[Kind, dict[Any, Any]]) -> None:
    found[Kind.DAY] = {"nobody": [1, 2.0]}


def mix_keys(found: dict[Kind, dict[Any, Any]]) -> None:
    found[Kind.FIRED] = {1: "submit: 429", "two": "submit: 429"}


@pytest.mark.parametrize(
    ("spoil", "place", "reason"),
    [
        (spoil_story, "story 0", "expected the name of a fault"),
        (spoil_step, "entry 1", "expected a step of a script, seen ['jump', 3]"),
        (spoil_stages, "task 1", "nothing after the end"),
        (drop_counts, "counts 0", "expected one row, seen 0"),
        (spoil_user, "day nobody", "invalid literal for int()"),
        (mix_keys, "fired 0", "not supported between instances"),
    ],
)
def test_a_row_that_tells_nothing_is_named_with_the_reason(
    spoil: Callable[[dict[Kind, dict[Any, Any]]], None], place: str, reason: str
) -> None:
    one = lived("guide", 0, Bounds(), ("submit", "A kite", 1))
    found = by_kind(one.world)
    spoil(found)
    with pytest.raises(BadRowError) as raised:
        restored(found, "a", one.world.contract, Bounds(), read_fault)
    assert str(raised.value).startswith(f"{place}: ")
    assert reason in raised.value.reason


def read_back(entry: Entry) -> Entry:
    """The entry that was written down as a JSON text."""
    return read_entry(json.loads(json.dumps(entry_value(entry))), None)


def content(script: Script) -> bytes:
    """All content of a script."""
    return b"".join(step.data for step in script if isinstance(step, Chunk))


def told(exchange: Exchange) -> Exchange:
    """An exchange without the blanks in its content for what was masked, and without its key.

    Which of two masked keys a call had is not known any more.
    """
    return replace(exchange, content=exchange.content.rstrip(), key="")
