"""The fault ``redirect``: where a caller is sent."""

import pytest

from mock_server.core.script import content_of
from tests.faults.scenes import fields_of, head_of, scene, struck

BASE = "http://127.0.0.1:8080/s/a"


def location(text: str, base: str = BASE, path: str = "/x", query: str = "") -> bytes:
    return fields_of(struck(text, at=scene(base=base, path=path, query=query)))[b"location"]


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_a_redirect_has_its_code_and_no_content(code: int) -> None:
    script = struck(f"redirect({code})")
    assert head_of(script).status == code
    assert content_of(script) == b""
    assert fields_of(script)[b"content-length"] == b"0"


def test_a_plain_redirect_leads_back_to_the_same_place() -> None:
    expected = b"http://127.0.0.1:8080/s/a/v1/images/task%2F1?n=1&m"
    assert location("redirect", path="/v1/images/task%2F1", query="n=1&m") == expected


@pytest.mark.parametrize(
    ("options", "base", "expected"),
    [
        ("host=localhost", BASE, b"http://localhost:8080/s/a/x"),
        ("port=9090", BASE, b"http://127.0.0.1:9090/s/a/x"),
        ("port=9090", "http://api.test", b"http://api.test:9090/x"),
        ("scheme=http, port=80", "https://api.test/s/a", b"http://api.test:80/s/a/x"),
        ("scheme=http", "https://api.test", b"http://api.test/x"),
        ('host="::1"', BASE, b"http://[::1]:8080/s/a/x"),
        ("port=1", "http://[::1]", b"http://[::1]:1/x"),
        ("port=1", "http://[::1]:8080", b"http://[::1]:1/x"),
        ("host=other", "http://[::1]:8080", b"http://other:8080/x"),
        ("307", "", b"/x"),
        ("to=https://elsewhere.test/y?z=1", BASE, b"https://elsewhere.test/y?z=1"),
    ],
)
def test_a_redirect_can_lead_elsewhere(options: str, base: str, expected: bytes) -> None:
    assert location(f"redirect({options})", base) == expected


def test_nothing_in_a_path_can_break_the_head() -> None:
    expected = BASE.encode() + b"/x%0D%0Ay:%20%C3%A4?%0A"
    assert location("redirect", path="/x\r\ny: ä", query="\n") == expected
