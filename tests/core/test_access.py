"""Nobody gets in without exactly one valid key, and the key is told to nobody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.core.call import Form
from mock_server.core.keys import Keyring
from mock_server.core.script import Headers
from tests.core.clients import (
    BODY,
    CHAT,
    KEY,
    OTHER_KEY,
    PROFILES,
    SUBMIT,
    UPLOAD,
    Client,
    Seen,
    belongings,
    client,
    file,
)
from tests.core.refusals import is_refused

BEARER = b"Bearer " + KEY.encode()
WRONG: dict[str, Headers] = {
    "none": (),
    "empty": ((b"authorization", b""),),
    "the key alone": ((b"authorization", KEY.encode()),),
    "another scheme": ((b"authorization", b"Basic " + KEY.encode()),),
    "no space": ((b"authorization", b"Bearer" + KEY.encode()),),
    "a tab": ((b"authorization", b"Bearer\t" + KEY.encode()),),
    "no key": ((b"authorization", b"Bearer"),),
    "an empty key": ((b"authorization", b"Bearer "),),
    "spaces as key": ((b"authorization", b"Bearer     "),),
    "an unknown key": ((b"authorization", b"Bearer " + KEY[::-1].encode()),),
    "the key in capitals": ((b"authorization", BEARER.upper()),),
    "the start of the key": ((b"authorization", BEARER[:-1]),),
    "more than the key": ((b"authorization", BEARER + b"x"),),
    "two keys in a field": ((b"authorization", BEARER + b" " + KEY.encode()),),
    "not ascii": ((b"authorization", "Bearer schlüssel".encode()),),
    "latin-1": ((b"authorization", BEARER + b"\xe9"),),
    "a control character": ((b"authorization", BEARER + b"\x01"),),
    "very long": ((b"authorization", b"Bearer " + b"k" * 100_000),),
    "twice": ((b"authorization", BEARER), (b"authorization", BEARER)),
    "another name": ((b"x-api-key", KEY.encode()),),
}
PROTECTED = ("submit", "status", "upload", "models", "balance", "text")

every_profile = pytest.mark.parametrize("name", PROFILES)


def attempt(caller: Client, operation: str, headers: Headers) -> Seen:
    """A call that is right in all but its authorization."""
    json = (*headers, (b"content-type", b"application/json"))
    form = (*headers, (b"content-type", b"multipart/form-data; boundary=x"))
    image = Form(files=(file(),))
    body = b'{"model":"gpt-4o-image","prompt":"A red kite"}'
    calls = {
        "submit": lambda: caller.send("POST", SUBMIT, body, json),
        "status": lambda: caller.send("GET", f"{SUBMIT}/task_1", headers=headers),
        "upload": lambda: caller.send("POST", UPLOAD, headers=form, form=image),
        "models": lambda: caller.send("GET", "/v1/models", headers=headers),
        "balance": lambda: caller.send("GET", "/v1/balance", headers=headers),
        "text": lambda: caller.send("POST", CHAT, body, json),
    }
    return calls[operation]()


@every_profile
@pytest.mark.parametrize("operation", PROTECTED)
@pytest.mark.parametrize("wrong", WRONG)
def test_a_call_without_exactly_one_valid_key_is_refused(
    name: str, operation: str, wrong: str
) -> None:
    caller = client(name)
    before = belongings(caller.world)
    seen = attempt(caller, operation, WRONG[wrong])
    is_refused(caller.world, before, seen, "unauthenticated", operation)
    assert KEY not in seen.content.decode()


@every_profile
def test_a_401_has_the_documented_words(name: str) -> None:
    messages = {"guide": "Invalid API key", "reference": "Invalid API key", "live": "无效的令牌"}
    codes = {"guide": "authentication_error", "reference": "unauthorized", "live": ""}
    error = attempt(client(name), "submit", ()).error
    assert (error["message"], error["code"]) == (messages[name], codes[name])


def test_the_status_page_of_the_reference_has_a_401_of_its_own() -> None:
    seen = attempt(client("reference"), "status", ())
    assert seen.json == {
        "error": {
            "code": 401,
            "message": "Authentication failed, please check your API key",
            "type": "authentication_error",
        }
    }


@every_profile
@pytest.mark.parametrize(
    "field", [BEARER, b"bearer " + KEY.encode(), b"BEARER   " + KEY.encode(), BEARER + b"  "]
)
def test_the_scheme_may_be_written_in_any_case_and_spaces_do_not_matter(
    name: str, field: bytes
) -> None:
    assert attempt(client(name), "models", ((b"authorization", field),)).status == 200


@every_profile
@pytest.mark.parametrize("operation", PROTECTED)
def test_a_revoked_key_is_refused_like_an_unknown_one(name: str, operation: str) -> None:
    caller = client(name, keys=Keyring({KEY: "revoked"}))
    before = belongings(caller.world)
    seen = attempt(caller, operation, caller.authorization())
    is_refused(caller.world, before, seen, "unauthenticated", operation)


@every_profile
def test_a_key_without_credit_may_look_but_not_order(name: str) -> None:
    caller = client(name, keys=Keyring({KEY: "no_credit", OTHER_KEY: "valid"}))
    before = belongings(caller.world)
    is_refused(caller.world, before, caller.submit(), "insufficient_credit", "submit")
    assert caller.get("/v1/balance").status == 200
    assert caller.as_another().submit().status == 200


def test_where_any_key_will_do_it_must_still_be_a_well_formed_one() -> None:
    caller = client(keys=Keyring({}, any_key=True))
    malformed = (
        *("none", "empty", "an empty key", "another scheme", "not ascii", "very long"),
        *("twice", "two keys in a field"),
    )
    found = [attempt(caller, "models", WRONG[wrong]).status for wrong in malformed]
    assert found == [401] * len(malformed)
    assert attempt(caller, "models", ((b"authorization", b"Bearer any-key"),)).status == 200


def test_a_key_of_512_characters_is_the_longest_one() -> None:
    caller = client(keys=Keyring({}, any_key=True))
    found = []
    for length in (512, 513):
        caller.key = "k" * length
        found.append(caller.get("/v1/models").status)
    assert found == [200, 401]


def test_ten_thousand_and_more_different_keys_are_all_let_in() -> None:
    caller = client(keys=Keyring({}, any_key=True))
    for number in range(10_050):
        caller.key = f"sk-{number:048d}"
        assert caller.get("/v1/models").status == 200
    # Those that were not remembered are looked up again.
    assert caller.get("/v1/models").status == 200


@given(st.lists(st.sampled_from(("good", "bad", "none")), max_size=12))
def test_what_was_answered_before_does_not_change_who_is_let_in(tries: list[str]) -> None:
    caller = client()
    fields = {"good": BEARER, "bad": BEARER + b"x"}
    for kind in tries:
        headers = ((b"authorization", fields[kind]),) if kind in fields else ()
        assert attempt(caller, "models", headers).status == (200 if kind == "good" else 401)


@every_profile
@pytest.mark.parametrize("key", [KEY, "a-plain-old-key-of-mine"])
def test_a_key_in_the_wrong_place_is_not_repeated_in_the_error(name: str, key: str) -> None:
    caller = client(name, keys=Keyring({key: "valid"}))
    caller.key = key
    kind = (b"content-type", key.encode())
    errors = (
        caller.get(f"/v1/{key}"),
        caller.post(f"/v1/models/{key}", {}),
        caller.submit(model=key),
        caller.post(CHAT, {"model": key}),
        caller.submit(metadata=key),
        caller.send("POST", SUBMIT, b"{}", (*caller.authorization(), kind)),
    )
    assert [seen.content for seen in errors if key.encode() in seen.content] == []


def test_results_and_uploaded_files_ask_for_no_key() -> None:
    caller = client()
    url = caller.upload().json["data"]["url"].removeprefix(caller.base)
    assert caller.send("GET", url).status == 200


def test_a_user_sees_neither_the_tasks_nor_the_balance_of_another() -> None:
    caller = client()
    task = caller.submitted(**BODY)
    other = caller.as_another()
    assert other.status(task).status == 404
    assert other.get("/v1/balance").json["used_credits"] == 0
    assert caller.get("/v1/balance").json["used_credits"] == 10
