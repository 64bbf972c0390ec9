"""Every check holds an innocent trace for innocent, a guilty one for guilty, and knows its limits."""

import json
from dataclasses import MISSING, fields
from typing import Any, NamedTuple

import pytest
from jsonschema import Draft202012Validator

from mock_server.core.dispatch import NOWHERE, OPERATIONS
from mock_server.core.exchange import Exchange
from mock_server.core.finding import Finding, Verdict
from mock_server.core.lifecycle import Phase
from mock_server.core.verification import CHECKS, is_decided, read_check, verify
from mock_server.core.verification.conditions import CONDITIONS
from mock_server.core.verification.scopes import Scope
from mock_server.loading.folders import schemas_folder
from mock_server.loading.profiles import read_document
from tests.core.verification_samples import after, judged, poll, refused, submit, trace

DONE = Phase.SUCCEEDED


class Case(NamedTuple):
    """An expectation, a trace that keeps it, one that does not, and the calls that show it."""

    expectation: dict[str, Any]
    innocent: tuple[Exchange, ...]
    guilty: tuple[Exchange, ...]
    evidence: tuple[int, ...]


CASES = {
    "backoff": Case(
        {"check": "backoff"},
        (refused(1, 0), refused(2, 1), refused(3, 3), submit(4, 7)),
        (refused(1, 0), refused(2, 1), refused(3, 2.5), submit(4, 7)),
        (2, 3),
    ),
    "count": Case(
        {"check": "count", "operation": "submit", "at_most": 1},
        (submit(1, 0), poll(2, 5)),
        (submit(1, 0), submit(2, 5), poll(3, 9)),
        (1, 2),
    ),
    "first-poll": Case(
        {"check": "first-poll", "at_least": 2},
        (submit(1, 0), poll(2, 2)),
        (submit(1, 0), poll(2, 1.9)),
        (1, 2),
    ),
    "in-flight": Case(
        {"check": "in-flight"},
        (poll(1, 0, total_wait=2), poll(2, 2, total_wait=2)),
        (poll(1, 0, total_wait=2), poll(2, 1.9, total_wait=2)),
        (1, 2),
    ),
    "order": Case(
        {"check": "order", "steps": [{"operation": "submit"}, {"operation": "status"}]},
        (submit(1, 0), poll(2, 5)),
        (poll(1, 0), submit(2, 5)),
        (2,),
    ),
    "own-tasks": Case(
        {"check": "own-tasks"},
        (submit(1, 0), poll(2, 5)),
        (submit(1, 0), poll(2, 5, task="t2")),
        (2,),
    ),
    "poll-gaps": Case(
        {"check": "poll-gaps", "at_least": 2},
        (submit(1, 0), poll(2, 5), poll(3, 7)),
        (submit(1, 0), poll(2, 5), poll(3, 6.9)),
        (2, 3),
    ),
    "poll-promptly": Case(
        {"check": "poll-promptly"},
        (submit(1, 0), poll(2, 5), poll(3, 15)),
        (submit(1, 0), poll(2, 5), poll(3, 15.1)),
        (2, 3),
    ),
    "quiet-after-end": Case(
        {"check": "quiet-after-end"},
        (submit(1, 0), poll(2, 5), poll(3, 10, DONE)),
        (submit(1, 0), poll(2, 5, DONE), poll(3, 10, DONE), poll(4, 15, DONE)),
        (2, 3, 4),
    ),
    "retries-bounded": Case(
        {"check": "retries-bounded", "at_most": 2},
        (refused(1, 0), refused(2, 1), refused(3, 3)),
        (refused(1, 0), refused(2, 1), refused(3, 3), refused(4, 7)),
        (1, 2, 3, 4),
    ),
    "retries-enough": Case(
        {"check": "retries-enough", "at_least": 2},
        (refused(1, 0), refused(2, 1), refused(3, 3)),
        (refused(1, 0), refused(2, 1)),
        (1, 2),
    ),
    "retry-after": Case(
        {"check": "retry-after"},
        (refused(1, 0, **after(7)), submit(2, 7)),
        (refused(1, 0, **after(7)), submit(2, 6.9)),
        (1, 2),
    ),
    "stop-after": Case(
        {"check": "stop-after"},
        (submit(1, 0), poll(2, 5, status=401)),
        (submit(1, 0), poll(2, 5, status=401), poll(3, 10), poll(4, 15)),
        (2, 3, 4),
    ),
    "submit-once": Case(
        {"check": "submit-once"},
        (refused(1, 0), submit(2, 1), submit(3, 9, "a dog", task="t2")),
        (submit(1, 0, status=None, created=True, task="t1"), refused(2, 1), submit(3, 2)),
        (1, 2, 3),
    ),
}
EVERY = pytest.mark.parametrize("case", CASES.values(), ids=CASES)
# What can be told although calls are gone, and what is told although nothing happened.
KNOWS_ALL = {"order"}
NEVER_IDLE = {"count", "order"}
NEEDS_ALL = {"order", "own-tasks", "retries-enough"}


