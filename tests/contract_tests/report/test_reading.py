"""A JSON report obeys its schema, and reading it back gives the same examination."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from contract_tests.examination import Examination
from contract_tests.finding import Words
from contract_tests.report import UnreadableReportError, read_report, render
from contract_tests.report.reading import read_reports
from tests.contract_tests.report.samples import SAMPLES, bad, good


@pytest.fixture(scope="module")
def validator(project: Path) -> Draft202012Validator:
    schema = json.loads((project / "schemas" / "report.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_report_obeys_its_schema(name: str, validator: Draft202012Validator) -> None:
    assert list(validator.iter_errors(json.loads(render("json", SAMPLES[name]())))) == []


def test_a_report_on_several_obeys_its_schema(validator: Draft202012Validator) -> None:
    assert list(validator.iter_errors(json.loads(render("json", good(), bad())))) == []


@pytest.mark.parametrize("key", ["overall", "rulings", "findings"])
def test_a_report_that_lacks_something_is_refused_by_the_schema(
    key: str, validator: Draft202012Validator
) -> None:
    value = json.loads(render("json", good()))
    del value[key]
    assert not validator.is_valid(value)


@pytest.mark.parametrize("name", SAMPLES)
def test_reading_back_gives_an_equal_examination(name: str) -> None:
    examination = SAMPLES[name]()
    assert read_report(render("json", examination)) == examination


def test_reading_several_back_gives_all_of_them() -> None:
    assert read_reports(render("json", good(), bad())) == (good(), bad())


def test_a_fact_that_json_has_no_word_for_is_kept_as_the_sentence_that_it_makes() -> None:
    words = Words("{{a}} set of {these}, {far}", {"these": (1, 2), "far": float("inf")})
    told = read_report(render("json", _seeing(words))).rulings[0].finding
    assert told is not None
    assert str(told.seen) == "{a} set of (1, 2), inf"


def test_a_number_that_is_not_finite_spoils_no_report() -> None:
    first = good()
    moment = replace(first.stories[0].moments[1], lasted=float("inf"))
    story = replace(first.stories[0], moments=(moment,))
    read = read_report(render("json", replace(first, stories=(story,))))
    assert read.stories[0].moments[0].lasted == 0.0


def test_two_examinations_are_not_read_as_one() -> None:
    with pytest.raises(UnreadableReportError, match="expected one examination, seen 2"):
        read_report(render("json", good(), good()))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "expected a JSON report, seen: Expecting value"),
        ("[" * 100_000, "expected a JSON report"),
        ("{}", "it has no 'findings'"),
        ("3", "expected a report that `safelight check-client"),
        ('{"findings": [], "subject": 1}', "it has no 'kind'"),
        ('{"findings": [3]}', "expected a report that"),
    ],
)
def test_what_is_no_report_is_refused_with_what_was_expected(text: str, message: str) -> None:
    with pytest.raises(UnreadableReportError) as caught:
        read_report(text)
    assert message in str(caught.value)


def _seeing(words: Words) -> Examination:
    first = good()
    finding = first.rulings[0].finding
    assert finding is not None
    ruling = replace(first.rulings[0], finding=replace(finding, seen=words))
    return replace(first, rulings=(ruling,))
