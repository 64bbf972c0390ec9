"""No story can hurt: whatever stands in a file, loading ends soon, in a story or in a DataError."""

import json
import re
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.core.explain import explain
from mock_server.loading.data_error import DataError
from mock_server.loading.profiles import load_profile
from mock_server.loading.scenario_files import find_scenario, read_scenario_file
from mock_server.loading.scenario_schema import scenario_schema
from mock_server.loading.scenarios import (
    read_scenario,
    scenario_from,
    scenario_names,
    write_scenario,
)

# What YAML 1.2 calls not printable, of that which JSON does not refuse either.
UNPRINTED = re.compile("[\x7f-\x84\x86-\x9f\ufffe\uffff]")
GUIDE = load_profile("guide")
OPENING = "title: A story\nwhy: To see it told.\n"
STORIES = [read_scenario_file(find_scenario(name, None)[1]).value for name in scenario_names()]

LAUGHS = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{after}: &{after} [{','.join([f'*{before}'] * 9)}]\n"
    for before, after in zip("abcdefgh", "bcdefghi", strict=True)
)
BOMBS = {
    "a billion laughs": LAUGHS,
    "one long text many times": "a: &a " + "x" * 100_000 + "\nb: [" + "*a," * 40_000 + "]",
    "an object many times": "a: &a {" + "b: {c: d}," * 5_000 + "}\ne: [" + "*a," * 1_000 + "]",
    "deep lists": "[" * 100_000,
    "deep objects": "{a: " * 100_000,
    "deep blocks": "- " * 100_000,
    "deep keys": "? " * 100_000,
    "too many values": "[" + "1," * 100_000 + "]",
    "too many names": "\n".join(f"k{number}: 1" for number in range(30_000)),
    "too many stages": f"{OPENING}timeline: [" + "{}," * 40_000 + "]",
    "too many limits": f"{OPENING}limits: [" + "{a: 1}," * 15_000 + "]",
    "too many rules": f"{OPENING}expect: [" + "x," * 45_000 + "]",
    "too many faults": f"{OPENING}faults: {{submit: [" + "x," * 45_000 + "]}",
    "too many rates": f"{OPENING}chaos: {{submit: {{"
    + ",".join(f"k{number}: 5" for number in range(20_000))
    + "}}",
    "a long name": "? " + "k" * 500_000 + "\n: [" + "1," * 40_000 + "]",
    "a long title": f"title: {'x' * 1_000_000}\nwhy: y",
    "a long fault": f"{OPENING}faults: {{submit: ['{'(' * 900_000}']}}",
    "a long file": "#" * 2_000_000,
    "a long number": f"seed: {'9' * 900_000}",
    "a huge number": "seed: 1e99999999",
    "long seconds": f"{OPENING}timeline: [{{phase: queued}}, {{phase: failed, seconds: 1e14}}]",
    "a wide spread": f"{OPENING}timeline: [{{phase: queued}}, "
    "{phase: failed, seconds: {lognormal: {median: 1e9, sigma: 1e9}}}]",
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
def test_a_bomb_is_refused(bomb: str) -> None:
    with pytest.raises(DataError) as caught:
        read_scenario(bomb, GUIDE)
    assert len(str(caught.value)) < 200_000


@pytest.mark.parametrize(
    "tag",
    [
        "!!python/object/apply:os.system ['exit 1']",
        "!!python/name:os.system",
        "!!python/object/new:type {}",
        "!include /etc/hostname",
        "! plain",
        "!!binary aGk=",
    ],
)
def test_a_tag_runs_and_reads_nothing(tag: str) -> None:
    with pytest.raises(DataError, match="expected no tags"):
        read_scenario(f"title: {tag}\nwhy: y\n", GUIDE)


def test_a_value_that_holds_itself_is_refused() -> None:
    value: list[object] = []
    value.append(value)
    with pytest.raises(DataError, match="expected at most"):
        scenario_from({"timeline": value}, GUIDE)


def test_a_value_shared_many_times_over_is_refused() -> None:
    value: object = ["x"] * 10
    for _ in range(20):
        value = [value] * 10
    with pytest.raises(DataError, match="expected at most"):
        scenario_from({"timeline": value}, GUIDE)


PIECES = [
    *("title: x\n", "why: y\n", "timeline:\n", "tasks:\n", "faults:\n", "limits:\n", "chaos:\n"),
    *("keys:\n", "expect:\n", "extends: ", "seed: ", "phase: ", "queued", "running", "succeeded"),
    *("submit: ", "status", "429", "429(retry_after=2)", "lost_reply", "reset x3", "pass", "x*"),
    *("- ", "  ", "    ", "\n", ": ", ", ", "{", "}", "[", "]", "(", ")", "'", '"', "|\n", ">\n"),
    *("&a ", "*a", "!!int ", "!x ", "---\n", "...\n", "%YAML 1.2\n", "? ", "<<: ", "#", "\t", "\\"),
    *(
        '"\\0"',
        '"\\ud800"',
        "~",
        "null",
        "true",
        "1e9",
        ".inf",
        "-1",
        "\x00",
        "\x85",
        "\ufeff",
        "é",
    ),
]
yaml_like = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)