def texts(finding: Finding) -> tuple[str, ...]:
    near = (str(finding.near.words),) if finding.near else ()
    return (str(finding.expected), str(finding.seen), *near)


def test_every_check_has_its_case() -> None:
    assert set(CASES) == set(CHECKS)


@EVERY
def test_an_innocent_trace_passes(case: Case) -> None:
    finding = judged(case.expectation, *case.innocent)
    assert finding.verdict is Verdict.PASSED
    assert finding.rule == case.expectation["check"]
    assert all(texts(finding))


@EVERY
def test_a_guilty_trace_fails_and_names_the_calls_that_show_it(case: Case) -> None:
    finding = judged(case.expectation, *case.guilty)
    assert finding.verdict is Verdict.FAILED
    assert finding.evidence == case.evidence
    assert finding.place is not None
    assert all(texts(finding))


@pytest.mark.parametrize("name", sorted(set(CHECKS) - NEVER_IDLE))
def test_what_nothing_provoked_is_not_exercised(name: str) -> None:
    finding = judged(CASES[name].expectation)
    assert finding.verdict is Verdict.NOT_EXERCISED
    assert all(texts(finding))


@EVERY
def test_calls_that_were_dropped_leave_a_pass_open(case: Case) -> None:
    finding = judged(case.expectation, *case.innocent, dropped=3)
    if case.expectation["check"] in KNOWS_ALL:
        assert finding.verdict is Verdict.PASSED
    else:
        assert finding.verdict is Verdict.INCONCLUSIVE
        assert str(finding.seen) == "3 earlier calls are no longer in the journal"


@EVERY
def test_calls_that_were_dropped_excuse_only_what_they_could_have_mended(case: Case) -> None:
    finding = judged(case.expectation, *case.guilty, dropped=3)
    needs_all = case.expectation["check"] in NEEDS_ALL
    assert finding.verdict is (Verdict.INCONCLUSIVE if needs_all else Verdict.FAILED)


@EVERY
def test_only_failures_that_time_cannot_mend_are_settled(case: Case) -> None:
    check = read_check(case.expectation)
    findings = verify(trace(*case.guilty), [check])
    assert is_decided([check], findings) is (check.id not in {"order", "retries-enough"})
    assert not is_decided([check], verify(trace(*case.innocent), [check]))


@EVERY
def test_the_same_trace_gives_the_same_finding(case: Case) -> None:
    assert judged(case.expectation, *case.guilty) == judged(case.expectation, *case.guilty)


# The schema and the checks


SCHEMA = read_document(schemas_folder() / "verification.schema.json")
VALIDATOR = Draft202012Validator(SCHEMA)
# What a document says in other words than the check's fields.
WORDS = {
    "count": {"operation", "where", "equals", "at_least", "at_most"},
    "order": {"steps", "adjacent"},
}


def definition(name: str) -> dict[str, Any]:
    found: dict[str, Any] = SCHEMA["$defs"][f"check_{name.replace('-', '_')}"]
    return found


