"""Templates of replies: facts take their places, and what is absent leaves no trace."""

import re
from collections.abc import Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mock_server.core.template import compile_template, placeholders

NAMES = ("id", "url", "n", "rows")
ABSENT = object()

constants = (
    st.none() | st.booleans() | st.integers(-9, 9) | st.sampled_from(("", "$", "a $id", "$1"))
)
texts = st.sampled_from(("$id", "$url", "$n", "no. ${n} of ${id}", "${url}", "$unknown"))
templates = st.recursive(
    constants | texts,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from("abcd"), inner, max_size=3)
        | st.builds(lambda item: {"$each": "rows", "item": item}, inner)
    ),
    max_leaves=8,
)
values = st.none() | st.integers(-9, 9) | st.text(max_size=3)
rows = st.none() | st.lists(
    st.dictionaries(st.sampled_from(NAMES[:3]), values, max_size=3), max_size=3
)
facts = st.fixed_dictionaries({}, optional={**dict.fromkeys(NAMES[:3], values), "rows": rows})


def slots(template: Any) -> bool:
    """The slow model: whether anything in the template depends on a fact."""
    if isinstance(template, str):
        return bool(re.fullmatch(r"\$[a-z]+", template) or "${" in template)
    if isinstance(template, dict):
        return "$each" in template or any(map(slots, template.values()))
    return isinstance(template, list) and any(map(slots, template))


def filled(template: Any, known: Mapping[str, Any]) -> Any:
    """The slow model: what becomes of the template."""
    if isinstance(template, str):
        return filled_text(template, known)
    if isinstance(template, list):
        return [v for v in (filled(item, known) for item in template) if v is not ABSENT]
    if not isinstance(template, dict) or not slots(template):
        return template
    return filled_rows(template, known) if "$each" in template else filled_object(template, known)


def filled_rows(template: Mapping[str, Any], known: Mapping[str, Any]) -> Any:
    """The slow model for a repeated item."""
    if known.get("rows") is None:
        return ABSENT
    items = (filled(template["item"], row) for row in known["rows"])
    return [item for item in items if item is not ABSENT]


def filled_object(template: Mapping[str, Any], known: Mapping[str, Any]) -> Any:
    """The slow model for an object with placeholders."""
    members = {key: filled(value, known) for key, value in template.items()}
    if all(members[key] is ABSENT for key, value in template.items() if slots(value)):
        return ABSENT
    return {key: value for key, value in members.items() if value is not ABSENT}


def filled_text(text: str, known: Mapping[str, Any]) -> Any:
    """The slow model for a text."""
    if re.fullmatch(r"\$[a-z]+", text):
        value = known.get(text[1:])
        return ABSENT if value is None else value
    for name in NAMES:
        value = known.get(name)
        text = text.replace("${" + name + "}", "" if value is None else str(value))
    return text


@given(templates, facts)
def test_a_template_is_filled_as_the_slow_model_says(template: Any, known: dict[str, Any]) -> None:
    expected = filled(template, known)
    assert compile_template(template)(known) == ({} if expected is ABSENT else expected)


@given(templates, facts, values)
def test_only_the_facts_that_a_template_names_change_it(
    template: Any, known: dict[str, Any], value: Any
) -> None:
    fill = compile_template(template)
    others = {name: value for name in NAMES if name not in placeholders(template)}
    assert fill({**known, **others}) == fill(known)


def test_a_fact_takes_the_place_of_its_name_with_its_type() -> None:
    fill = compile_template({"id": "$id", "n": "$n", "done": "$done"})
    assert fill({"id": "task_1", "n": 4, "done": False}) == {"id": "task_1", "n": 4, "done": False}


def test_facts_are_put_into_a_text() -> None:
    fill = compile_template("/files/${unix}_${hex}.png")
    assert fill({"unix": 1768381061, "hex": "c55c"}) == "/files/1768381061_c55c.png"


def test_a_fact_that_is_not_there_leaves_a_gap_in_a_text() -> None:
    assert compile_template("a${b}c")({}) == "ac"


def test_a_fact_that_is_absent_leaves_a_gap_in_a_text() -> None:
    assert compile_template("a${b}c")({"b": None}) == "ac"


def test_a_member_without_its_fact_disappears() -> None:
    fill = compile_template({"id": "$id", "url": "$url"})
    assert fill({"id": "task_1", "url": None}) == {"id": "task_1"}


def test_an_object_that_lost_all_its_facts_disappears_with_its_constants() -> None:
    template = {"id": "$id", "error": {"code": "$code", "kind": "image"}}
    assert compile_template(template)({"id": "task_1"}) == {"id": "task_1"}


def test_an_object_without_placeholders_stays() -> None:
    assert compile_template({"id": "$id", "metadata": {}})({}) == {}
    assert compile_template({"id": "$id", "metadata": {}})({"id": 1}) == {"id": 1, "metadata": {}}


def test_what_needs_no_fact_stays_as_it_is() -> None:
    for template in ({"success": False}, [1, "a"], 7, None, "text", {}):
        assert compile_template(template)({"id": 1}) == template


def test_a_list_keeps_its_constants_and_loses_what_is_absent() -> None:
    fill = compile_template(["first", "$id", ["$url"], {"url": "$url"}])
    assert fill({"id": 7}) == ["first", 7, []]
    assert fill({"url": "/a"}) == ["first", ["/a"], {"url": "/a"}]


def test_a_template_whose_facts_are_all_absent_is_an_empty_object() -> None:
    assert compile_template({"id": "$id"})({}) == {}
    assert compile_template("$id")({}) == {}


def test_an_item_is_repeated_for_each_row_of_a_fact() -> None:
    template = {"data": {"$each": "rows", "item": {"url": "$url", "kind": "image"}}}
    fill = compile_template(template)
    rows = [{"url": "/a"}, {"url": "/b"}]
    shown = [{"url": "/a", "kind": "image"}, {"url": "/b", "kind": "image"}]
    assert fill({"rows": rows}) == {"data": shown}
    assert fill({"rows": []}) == {"data": []}
    assert fill({}) == {}


def test_rows_that_are_not_there_leave_nothing_behind() -> None:
    rows = {"$each": "rows", "item": "$url"}
    assert compile_template(["first", rows])({}) == ["first"]
    assert compile_template({"id": "$id", "data": rows})({"id": 1, "rows": None}) == {"id": 1}


def test_an_object_inside_whose_facts_are_all_absent_disappears() -> None:
    fill = compile_template({"id": "$id", "error": {"code": "$code", "message": "$message"}})
    assert fill({"id": 1, "code": None, "message": None}) == {"id": 1}


def test_an_item_that_its_row_leaves_empty_disappears() -> None:
    fill = compile_template({"data": {"$each": "rows", "item": {"url": "$url"}}})
    assert fill({"rows": [{"url": "/a"}, {}]}) == {"data": [{"url": "/a"}]}


def test_the_placeholders_of_a_template_are_the_names_of_its_facts() -> None:
    template = {
        "id": "$id",
        "url": "/${host}/${path}",
        "list": ["$first", "constant", 7],
        "data": {"$each": "rows", "item": "$url"},
    }
    assert placeholders(template) == {"id", "host", "path", "first", "rows"}
