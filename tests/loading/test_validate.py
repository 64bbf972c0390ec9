"""Data files are held against what they must be, and what is wrong in them is told to be mended."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mock_server.loading.data_error import DataError
from mock_server.loading.profiles import load_profile
from mock_server.loading.validate import validate_all, validate_files

Change = Callable[[str, Callable[[Any], object]], Path]
Write = Callable[[str, str], None]


@pytest.fixture
def guide(tmp_path: Path, project: Path) -> Path:
    """A copy of the profile ``guide``."""
    return Path(shutil.copytree(project / "schemas" / "guide", tmp_path / "mine"))


@pytest.fixture
def change(guide: Path) -> Change:
    """``change(name, edit)``: edit the value in a file of the copy; the file."""

    def change_one(name: str, edit: Callable[[Any], object]) -> Path:
        file = guide / name
        value = json.loads(file.read_text("utf-8"))
        edit(value)
        file.write_text(json.dumps(value, indent=2), "utf-8")
        return file

    return change_one


def wrong(*files: Path) -> list[str]:
    """What is said of these files, without the path to them."""
    return [re.sub(r"^\S*/", "", line) for line in validate_files(files).lines]


def test_all_that_ships_is_sound() -> None:
    report = validate_all()
    assert report.lines == []
    assert report.checked > 500


def test_a_folder_stands_for_the_files_in_it(guide: Path) -> None:
    report = validate_files([guide])
    assert report.lines == []
    assert report.checked == len(list(guide.rglob("*.json")))


def test_a_file_that_is_named_twice_is_checked_once(guide: Path) -> None:
    assert validate_files([guide / "profile.json", guide / "profile.json"]).checked == 1


def test_a_file_is_found_from_the_folder_that_it_is_in(
    guide: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(guide / "examples")
    names = sorted(file.name for file in Path().glob("*.json"))
    assert validate_files(map(Path, names)).lines == []
    monkeypatch.chdir(guide)
    assert validate_files([Path("profile.json")]).lines == []


def test_a_misspelt_member_of_a_profile_is_told_with_its_line_and_the_nearest_name(
    change: Change,
) -> None:
    file = change("profile.json", lambda value: value.update(wrods=value.pop("words")))
    number = file.read_text("utf-8").splitlines().index('  "wrods": {') + 1
    missing, misspelt = sorted(wrong(file))
    assert missing == "profile.json:1: $.words: expected a value, seen nothing"
    assert misspelt.startswith(f"profile.json:{number}: $.wrods: expected one of ")
    assert misspelt.endswith("seen 'wrods' (did you mean 'words'?)")


def test_a_default_model_that_is_not_there_is_told(change: Change) -> None:
    file = change("profile.json", lambda value: value.update(default_model="gpt-4o-images"))
    (line,) = wrong(file)
    assert re.fullmatch(
        r"profile\.json:\d+: \$\.default_model: expected one of gpt-4o-image, "
        r"seen 'gpt-4o-images' \(did you mean 'gpt-4o-image'\?\)",
        line,
    )


def test_an_envelope_that_is_not_there_is_told_at_every_place(change: Change) -> None:
    def edit(value: Any) -> None:
        value["errors"]["upload_type"]["envelope"] = "plain"
        value["errors"]["invalid_request"]["at"]["status"]["envelope"] = "string_cod"

    lines = wrong(change("profile.json", edit))
    assert [re.findall(r"\$[^:]*|mean '\w+'", line) for line in lines] == [
        ["$.errors.invalid_request.at.status.envelope", "mean 'string_code'"],
        ["$.errors.upload_type.envelope", "mean 'plain_message'"],
    ]


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (lambda s: s.update(tpye=s.pop("type")), "$.tpye: expected a keyword of JSON Schema"),
        (lambda s: s["properties"]["n"].update(maxmum=3), ".n.maxmum: expected a keyword"),
        (lambda s: s.update(type="objekt"), "$.type: expected one of array, boolean, integer"),
        (lambda s: s.update(required="model"), "$.required: expected type array, seen 'model'"),
        (lambda s: s.update(allOf=[{"$ref": "#/$defs/no"}]), "expected references and patterns"),
        (lambda s: s["properties"].update(a={"pattern": "("}), "expected references and patterns"),
        (lambda s: s.pop("x-model"), "$['x-model']: expected what its models are, seen nothing"),
        (lambda s: s["x-model"].pop("ids"), "$['x-model'].ids: expected a value, seen nothing"),
        (lambda s: s["x-model"].update(idz=[]), "(did you mean 'ids'?)"),
        (lambda s: s["x-model"].update(media_type="image/gif"), "expected one of image/jpeg"),
        (lambda s: s["x-model"]["resolution"].update(default="2k"), "expected one of 1k, seen"),
    ],
)
def test_a_request_schema_that_cannot_be_used_is_told_and_not_loaded(
    change: Change, guide: Path, edit: Callable[[Any], object], told: str
) -> None:
    file = change("gpt-4o-image.request.json", edit)
    lines = wrong(file)
    assert any(told in line for line in lines), lines
    assert all(line.startswith("gpt-4o-image.request.json:") for line in lines)
    if "keyword" not in told:
        with pytest.raises(DataError, match=r"gpt-4o-image\.request\.json: "):
            load_profile(f"{guide}/")


def test_keywords_of_our_own_begin_with_x(tmp_path: Path, write: Write) -> None:
    write("a.schema.json", '{"x-note": "mine", "properties": {"note": {"x-unit": "s"}}}')
    assert wrong(tmp_path / "a.schema.json") == []


def test_members_of_a_schema_are_not_taken_for_keywords(tmp_path: Path, write: Write) -> None:
    schema = {"properties": {"tpye": {}}, "$defs": {"b": {"enum": [{"tpye": 1}], "const": {}}}}
    write("a.schema.json", json.dumps(schema))
    assert wrong(tmp_path / "a.schema.json") == []


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (lambda e: e.update(valid=False), "$.valid: expected true, for gpt-4o-image.request.json"),
        (lambda e: e["value"].pop("prompt"), "$.value.prompt: expected a value, seen nothing"),
        (lambda e: e["value"].update(n="1"), "$.value.n: expected type integer, seen '1'"),
        (lambda e: e.update(schema="gpt-4o-image.reqest.json"), "(did you mean 'gpt-4o-image.req"),
        (lambda e: e.update(schema="error.reply.json#/$defs/string_cod"), "did you mean '/$defs/"),
        (lambda e: e.update(schema="balance.reply.json#/x"), "$.schema: expected "),
        (lambda e: e.update(schema="../../profile.json"), "$.schema: expected pattern"),
        (lambda e: e.pop("why"), "$.why: expected a value, seen nothing"),
        (lambda e: e.update(sorce=e.pop("source")), "(did you mean 'source'?)"),
    ],
)
def test_an_example_that_is_not_as_it_states_is_told(
    change: Change, edit: Callable[[Any], object], told: str
) -> None:
    lines = wrong(change("examples/the-minimal-request-of-the-guide.json", edit))
    assert any(told in line for line in lines), lines
    assert all(re.match(r"the-minimal-request-of-the-guide\.json:\d+: ", line) for line in lines)


def test_an_example_of_a_broken_schema_is_told_with_the_name_of_the_schema(change: Change) -> None:
    change("task.reply.json", lambda value: value.update(type=7))
    example = change("examples/the-minimal-request-of-the-guide.json", point_at_task)
    (line,) = wrong(example)
    assert line.startswith("task.reply.json:")


def point_at_task(example: Any) -> None:
    example["schema"] = "task.reply.json"


SCENARIO = "title: A\nwhy: It matters to someone.\ntimeline:\n  - {phase: queued}\n"


def test_a_sound_scenario_draws_no_complaint(tmp_path: Path, write: Write) -> None:
    write("a.yaml", SCENARIO + "  - {phase: succeeded, seconds: 1}\n")
    report = validate_files([tmp_path / "a.yaml"])
    assert (report.checked, report.lines) == (1, [])


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (f"{SCENARIO}  - {{phase: succeded}}\n", "a.yaml:5: $.timeline[1].phase: expected one of"),
        (f"{SCENARIO}  - {{phase: succeeded, secnds: 1}}\n", "(did you mean 'seconds'?)"),
        (f"{SCENARIO}faults:\n  submit: [429, rest]\n", "a.yaml:6: $.faults.submit[1]: expected"),
        (f"{SCENARIO}profile: gide\n", "a.yaml:5: $.profile: expected one of guide, live"),
        (f"{SCENARIO}title: B\n", "a.yaml:5: $: expected the name 'title' once"),
        ("title: [\n", "a.yaml:2: $: expected YAML"),
        ("", "a.yaml: $: expected an object, seen nothing"),
    ],
)
def test_a_scenario_that_cannot_be_told_is_told_with_its_line(
    tmp_path: Path, write: Write, source: str, told: str
) -> None:
    write("a.yaml", source)
    lines = wrong(tmp_path / "a.yaml")
    assert any(told in line for line in lines), lines


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ('{\n  "a": 1,\n}\n', ":3: $: expected a JSON text, seen "),
        ('{"a": 1', ":1: $: expected a JSON text, seen "),
        ("", ":1: $: expected a JSON text, seen expecting value at column 1"),
        ('{\n\n"a": tru}', ":3: $: expected a JSON text, seen expecting value at column 6"),
        ('{\n"a": 1,\n"a": 2}', ":3: $: expected the name 'a' once, seen a second time"),
        ("[1]", ":1: $: expected an object, seen list"),
        ("\ufeff{}", ":1: $: expected a JSON text, seen unexpected UTF-8 BOM"),
        ('{"a": NaN}', ": $: expected a JSON text, seen The file contains NaN"),
        ("[" * 100_000, ": $: expected a JSON text, seen endless nesting"),
    ],
    ids=lambda value: repr(value[:20]),
)
def test_what_is_no_json_is_told_with_its_line(
    tmp_path: Path, write: Write, source: str, told: str
) -> None:
    write("a.schema.json", source)
    (line,) = wrong(tmp_path / "a.schema.json")
    assert line.startswith(f"a.schema.json{told}")


def test_bytes_that_are_no_text_are_told_with_their_line(tmp_path: Path) -> None:
    file = tmp_path / "a.schema.json"
    file.write_bytes(b'{"a":\n"\xff"}')
    assert wrong(file) == ["a.schema.json:2: $: expected UTF-8, seen byte 7"]


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("notes.txt", None),
        ("profil.json", "profile.json"),
        ("kite.reqest.json", "kite.request.json"),
        ("kite.json", None),
        ("Makefile", None),
    ],
)
def test_a_file_of_an_unknown_kind_is_told_what_kinds_there_are(
    tmp_path: Path, write: Write, name: str, near: str | None
) -> None:
    write(name, "{}")
    (line,) = wrong(tmp_path / name)
    assert line.startswith(f"{name}: $: expected profile.json, a schema (*.schema.json, ")
    assert f"seen '{name}'" in line
    assert line.endswith(f"(did you mean '{near}'?)") is bool(near)


def test_a_file_that_is_not_there_is_told_with_the_nearest_one(guide: Path) -> None:
    assert wrong(guide / "profil.json") == [
        "profil.json: $: expected a file, seen none (did you mean 'profile.json'?)"
    ]
    assert wrong(guide / "nowhere" / "a.yaml") == ["a.yaml: $: expected a file, seen none"]


def test_every_line_of_a_report_stands_for_one_place(guide: Path, change: Change) -> None:
    change("gpt-4o-image.request.json", lambda value: value["x-model"].pop("source"))
    (line,) = wrong(guide)
    assert line.startswith("gpt-4o-image.request.json:")