def test_the_schema_knows_exactly_the_checks_that_there_are() -> None:
    assert set(SCHEMA["$defs"]["expectation"]["properties"]["check"]["enum"]) == set(CHECKS)
    named = {name for name in SCHEMA["$defs"] if name.startswith("check_")}
    assert named == {f"check_{name.replace('-', '_')}" for name in CHECKS}


@pytest.mark.parametrize("name", CHECKS)
def test_the_schema_knows_exactly_the_parameters_of_a_check(name: str) -> None:
    parameters = WORDS.get(name) or {one.name for one in fields(CHECKS[name])}  # type: ignore[arg-type]
    assert set(definition(name)["properties"]) == {"check", *parameters}


@pytest.mark.parametrize("name", sorted(set(CHECKS) - set(WORDS)))
def test_the_defaults_in_the_schema_are_those_of_the_check(name: str) -> None:
    for one in fields(CHECKS[name]):  # type: ignore[arg-type]
        told = definition(name)["properties"][one.name]
        told = {**SCHEMA["$defs"].get(told.get("$ref", "").rpartition("/")[2], {}), **told}
        if "default" in told:
            assert one.default is not MISSING
            assert told["default"] == one.default


def test_the_schema_knows_the_conditions_scopes_and_operations_that_there_are() -> None:
    parts = SCHEMA["$defs"]
    assert set(parts["where"]["properties"]) == set(CONDITIONS)
    assert parts["scope"]["enum"] == [scope.value for scope in Scope]
    assert set(parts["operation"]["enum"]) == {*OPERATIONS, NOWHERE}
    assert parts["verdict"]["enum"] == [verdict.value for verdict in Verdict]


@EVERY
def test_the_cases_obey_the_schema_and_survive_being_written_down(case: Case) -> None:
    assert VALIDATOR.is_valid({"expectations": [case.expectation]})
    again = json.loads(json.dumps(case.expectation))
    assert read_check(again) == read_check(case.expectation)


@pytest.mark.parametrize(
    "expectation",
    [
        {},
        {"check": "none-such"},
        {"check": "count", "equals": -1},
        {"check": "count", "at_least": 1.5},
        {"check": "count", "where": {"colour": "red"}},
        {"check": "count", "where": {"status": "4xy"}},
        {"check": "count", "where": {"path": {"contains": ""}}},
        {"check": "count", "where": {"header": {"two words": "x"}}},
        {"check": "order", "steps": []},
        {"check": "order"},
        {"check": "own-tasks", "at_least": 1},
        {"check": "backoff", "at_least": []},
        {"check": "backoff", "statuses": []},
        {"check": "poll-gaps", "at_least": "2"},
        {"check": "in-flight", "at_most": 0},
        {"check": "in-flight", "per": "planet"},
        {"check": "retry-after", "scope": "world"},
        {"check": "submit-once", "at_most": 0},
    ],
)
def test_the_schema_refuses_what_means_nothing(expectation: dict[str, Any]) -> None:
    assert not VALIDATOR.is_valid({"expectations": [expectation]})


@pytest.mark.parametrize("word", [None, 7, "none-such"])
def test_an_unknown_check_is_refused_with_the_known_ones(word: object) -> None:
    with pytest.raises(ValueError, match=r"check: expected one of backoff, count, .*, seen "):
        read_check({"check": word})


@pytest.mark.parametrize(
    ("expectation", "complaint"),
    [
        ({"check": "count", "equals": 2, "at_least": 3}, "at least 3 and at most 2"),
        ({"check": "count", "at_least": 3, "at_most": 2}, "at least 3 and at most 2"),
        ({"check": "count", "where": {"colour": "red"}}, "expected one of status, .*'colour'"),
        ({"check": "order", "steps": []}, "expected at least one step"),
        ({"check": "in-flight", "per": "planet"}, "expected per task or session, seen 'planet'"),
        ({"check": "retry-after", "scope": "world"}, "'world' is not a valid Scope"),
        ({"check": "stop-after", "scope": "world"}, "'world' is not a valid Scope"),
    ],
)
def test_parameters_that_contradict_each_other_are_refused(
    expectation: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        read_check(expectation)
