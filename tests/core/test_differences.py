"""What two profiles promise differently, in words that a person can read."""

from dataclasses import replace

from mock_server.core.differences import ABSENT, Difference, differences
from mock_server.loading.profiles import load_profile

GUIDE, REFERENCE = load_profile("guide"), load_profile("reference")


def found(group: str, fact: str) -> tuple[str, str]:
    rows = differences(GUIDE, REFERENCE)
    (row,) = (one for one in rows if (one.group, one.fact) == (group, fact))
    return row.first, row.second


def test_a_profile_differs_in_nothing_from_itself() -> None:
    assert differences(GUIDE, GUIDE) == ()


def test_status_words_are_compared() -> None:
    assert found("words", "succeeded") == ("succeeded", "completed")


def test_fields_and_their_aliases_are_compared() -> None:
    assert found("fields", "references") == ("reference_images", "image_urls, reference_images")


def test_ranges_tell_bounds_choices_and_defaults() -> None:
    assert found("ranges", "n") == ("integer 1-4, default 1", "1, 2, 4, default 1")
    assert found("ranges", "prompt")[1] == "string 1-1000 characters, required"


def test_what_one_profile_has_not_is_told_as_absent() -> None:
    assert found("ranges", "client_business_id") == (ABSENT, "string 1 or more characters")


def test_error_codes_and_their_envelopes_are_compared() -> None:
    assert found("codes", "unauthenticated")[1] == "401 unauthorized authentication_error"
    assert found("envelopes", "task not found") == ("string code", "integer code")


def test_limits_are_compared() -> None:
    assert found("limits", "async_submit") == (ABSENT, "token bucket 50, 5/s")


def test_switches_are_told_in_words() -> None:
    assert found("switches", "top level url") == ("no", "yes")


def test_advice_is_compared() -> None:
    patient = replace(GUIDE, polling=replace(GUIDE.polling, initial=7.5))
    assert differences(GUIDE, patient) == (Difference("advice", "first poll", "5 s", "7.5 s"),)
