"""The fault ``fields``: what drift does to the JSON of a reply."""

import json

import pytest
from hypothesis import given

from mock_server.core.script import content_of
from mock_server.faults.parts.json_members import read_members, write_members
from tests.faults.scenes import TASK, fields_of, json_of, ordinary, struck
from tests.faults.values import json_values

BEFORE = json.loads(TASK)


def test_an_unknown_member_is_added_at_the_end() -> None:
    content = content_of(struck('fields(set={"eta": {"seconds": [1, 2]}})'))
    assert content == TASK[:-1] + b',"eta":{"seconds":[1,2]}}'


@pytest.mark.parametrize("value", ['"50%"', "7", "null", "[]", "-1", "1000", "true", '"10"'])
def test_a_member_can_have_any_other_value(value: str) -> None:
    script = struck(f'fields(set={{"progress": {value}}})')
    assert json_of(script) == {**BEFORE, "progress": json.loads(value)}


def test_a_status_word_can_be_one_that_nobody_documented() -> None:
    assert json_of(struck('fields(set={"status": "queued_v2"})'))["status"] == "queued_v2"


def test_members_can_be_left_out() -> None:
    assert json_of(struck("fields(drop=[progress, result])")) == {
        "id": "task_1",
        "status": "in_progress",
    }


def test_dots_lead_into_objects_and_lists() -> None:
    script = struck('fields(set={"result.data.0.url": "/x", "result.type": "image"})')
    assert json_of(script)["result"] == {"data": [{"url": "/x"}, {"url": "/b"}], "type": "image"}


def test_a_result_can_have_fewer_images_than_were_asked_for() -> None:
    script = struck("fields(drop=result.data.1)")
    assert json_of(script)["result"]["data"] == [{"url": "/a"}]


def test_objects_on_the_way_are_made_where_they_are_missing() -> None:
    assert json_of(struck('fields(set={"error.code": "x"})'))["error"] == {"code": "x"}


@pytest.mark.parametrize(
    "text",
    [
        "fields(drop=[nothing.here, result.data.9, result.data.x, id.x, result.data.0.url.x])",
        'fields(set={"result.data.9": 1, "result.data.x.y": 1})',
        'fields(repeat={"nothing.here": 1, "result.data.9.x": 1, "result.data.0": 1})',
    ],
)
def test_places_that_do_not_exist_are_passed_over(text: str) -> None:
    assert json_of(struck(text)) == BEFORE


def test_items_of_a_list_can_be_replaced() -> None:
    script = struck('fields(set={"result.data.1": "/b"})')
    assert json_of(script)["result"]["data"] == [{"url": "/a"}, "/b"]


def test_a_member_can_stand_there_twice() -> None:
    script = struck('fields(repeat={"status": "failed", "result.data.0.url": "/z"})')
    content = content_of(script)
    assert content.count(b'"status":') == 2
    assert content.endswith(b',"status":"failed"}')
    assert b'{"url":"/a","url":"/z"}' in content


def test_a_member_that_stands_twice_can_be_dropped() -> None:
    script = struck("fields(drop=id)", ordinary(b'{"id":1,"a":2,"id":3}'))
    assert content_of(script) == b'{"a":2}'


def test_the_length_is_that_of_the_new_content() -> None:
    script = struck('fields(set={"name": "größer"})')
    assert fields_of(script)[b"content-length"] == b"%d" % len(content_of(script))


@pytest.mark.parametrize("content", [b"", b"[1]", b"\x89PNG", b"{", b"7", b"[" * 100_000])
def test_a_reply_that_is_no_json_object_stays_as_it_is(content: bytes) -> None:
    assert struck("fields(drop=id)", ordinary(content)) == ordinary(content)


@given(json_values)
def test_json_is_written_as_it_was_read(value: object) -> None:
    content = json.dumps(value).encode()
    assert json.loads(write_members(read_members(content))) == value
