"""Names in braces stand for what a job says; everything else stays as it is."""

import json
from pathlib import Path

import pytest

from contract_tests.clients.client import ClientError
from contract_tests.clients.command_line import CommandLine
from contract_tests.clients.placeholders import NAMES, Template, values_of
from contract_tests.outcome import Job
from tests.contract_tests.clients.doing import KEY, NOWHERE, job

FULL = job(
    size="2:3",
    n=2,
    references=("http://h/1", "http://h/2"),
    mask="http://h/m",
    model="gpt-4o-image",
    reference_files=(Path("one.png"), Path("two.png")),
    mask_file=Path("mask.png"),
    out_dir=Path("out"),
    id="7",
)


def words(*command: str, one: Job | None = None) -> list[str]:
    return CommandLine.parse(command, {}, None).words(values_of(one or job()))


def filled(text: str, one: Job = FULL) -> str:
    return Template.parse(text, "a test").fill(values_of(one))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("base_url", NOWHERE),
        ("api_root", NOWHERE.removesuffix("/v1")),
        ("api_key", KEY),
        ("prompt", "A red fox"),
        ("size", "2:3"),
        ("n", "2"),
        ("reference", "http://h/1\nhttp://h/2"),
        ("mask", "http://h/m"),
        ("model", "gpt-4o-image"),
        ("reference_file", "one.png\ntwo.png"),
        ("mask_file", "mask.png"),
        ("out_dir", "out"),
        ("job_id", "7"),
    ],
)
def test_each_name_stands_for_what_the_job_says(name: str, value: str) -> None:
    assert filled(f"<{{{name}}}>") == f"<{value}>"


def test_the_whole_job_is_one_line_of_json() -> None:
    line = filled("{job}")
    assert "\n" not in line
    told = json.loads(line)
    assert told["job"]["references"] == ["http://h/1", "http://h/2"]
    assert (told["base_url"], told["api_key"], told["id"]) == (NOWHERE, KEY, "7")


def test_every_name_has_a_value() -> None:
    assert values_of(FULL).keys() == set(NAMES)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a":{"n":{n}}}', '{"a":{"n":2}}'),
        ('{{"n":{n}}}', '{"n":2}'),
        ("{{n}}", "{n}"),
        ("{{{n}}}", "{2}"),
        ("a{2}b", "a{2}b"),
        ("{}", "{}"),
        ("{ n }", "{ n }"),
        ("$(( {n} + 1 ))", "$(( 2 + 1 ))"),
        ("{n", "{n"),
    ],
)
def test_braces_around_anything_but_a_name_stay(text: str, expected: str) -> None:
    assert filled(text) == expected


def test_an_unknown_name_is_refused_with_the_nearest_and_a_way_out() -> None:
    with pytest.raises(ClientError) as refused:
        words("client", "--url={base_ur}")
    message = str(refused.value)
    assert "argument '--url={base_ur}'" in message
    assert "seen {base_ur} (did you mean {base_url}?)" in message
    assert "written {{base_ur}}" in message


def test_an_unknown_name_in_the_environment_says_in_which_variable() -> None:
    with pytest.raises(ClientError, match=r"--env KEY: .* seen \{API_KEY\} "):
        CommandLine.parse(["client"], {"KEY": "{API_KEY}"}, None)


def test_an_unknown_name_in_the_standard_input_says_so() -> None:
    with pytest.raises(ClientError, match="standard input: "):
        CommandLine.parse(["client"], {}, "{promt}")


def test_no_command_at_all_is_refused() -> None:
    with pytest.raises(ClientError, match="expected a command"):
        CommandLine.parse([], {}, None)


def test_an_option_without_a_value_vanishes_with_it() -> None:
    assert words("client", "--size", "{size}", "--n", "{n}") == ["client", "--n", "1"]
    assert words("client", "--size={size}", "--n={n}") == ["client", "--n=1"]


def test_an_argument_without_an_option_keeps_its_place() -> None:
    assert words("client", "{prompt}", "{size}", "{n}") == ["client", "A red fox", "", "1"]


@pytest.mark.parametrize("rest", [(), ("--n", "{n}"), ("--quiet",), ("{mask}",)])
def test_an_empty_argument_at_the_end_is_left_out(rest: tuple[str, ...]) -> None:
    expected = words("client", "{prompt}", *rest)
    assert words("client", "{prompt}", "{size}", *rest) == expected


def test_an_empty_value_in_a_longer_text_is_empty() -> None:
    assert words("sh", "-c", "order size={size} now") == ["sh", "-c", "order size= now"]


def test_what_follows_the_end_of_options_is_no_options_value() -> None:
    assert words("client", "--", "{size}", "{n}") == ["client", "--", "", "1"]


def test_several_references_repeat_their_argument_and_its_option() -> None:
    assert words("c", "--ref", "{reference}", one=FULL)[1:] == [
        *("--ref", "http://h/1"),
        *("--ref", "http://h/2"),
    ]
    assert words("c", "--ref={reference}", one=FULL)[1:] == ["--ref=http://h/1", "--ref=http://h/2"]
    assert words("c", "{reference}", one=FULL)[1:] == ["http://h/1", "http://h/2"]


def test_an_empty_prompt_is_a_value() -> None:
    assert words("client", "--prompt", "{prompt}", one=job(prompt="")) == ["client", "--prompt", ""]


def test_what_a_job_says_is_never_taken_for_a_placeholder() -> None:
    assert words("client", "{prompt}", one=job(prompt="{size} {x} {{n}}"))[1] == "{size} {x} {{n}}"


def test_a_variable_without_a_value_is_taken_out_of_the_environment() -> None:
    line = CommandLine.parse(["c"], {"SIZE": "{size}", "N": "{n}", "BOTH": "{n}/{size}"}, None)
    assert line.variables(values_of(job())) == {"SIZE": None, "N": "1", "BOTH": "1/"}
