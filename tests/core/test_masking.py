"""Keys are kept out of everything that is written or shown, and all else is left readable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.core.masking import mask, masked, masked_headers
from tests.core.clients import KEY
from tests.core.values import tokens

between = st.text(' "{}:;,&?é', max_size=8)


@pytest.mark.parametrize(
    ("secret", "shown"),
    [
        ("", "..."),
        ("sk-short", "..."),
        ("elevenchars", "..."),
        ("twelve-chars", "...hars"),
        ("sk-" + "a" * 44 + "wxyz", "sk-...wxyz"),
    ],
)
def test_of_a_key_its_prefix_and_its_last_four_characters_are_shown(
    secret: str, shown: str
) -> None:
    assert mask(secret) == shown


@given(tokens, between, between)
def test_a_known_key_is_masked_wherever_it_stands(token: str, before: str, after: str) -> None:
    shown = masked(f"{before}{token}{after}".encode(), (token,)).decode()
    assert shown == before + mask(token) + after


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        '{{"key":"{}"}}',
        "/v1/{}/x",
        "key={}&n=1",
        "Bearer {}",
        "a%20{}",
        r'"\n{}"',
        "\u00e9{}",
    ],
)
def test_what_looks_like_a_key_is_masked_though_nobody_knows_it(text: str) -> None:
    shown = masked(text.format(KEY).encode())
    assert shown == text.format("sk-..." + KEY[-4:]).encode()


@pytest.mark.parametrize(
    "text", [b"", b"A red kite", b"sk-short", b"risk-management-2026", b"task-2026-11-22-0001"]
)
def test_what_does_not_look_like_a_key_is_left_as_it_is(text: bytes) -> None:
    assert masked(text) == text


def test_every_occurrence_is_masked() -> None:
    data = b"plain-secret-1 and plain-secret-1"
    assert masked(data, ("plain-secret-1",)) == b"...et-1 and ...et-1"


@pytest.mark.parametrize(
    ("field", "shown"),
    [
        ((b"authorization", b"Bearer " + KEY.encode()), b"Bearer sk-..." + KEY[-4:].encode()),
        ((b"authorization", b"Basic dXNlcjpwYXNzd29yZA=="), b"Basic ...ZA=="),
        ((b"authorization", KEY.encode()), b"sk-..." + KEY[-4:].encode()),
        ((b"authorization", b""), b"..."),
        ((b"authorization", b"Bearer "), b"Bearer ..."),
        ((b"x-api-key", b"an-odd-key-of-mine"), b"...mine"),
        ((b"proxy-authorization", b"Basic dXNlcjpwYXNzd29yZA=="), b"Basic ...ZA=="),
        ((b"api-key", b"\xe9\xe9"), b"..."),
        ((b"x-note", b"see " + KEY.encode()), b"see sk-..." + KEY[-4:].encode()),
        ((b"accept", b"application/json"), b"application/json"),
    ],
)
def test_credentials_in_header_fields_are_masked_and_the_scheme_stays_readable(
    field: tuple[bytes, bytes], shown: bytes
) -> None:
    assert masked_headers((field,)) == ((field[0], shown),)


@given(tokens, st.sampled_from(("{} more", "{}  ", "{},Bearer x")))
def test_a_key_that_stands_where_the_scheme_should_is_masked(token: str, form: str) -> None:
    ((_, shown),) = masked_headers(((b"authorization", form.format(token).encode()),))
    assert token[:8].encode() not in shown
