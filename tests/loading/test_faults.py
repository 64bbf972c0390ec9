"""The words of scenarios and header fields become faults, or errors that can be mended."""

import json
from contextlib import suppress
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.core.plan import Planned
from mock_server.faults import fault_types
from mock_server.faults.close import Close
from mock_server.faults.delay import Delay
from mock_server.faults.fields import Fields
from mock_server.faults.gzip import Gzip
from mock_server.faults.lost_reply import LostReply
from mock_server.faults.parts.chain import Chain
from mock_server.faults.redirect import Redirect
from mock_server.faults.reset import Reset
from mock_server.faults.status import Status
from mock_server.loading.data_error import DataError
from mock_server.loading.faults import fault_schema, fault_table, read_fault, read_faults
from mock_server.loading.profiles import load_profile
from tests.faults import values

PATH = "$.faults.submit"


def refusal(spec: object, **options: Any) -> str:
    """What is said of a queue that cannot be used."""
    with pytest.raises(DataError) as caught:
        read_faults(spec, PATH, file="story.yaml", **options)
    return str(caught.value)


@pytest.mark.parametrize(
    ("spec", "planned"),
    [
        (429, Planned(Status(code=429))),
        ("429", Planned(Status(code=429))),
        ("429(retry_after=2)", Planned(Status(code=429, retry_after=2))),
        ("reset", Planned(Reset())),
        (" reset ( ) ", Planned(Reset())),
        ("reset(after)", Planned(Reset(moment="after"))),
        ("reset(after, at=10)", Planned(Reset(moment="after", at=10))),
        ("reset( moment = after , 10 )", Planned(Reset(moment="after", at=10))),
        ("lost_reply", Planned(LostReply())),
        ("lost_reply(how=hang)", Planned(LostReply(how="hang"))),
        ("status(500) x3", Planned(Status(code=500), 3)),
        ("429 x*", Planned(Status(code=429), None)),
        ("429 x 12", Planned(Status(code=429), 12)),
        ("pass", Planned(None)),
        ("pass x2", Planned(None, 2)),
        ("redirect(to=https://a.test/b?c=d)", Planned(Redirect(to="https://a.test/b?c=d"))),
        ("429(message=Slow down, please=)", None),
        (
            '429(message="Slow down, please (now)")',
            Planned(Status(429, message="Slow down, please (now)")),
        ),
        ("429(message=Slow down)", Planned(Status(429, message="Slow down"))),
        ("429(before, rate_limited)", Planned(Status(429, reason="rate_limited"))),
        (
            'fields(set={"a": [1, {"b": null}]}, drop=[id, "x.y"])',
            Planned(Fields(set=(("a", [1, {"b": None}]),), drop=("id", "x.y"))),
        ),
        ("429 + gzip", Planned(Chain((Status(code=429), Gzip())))),
        ("429+gzip(cut)x2", Planned(Chain((Status(code=429), Gzip(how="cut"))), 2)),
        ({"fault": "status", "code": 500, "times": 3}, Planned(Status(code=500), 3)),
        ({"fault": "429", "retry_after": 2}, Planned(Status(code=429, retry_after=2))),
        ({"fault": 429, "times": "*"}, Planned(Status(code=429), None)),
        ({"fault": "pass", "times": 2}, Planned(None, 2)),
        ({"fault": "delay", "low": 1, "high": 5}, Planned(Delay(low=1.0, high=5.0))),
        ({"fault": "close", "where": "headers"}, Planned(Close(where="headers"))),
    ],
)
def test_an_entry_is_read_in_its_short_and_in_its_long_form(
    spec: object, planned: Planned | None
) -> None:
    if planned is None:
        assert "expected" in refusal(spec)
    else:
        assert read_faults(spec, PATH) == (planned,)


def test_a_queue_keeps_its_order() -> None:
    queue = read_faults(["429", "pass", {"fault": "reset"}, 500], PATH)
    assert [planned.text for planned in queue] == ["429", "pass", "reset", "500"]


def test_a_queue_may_be_empty() -> None:
    assert read_faults([], PATH) == ()


@given(values.faults(), st.none() | st.integers(1, 10**6))
def test_the_text_of_an_entry_reads_as_the_same_entry(fault: Any, times: int | None) -> None:
    planned = Planned(fault, times)
    assert read_faults(planned.text, PATH) == (planned,)


