"""Keys: who gets in, in which words the others are refused, and that no key is ever shown."""

import pytest

from mock_server.edge.mock import DEFAULT_KEY
from tests.edge.callers import FOX, SUBMIT, Caller, bearer, caller

SECOND = "sk-second0123456789abcdefghijklmnopqrstuvwxyz012345"
REFUSED = {
    "none": None,
    "empty": "",
    "scheme only": "Bearer",
    "scheme and space": "Bearer ",
    "no scheme": DEFAULT_KEY,
    "other scheme": f"Basic {DEFAULT_KEY}",
    "token": f"Token {DEFAULT_KEY}",
    "unknown": "Bearer sk-unknown",
    "key in capitals": f"Bearer {DEFAULT_KEY.upper()}",
    "one character short": f"Bearer {DEFAULT_KEY[:-1]}",
    "one character more": f"Bearer {DEFAULT_KEY}x",
    "two keys": f"Bearer {DEFAULT_KEY} {DEFAULT_KEY}",
    "comma": f"Bearer {DEFAULT_KEY}, Bearer {DEFAULT_KEY}",
    "quoted": f'Bearer "{DEFAULT_KEY}"',
    "tab": f"Bearer\t{DEFAULT_KEY}",
    "very long": f"Bearer sk-{'a' * 60_000}",
    "key after spaces": f"Bearer {' ' * 60_000}",
}
ENDPOINTS = [
    ("POST", SUBMIT),
    ("GET", f"{SUBMIT}/task_img_1"),
    ("HEAD", f"{SUBMIT}/task_img_1"),
    ("POST", "/v1/uploads/images"),
    ("GET", "/v1/models"),
    ("GET", "/v1/balance"),
    ("POST", "/v1/chat/completions"),
]


@pytest.mark.parametrize("field", REFUSED.values(), ids=REFUSED)
def test_only_the_right_key_opens(guide: Caller, field: str | None) -> None:
    headers = {} if field is None else {"Authorization": field}
    reply = guide.bare("GET", "/v1/balance", headers)
    assert reply.status_code == 401
    assert reply.json() == {
        "error": {
            "code": "authentication_error",
            "message": "Invalid API key",
            "type": "authentication_error",
        }
    }


@pytest.mark.parametrize("raw", [b"Bearer s\xe9cret", b"Bearer \xf0\x9f\xa6\x8a", b"B\xc9 x"])
def test_a_key_that_is_no_ascii_is_refused(guide: Caller, raw: bytes) -> None:
    reply = guide.get("/v1/balance", headers={b"Authorization": raw})
    assert reply.status_code == 401


def test_a_key_in_two_header_fields_is_refused(guide: Caller) -> None:
    headers = [("Authorization", f"Bearer {DEFAULT_KEY}")] * 2
    assert guide.get("/v1/balance", headers=headers).status_code == 401


@pytest.mark.parametrize("field", [f"bearer {DEFAULT_KEY}", f"BEARER  {DEFAULT_KEY} "])
def test_the_scheme_is_known_in_any_case(guide: Caller, field: str) -> None:
    assert guide.bare("GET", "/v1/balance", {"Authorization": field}).status_code == 200


@pytest.mark.parametrize("header", ["X-Api-Key", "Api-Key", "Cookie"])
def test_the_key_counts_only_in_its_own_header_field(guide: Caller, header: str) -> None:
    assert guide.bare("GET", "/v1/balance", {header: DEFAULT_KEY}).status_code == 401


@pytest.mark.parametrize(("method", "path"), ENDPOINTS)
def test_every_endpoint_asks_for_the_key(guide: Caller, method: str, path: str) -> None:
    assert guide.bare(method, path).status_code == 401


def test_a_wrong_key_is_told_before_a_wrong_body(guide: Caller) -> None:
    reply = guide.post(SUBMIT, content=b"{", headers={"Authorization": "Bearer sk-wrong"})
    assert reply.status_code == 401


def test_the_reference_words_its_refusals_per_endpoint() -> None:
    with caller("reference") as one:
        submit, status = (one.bare(*place).json()["error"] for place in ENDPOINTS[:2])
    assert (submit["code"], submit["message"]) == ("unauthorized", "Invalid API key")
    assert (status["code"], status["type"]) == (401, "authentication_error")


def test_further_keys_open_too() -> None:
    with caller(api_keys=(DEFAULT_KEY, SECOND)) as one:
        assert one.get("/v1/balance", headers=bearer(SECOND)).status_code == 200


@pytest.mark.parametrize("key", ["sk-whatever", "x", "!~"])
def test_any_key_opens_when_the_mock_is_told_so(key: str) -> None:
    with caller(any_key=True) as one:
        assert one.get("/v1/balance", headers=bearer(key)).status_code == 200


@pytest.mark.parametrize("field", ["", "Bearer ", "Basic sk-a", "Bearer a b"])
def test_what_is_no_key_at_all_does_not_open_even_then(field: str) -> None:
    with caller(any_key=True) as one:
        assert one.bare("GET", "/v1/balance", {"Authorization": field}).status_code == 401


WRONG = "sk-wrong0123456789abcdefghijklmnopqrstuvwxyz012345"


def everything_kept(one: Caller) -> str:
    """All that the journal shows."""
    return "".join(
        f"{entry.path}{entry.query}{entry.headers!r}{entry.body!r}{entry.content!r}"
        f"{entry.reply_headers!r}"
        for entry in one.world.journal
    )


def test_a_key_that_was_sent_stands_in_no_reply_and_in_no_journal(guide: Caller) -> None:
    seen = ""
    for key in (DEFAULT_KEY, WRONG):
        body = {**FOX, "prompt": f"say:\n{key}", "metadata": {key: "x"}, "model": key}
        for path in (f"{SUBMIT}?key={key}", f"/{key}", f"/a%20{key}"):
            reply = guide.post(path, json=body, headers={**bearer(key), "X-Note": key})
            seen += f"{reply.headers}{reply.text}"
    seen += everything_kept(guide)
    assert len(guide.world.journal) == 6
    assert (DEFAULT_KEY in seen, WRONG in seen) == (False, False)


@pytest.mark.parametrize("key", ["password", "é-key", "key-of-another-form-0123456789"])
def test_a_key_of_another_form_is_masked_too(key: str) -> None:
    with caller(api_keys=(key,), any_key=True) as one:
        one.post(f"{SUBMIT}?key={key}", json={**FOX, "prompt": key})
        assert key not in everything_kept(one)


def test_words_that_only_look_alike_are_kept_as_they_are(guide: Caller) -> None:
    prompt = "a poster for risk-management-plans, task-2026-11-22-0001"
    guide.submit(prompt=prompt)
    assert prompt in everything_kept(guide)