NAMES = sorted(
    {
        *scenario_schema()["properties"],
        *scenario_schema()["$defs"]["stage"]["properties"],
        *scenario_schema()["$defs"]["limit"]["properties"],
        *("submit", "status", "any", "first", "then", "times", "uniform", "lognormal", "median"),
        *("sigma", "code", "message", "valid", "revoked", "fault", "set", "drop"),
    }
)
WORDS = ["queued", "succeeded", "documented", "429 x2", "reset", "fields", "submit-once", "*", ""]
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(WORDS)
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=5), inner, max_size=5)
    ),
    max_leaves=20,
)


@given(text=st.text(max_size=200) | yaml_like)
def test_any_text_is_a_story_or_an_error(text: str) -> None:
    with suppress(DataError):
        read_scenario(text, GUIDE)


@given(text=st.text(max_size=60) | yaml_like)
def test_any_text_after_a_good_opening_is_a_story_or_an_error(text: str) -> None:
    with suppress(DataError):
        read_scenario(OPENING + text, GUIDE)


@given(value=values)
def test_any_value_is_a_story_or_an_error(value: object) -> None:
    with suppress(DataError):
        scenario_from(value, GUIDE)


@given(story=st.sampled_from(STORIES), path=st.lists(st.integers(0, 9), max_size=6), new=values)
def test_a_story_with_one_thing_changed_is_a_story_or_an_error(
    story: object, path: list[int], new: object
) -> None:
    changed = replaced(story, path, new)
    with suppress(DataError):
        scenario = scenario_from(changed, GUIDE)
        assert read_scenario(write_scenario(scenario), GUIDE) == scenario
        explain(scenario, GUIDE)


@given(story=st.sampled_from(STORIES), path=st.lists(st.integers(0, 9), max_size=6), new=values)
def test_text_and_value_are_read_alike(story: object, path: list[int], new: object) -> None:
    changed = replaced(story, path, new)
    try:
        scenario = scenario_from(changed, GUIDE)
    except DataError:
        return
    assert read_scenario(as_text(changed), GUIDE) == scenario


def as_text(value: object) -> str:
    """A value as JSON that is YAML, too: signs that YAML does not print stand there by number."""
    text = json.dumps(value, ensure_ascii=False)
    return UNPRINTED.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)


def replaced(value: Any, path: list[int], new: object) -> Any:
    """A copy in which ``new`` stands where the numbers lead, each choosing a member or an item."""
    if not path or not value or not isinstance(value, dict | list):
        return new
    place = list(value)[path[0] % len(value)] if isinstance(value, dict) else path[0] % len(value)
    rows = value.items() if isinstance(value, dict) else enumerate(value)
    copy = {k: replaced(v, path[1:], new) if k == place else v for k, v in rows}
    return copy if isinstance(value, dict) else list(copy.values())