@given(values.single_faults(), st.sampled_from([1, 7, None]))
def test_the_long_form_reads_as_the_same_entry(fault: Any, times: int | None) -> None:
    told = values.told_options(fault)
    spec = {"fault": fault.name(), **told, "times": "*" if times is None else times}
    assert read_faults(json.loads(json.dumps(spec)), PATH) == (Planned(fault, times),)


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("resett", "expected the name of a fault, seen 'resett' (did you mean 'reset'?)"),
        ("Reset", "expected the name of a fault, seen 'Reset' (did you mean 'reset'?)"),
        (
            "lost-reply",
            "expected the name of a fault, seen 'lost-reply' (did you mean 'lost_reply'?)",
        ),
        ("pas", "expected the name of a fault, seen 'pas' (did you mean 'pass'?)"),
        (
            "close(header)",
            "expected where: nothing or headers, seen 'header' (did you mean 'headers'?)",
        ),
        ("42", "expected code: a whole number from 400 to 599, seen 42"),
        ("9" * 5000, "expected code: a whole number from 400 to 599, seen '99999"),
        (200, "expected code: a whole number from 400 to 599, seen 200"),
        ("status(429, 429)", "expected moment: before or after, seen 429"),
        ("reset(before, 1, 2)", "expected an option of reset (moment, at), seen 2"),
        ("cut(1, at=2)", "expected at: it once, seen it twice"),
        ("delay(2, secs=2)", "seen 'secs' (did you mean 'seconds'?)"),
        ("reset(at=1)", "expected at: moment=after beside it: before the work is no reply, seen 1"),
        ("429(code=500)", "expected code: it once, seen it twice"),
        ("429(", "expected a value, seen the end at character 5"),
        ("429(retry_after=2", "in a YAML list, quote a fault that has a comma"),
        ("429(retry_after=)", "expected a value, seen ')' at character 17"),
        ("429()extra", "expected the end, or how often: x3, or x* for always"),
        ("429 x", "expected the end, or how often: x3, or x* for always"),
        ("429 x0", "expected a number of times from 1 to 1000000, seen 0"),
        ("429 x9999999", "expected a number of times from 1 to 1000000, seen 9999999"),
        ("", "expected a fault such as 429, reset or delay(2), seen the end"),
        ("(2)", "expected a fault such as 429, reset or delay(2), seen '(2)'"),
        ("429 +", "expected a fault such as 429, reset or delay(2), seen the end"),
        ("fields(drop=[a b", "expected ',' or ']', seen the end"),
        ('fields(set={"a": NaN})', "expected a JSON value"),
        ('fields(set={"a": 1)', "expected a JSON value"),
        ("fields(drop=" + "[" * 5000, "expected values that are not nested so deeply"),
        ('fields(set={"a":' + "[" * 5000, "expected values that are not nested so deeply"),
        ("a" * 10_001, "expected at most 10000 characters, seen 10001"),
        ("pass(1)", "expected pass by itself, without options"),
        ("pass + reset", "expected pass by itself, without options"),
        ("429 + reset", "expected a fault that spoils a reply (moment=after), seen 'reset'"),
        (None, "expected a fault as text"),
        (True, "expected a fault as text"),
        (1.5, "expected a fault as text"),
        ([["429"]], "$.faults.submit[0]: expected a fault as text"),
        ({}, "$.faults.submit.fault: expected the name of a fault, seen None"),
        ({"fault": True}, "$.faults.submit.fault: expected the name of a fault, seen True"),
        ({"fault": "rest"}, "$.faults.submit.fault: expected the name of a fault, seen 'rest'"),
        ({"fault": "429(moment=after)"}, "$.faults.submit.fault: expected the name of a fault"),
        ({"fault": "pass", "at": 1}, "$.faults.submit.fault: expected pass by itself"),
        ({"fault": 429, "code": 500}, "$.faults.submit.code: expected it once, seen it twice"),
        ({"fault": "reset", "times": 0}, "$.faults.submit.times: expected a whole number from 1"),
        (
            {"fault": "reset", "times": True},
            "$.faults.submit.times: expected a whole number from 1",
        ),
        ({"fault": "cut", "at": "x"}, "$.faults.submit.at: expected a whole number of bytes"),
        ({"fault": "cut", "at": None}, "$.faults.submit.at: expected a whole number of bytes"),
        ({"fault": "cut", "wher": 1}, "$.faults.submit: expected an option of cut (at, share)"),
    ],
)
def test_a_wrong_entry_is_refused_with_what_was_expected_and_seen(spec: object, said: str) -> None:
    message = refusal(spec)
    assert message.startswith("story.yaml: $.faults.submit")
    assert said in message


