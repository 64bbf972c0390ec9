"""The faults that answer with an error of the API: ``status``, ``html``, ``error_body``."""

import pytest

from mock_server.core.script import content_of
from tests.faults.scenes import DATE, fields_of, head_of, json_of, struck


def test_an_error_is_worded_as_the_catalogue_words_it() -> None:
    script = struck("429")
    assert head_of(script).status == 429
    assert json_of(script) == {
        "error": {"code": "rate_limit_exceeded", "message": "Async task request rate exceeded"}
    }


def test_without_retry_after_the_field_is_absent() -> None:
    assert b"retry-after" not in fields_of(struck("429"))


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("7", b"7"),
        ("0", b"0"),
        ("-1", b"-1"),
        ("1.5", b"1.5"),
        ("2.0", b"2"),
        ("1" + "0" * 35, b"1" + b"0" * 35),
        ("soon", b"soon"),
        ('""', b""),
        ('"1, 2"', b"1, 2"),
        ('"2.0"', b"2.0"),
        ('"\\u0667"', "٧".encode()),
    ],
)
def test_retry_after_is_sent_as_it_is_written(written: str, value: bytes) -> None:
    assert fields_of(struck(f"429(retry_after={written})"))[b"retry-after"] == value


@pytest.mark.parametrize(
    ("seconds", "form", "value"),
    [
        (7, "imf", b"Fri, 15 Jan 2027 08:00:07 GMT"),
        (-86400, "imf", b"Thu, 14 Jan 2027 08:00:00 GMT"),
        (7, "rfc850", b"Friday, 15-Jan-27 08:00:07 GMT"),
        (-864000, "asctime", b"Tue Jan  5 08:00:00 2027"),
        (-3e9, "imf", b"Wed, 23 Dec 1931 02:40:00 GMT"),
    ],
)
def test_retry_after_as_a_date_counts_from_the_sessions_time(
    seconds: float, form: str, value: bytes
) -> None:
    script = struck(f"429(retry_after_date={seconds}, date_form={form})")
    assert fields_of(script)[b"retry-after"] == value


def test_retry_after_can_be_sent_twice() -> None:
    script = struck('429(headers={"Retry-After": ["1", "20"]})')
    found = [value for name, value in head_of(script).headers if name == b"retry-after"]
    assert found == [b"1", b"20"]


def test_the_message_and_the_code_can_be_canaries() -> None:
    script = struck('400(message="canary of the message", error_code=canary_of_the_code)')
    assert json_of(script) == {
        "error": {"code": "canary_of_the_code", "message": "canary of the message"}
    }
    assert fields_of(script)[b"content-length"] == b"%d" % len(content_of(script))


def test_a_503_of_the_limiter_has_the_catalogues_reason() -> None:
    body = json_of(struck("503"))
    assert body == json_of(struck("status(reason=limiter_unavailable)"))
    assert body["error"]["code"] == "rate_limit_unavailable"


def test_a_reason_decides_the_status_where_no_code_is_given() -> None:
    assert head_of(struck("status(reason=limiter_unavailable)")).status == 503


def test_a_code_beside_a_reason_decides_the_status() -> None:
    script = struck("429(reason=limiter_unavailable)")
    assert head_of(script).status == 429
    assert json_of(script)["error"]["code"] == "rate_limit_unavailable"


@pytest.mark.parametrize(
    ("code", "vendor_code"), [(409, "invalid_request_error"), (502, "internal_error")]
)
def test_an_undocumented_status_comes_in_the_vendors_envelope(code: int, vendor_code: str) -> None:
    script = struck(f"{code}(message=canary)")
    assert head_of(script).status == code
    assert json_of(script) == {"error": {"code": vendor_code, "message": "canary"}}


def test_an_unknown_reason_becomes_an_error_of_that_status_or_of_the_server() -> None:
    assert head_of(struck("status(reason=nobody_knows)")).status == 500
    assert struck("429(reason=nobody_knows)") == struck("429")


def test_an_error_after_the_work_replaces_the_reply() -> None:
    assert struck("500(after)") == struck("500")


def test_a_gateways_page_is_html_with_its_own_status() -> None:
    script = struck("html")
    assert head_of(script).status == 502
    assert fields_of(script)[b"content-type"] == b"text/html"
    assert DATE in head_of(script).headers
    assert b"<h1>502 Bad Gateway</h1>" in content_of(script)


def test_a_gateways_page_after_the_work_shows_nothing_of_the_reply() -> None:
    script = struck("html(504, moment=after)")
    assert head_of(script).status == 504
    assert b"x-ratelimit-limit" not in fields_of(script)
    assert b"task_1" not in content_of(script)


def test_an_error_body_says_that_all_is_well() -> None:
    script = struck("error_body(429)")
    assert head_of(script).status == 200
    assert content_of(script) == content_of(struck("429"))
