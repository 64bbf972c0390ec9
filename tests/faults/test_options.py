"""Options: what a fault takes is what its schema says, and the rest is refused in words."""

from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_server.faults import fault_types
from mock_server.faults.fields import Fields
from mock_server.faults.parts.kinds import Kind, UnfitError
from mock_server.faults.parts.options import OptionError, options_of, seen_as
from mock_server.faults.reset import Reset
from mock_server.faults.status import Status
from mock_server.loading.faults import read_fault
from tests.faults.values import json_values, values_of

KINDS = {
    f"{name}.{option.name}": option.kind
    for name, fault in fault_types().items()
    for option in options_of(fault).values()
}
odd_values = json_values | st.integers() | st.text(st.characters(codec="utf-8"))
few = settings(max_examples=30)


@pytest.mark.parametrize("place", KINDS)
def test_an_option_takes_just_what_its_schema_allows(place: str) -> None:
    kind = KINDS[place]
    validator = jsonschema_rs.Draft202012Validator(dict(kind.schema))

    @few
    @given(odd_values | values_of(kind.schema))
    def check(value: Any) -> None:
        assert takes(kind, value) == validator.is_valid(value)

    check()


@pytest.mark.parametrize("place", KINDS)
def test_what_an_option_keeps_is_told_as_it_was_given(place: str) -> None:
    kind = KINDS[place]

    @few
    @given(values_of(kind.schema))
    def check(value: Any) -> None:
        kept = kind.keep(value)
        assert kind.keep(kind.tell(kept)) == kept

    check()


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), True, "\ud800", {"a": object()}, {1: "a"}, [("a",)], {}]
)
def test_no_option_takes_what_no_json_text_can_say(value: object) -> None:
    takers = {place for place, kind in KINDS.items() if takes(kind, value)}
    # An object without members is JSON; whether it says enough is the fault's own question.
    objects = {"status.headers", "headers.set", "fields.set", "fields.repeat"}
    assert takers == (objects if value == {} else set())


def takes(kind: Kind, value: object) -> bool:
    try:
        kind.keep(value)
    except UnfitError:
        return False
    return True


def test_a_refused_option_says_what_was_expected_and_what_was_seen() -> None:
    with pytest.raises(OptionError) as caught:
        Status(code=200)
    assert str(caught.value) == "code: expected a whole number from 400 to 599, seen 200"


def test_an_object_given_to_a_fault_can_be_changed_afterwards_without_effect() -> None:
    nested = {"b": 1}
    fault = Fields(set=(("a", nested),))
    nested["b"] = 2
    assert fault.text == 'fields(set={"a": {"b": 1}})'


def test_a_number_too_long_to_be_written_is_described() -> None:
    assert seen_as(10**5000) == "a number of 16610 bits"


def test_a_value_that_cannot_be_shown_is_described() -> None:
    endless: list[object] = []
    for _ in range(100_000):
        endless = [endless]
    assert seen_as(endless) == "a list that is too large to show"


def test_a_long_value_is_cut_where_it_is_shown() -> None:
    assert seen_as("a" * 500) == "'" + "a" * 76 + "..."


def test_a_fault_whose_text_fits_into_no_header_field_is_refused() -> None:
    with pytest.raises(OptionError, match="text: expected at most 4000 characters"):
        Fields(set=(("a", ["b c"] * 1000),))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("status", "code: a status code from 400 to 599, or a reason"),
        ("399", "code: a whole number from 400 to 599"),
        ("600", "code: a whole number from 400 to 599"),
        ("429(retry_after=1, retry_after_date=1)", "only one of retry_after and retry_after_date"),
        ("429(date_form=asctime)", "retry_after_date beside it"),
        ('429(retry_after="a\\r\\nb: c")', "without control characters"),
        ("429(retry_after=1e999)", "retry_after: a number or a text"),
        ('429(headers={"a b": "c"})', "header fields"),
        ('429(headers={"a": []})', "header fields"),
        ("reset(at=10)", "moment=after beside it"),
        ("stall(moment=before, at=1)", "moment=after beside it"),
        ("stall(moment=before, then=go_on)", "close: before the work"),
        ("stall(-1)", "seconds: seconds from 0 to"),
        ("cut(at=1, share=0.5)", "only one of at and share"),
        ("cut(share=1.5)", "share: a share from 0 to 1"),
        ("wrong_length(0)", "by: another number than 0"),
        ("drip(0)", "bytes a second"),
        ("delay", "seconds, or low and high, or median and sigma"),
        ("delay(1, low=1)", "seconds, or low and high, or median and sigma"),
        ("delay(low=1)", "seconds, or low and high, or median and sigma"),
        ("delay(low=2, high=1)", r"at most high \(1\)"),
        ("html(100)", "from 200 to 599"),
        ("body", "content, or one of"),
        ("body(empty, content=x)", "content, or one of"),
        ("fields", "members to set, drop or repeat"),
        ("headers", "fields to set or drop"),
        ("headers(drop=Content-Length)", "no field that frames the reply"),
        ("redirect(304)", "code: 301, 302, 303, 307 or 308"),
        ("redirect(host=a/b)", "host: a host name or address"),
        ("redirect(to=/x, port=1)", "no scheme, host or port beside it"),
        ("redirect(port=0)", "port: a whole number from 1 to 65535"),
        ("gzip(zip)", "how: gzip, deflate"),
    ],
)
def test_impossible_options_are_refused(text: str, expected: str) -> None:
    with pytest.raises(ValueError, match=expected):
        read_fault(text)


def test_an_option_that_is_not_given_is_its_default() -> None:
    assert Reset(moment="before", at=None) == Reset()
