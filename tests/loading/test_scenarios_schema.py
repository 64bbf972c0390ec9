"""The schema of stories is what editors complete from and what the loader holds files against."""

import json
from pathlib import Path

import jsonschema

from mock_server.loading.folders import schemas_folder
from mock_server.loading.scenario_files import find_scenario, read_scenario_file
from mock_server.loading.scenario_schema import (
    laid_out,
    main,
    rule_ids,
    scenario_schema,
    with_faults,
)
from mock_server.loading.scenarios import scenario_names


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(scenario_schema())


def test_editors_know_the_faults_that_there_are() -> None:
    """``python -m mock_server.loading.scenario_schema`` brings the file up to date."""
    assert scenario_schema() == with_faults(scenario_schema())


def test_the_schema_is_written_as_it_stands(tmp_path: Path) -> None:
    file = schemas_folder() / "scenario.schema.json"
    copy = tmp_path / file.name
    copy.write_bytes(file.read_bytes())
    main(copy)
    assert copy.read_text("utf-8") == file.read_text("utf-8")


def test_laying_out_changes_no_value() -> None:
    assert json.loads(laid_out(scenario_schema())) == scenario_schema()


def test_every_story_passes_the_schema_as_editors_hold_it() -> None:
    validator = jsonschema.Draft202012Validator(scenario_schema())
    wrong = {
        name: [error.message for error in validator.iter_errors(value)]
        for name in scenario_names()
        for value in [read_scenario_file(find_scenario(name, None)[1]).value]
    }
    assert {name: found for name, found in wrong.items() if found} == {}


def test_everything_in_the_schema_is_described() -> None:
    schema = scenario_schema()
    silent = [name for name, one in schema["properties"].items() if "description" not in one]
    stage = schema["$defs"]["stage"]["properties"]
    silent += [name for name, one in stage.items() if "description" not in one]
    assert silent == []


def test_the_ids_of_rules_are_short_words_joined_by_hyphens() -> None:
    ids = rule_ids()
    assert len(set(ids)) == len(ids) == 69
    assert all(len(one) <= 25 and one.replace("-", "").isalnum() for one in ids)
    assert all(one == one.lower() for one in ids)