def test_every_wrong_entry_of_a_queue_is_told_with_its_place() -> None:
    lines = refusal(["429", "rest", {"fault": "cut", "at": -1, "share": 2}]).splitlines()
    assert [line.split(": ")[1] for line in lines] == [
        "$.faults.submit[1]",
        "$.faults.submit[2].at",
        "$.faults.submit[2].share",
    ]


def test_a_queue_is_not_endless() -> None:
    assert "expected at most 10000 entries, seen 10001" in refusal(["429"] * 10_001)


@pytest.mark.parametrize("spec", ["403(reason=file_expird)", "403(reason=file_expird) + gzip"])
def test_a_reason_that_the_profile_lacks_is_refused_where_the_reasons_are_known(spec: str) -> None:
    reasons = load_profile("guide").catalogue.entries
    assert read_faults(spec, PATH)
    assert "(did you mean 'file_expired'?)" in refusal(spec, reasons=reasons)
    assert read_faults("403(reason=file_expired)", PATH, reasons=reasons)


@pytest.mark.parametrize("text", ["pass", "429 x2", "429 x*", "", "rest"])
def test_a_header_field_names_one_fault_for_one_call(text: str) -> None:
    with pytest.raises(DataError, match=r"^X-Mock-Fault: \$: expected "):
        read_fault(text)


@given(st.text(st.characters(codec="utf-8"), max_size=40))
def test_any_text_is_a_fault_or_an_error_in_words(text: str) -> None:
    with suppress(DataError):
        fault = read_fault(text)
        assert read_fault(fault.text) == fault


@given(
    values.json_values
    | st.dictionaries(st.sampled_from(["fault", "times", "at"]), values.json_values)
)
def test_any_value_is_a_queue_or_an_error_in_words(spec: object) -> None:
    with suppress(DataError):
        queue = read_faults(spec, PATH)
        assert all(read_faults(planned.text, PATH) == (planned,) for planned in queue)


def schema_of(name: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": fault_schema()})


QUEUE = schema_of("fault_queue")


@given(values.single_faults(), st.sampled_from([1, 7, "*"]))
def test_the_schema_allows_the_long_form_of_every_fault(fault: Any, times: object) -> None:
    spec = {"fault": fault.name(), **values.told_options(fault), "times": times}
    assert QUEUE.is_valid(spec)


@given(values.faults())
def test_the_schema_allows_the_short_form_of_every_fault(fault: Any) -> None:
    assert QUEUE.is_valid([fault.text, f"{fault.text} x3"])


@pytest.mark.parametrize(
    "spec",
    [
        "resett",
        "lost",
        "600",
        600,
        None,
        {},
        [["429"]],
        {"fault": "rest"},
        {"fault": "reset", "moment": 1},
        {"fault": "reset", "on": 1},
        {"fault": "pass", "at": 1},
        {"fault": 429, "code": 500},
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(spec: object) -> None:
    assert not QUEUE.is_valid(spec)
    refusal(spec)


@pytest.mark.parametrize(
    "spec",
    [
        429,
        "429",
        "pass",
        "429 + gzip",
        {"fault": "429"},
        {"fault": 429},
        {"fault": "pass", "times": 3},
    ],
)
def test_the_schema_allows_what_the_reader_reads(spec: object) -> None:
    assert QUEUE.is_valid(spec)
    assert read_faults(spec, PATH)


def test_the_schema_explains_every_fault_and_every_option() -> None:
    definitions: Any = fault_schema()
    for fault in fault_table():
        form = definitions[f"fault_{fault.name}"]
        assert form["description"] == fault.what
        told = {option.name: option.doc for option in fault.options}
        assert {name: form["properties"][name]["description"] for name in told} == told


def test_the_table_lists_every_fault_with_its_options() -> None:
    assert tuple(fault.name for fault in fault_table()) == tuple(fault_types())
    reset = next(fault for fault in fault_table() if fault.name == "reset")
    assert reset.moments == ("before", "after")
    assert [(one.name, one.default) for one in reset.options] == [
        ("moment", "before"),
        ("at", None),
    ]
