"""The engine answers every call with a script, in the vendor's words, and writes it down."""

from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.core.scenario import Scenario
from mock_server.core.script import Script
from mock_server.loading.faults import read_fault
from tests.core.clients import (
    AT_ONCE,
    CHAT,
    NOW,
    PROFILES,
    SUBMIT,
    UPLOAD,
    Client,
    Seen,
    belongings,
    client,
    profile,
)
from tests.core.refusals import is_refused, leaves_no_trace

every_profile = pytest.mark.parametrize("name", PROFILES)


# Paths that mean nothing.


@every_profile
@pytest.mark.parametrize(
    "path",
    ["/", "/v1", "/v1/v1/images/generations", "/v2/models", SUBMIT + "/", "/%2e%2e/etc", "/\xe9"],
)
def test_an_unknown_path_is_answered_in_the_vendors_envelope(name: str, path: str) -> None:
    caller = client(name)
    before = belongings(caller.world)
    seen = caller.send("POST", path)
    is_refused(caller.world, before, seen, "route_not_found", "nowhere")
    assert f"Invalid URL (POST {path})" in seen.content.decode()


@every_profile
@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("GET", SUBMIT, "POST"),
        ("DELETE", SUBMIT + "/task_1", "GET, HEAD"),
        ("PATCH", "/v1/models", "GET, HEAD"),
        ("HEAD", UPLOAD, "POST"),
        ("OPTIONS", "/uploads/123/a.png", "GET, HEAD"),
        ("BREW", CHAT, "POST"),
    ],
)
def test_a_method_that_a_path_does_not_have_is_refused_with_those_it_has(
    name: str, method: str, path: str, allow: str
) -> None:
    seen = client(name).send(method, path)
    assert seen.status == profile(name).catalogue.find("method_not_allowed", "nowhere").status
    assert seen.headers["allow"] == allow


@every_profile
@given(
    method=st.sampled_from(("GET", "POST", "HEAD", "PUT", "OPTIONS", "")),
    path=st.text(st.characters(codec="latin-1"), max_size=20).map(lambda text: "/" + text),
    body=st.binary(max_size=10),
)
def test_any_path_is_answered_with_a_4xx_in_an_envelope(
    name: str, method: str, path: str, body: bytes
) -> None:
    caller = client(name)
    before = belongings(caller.world)
    seen = caller.send(method, path.replace("?", ""), body)
    assert 400 <= seen.status < 500
    if method != "HEAD":
        leaves_no_trace(caller.world, before, seen)


# Header fields of every reply.


@every_profile
def test_every_reply_carries_the_date_of_the_sessions_clock(name: str) -> None:
    caller = client(name)
    for seconds in (0, 0.9, 1, 3600, -60):
        caller.now = NOW + seconds
        dates = {seen.headers["date"] for seen in (caller.get("/v1/models"), caller.get("/none"))}
        assert dates == {formatdate(int(caller.now), usegmt=True)}


@every_profile
def test_every_reply_tells_its_type_and_the_length_of_its_content(name: str) -> None:
    caller = client(name)
    calls = (caller.submit(), caller.submit(n=9), caller.get("/none"), caller.get("/v1/balance"))
    for seen in calls:
        assert seen.headers["content-type"] == "application/json"
        assert seen.headers["content-length"] == str(len(seen.content))


def test_head_is_answered_like_get_without_the_content() -> None:
    caller = client()
    task = caller.submitted()
    asked = caller.send("HEAD", f"{SUBMIT}/{task}", headers=caller.authorization())
    assert (asked.status, asked.content) == (200, b"")
    assert asked.headers == caller.status(task).headers
    refused = caller.send("HEAD", f"{SUBMIT}/{task}")
    assert (refused.status, refused.content) == (401, b"")


def shared(seen: Seen) -> bool:
    """Whether a browser lets a page of another origin read the reply."""
    return seen.headers.get("access-control-allow-origin") == "*"


@every_profile
def test_pages_of_other_origins_may_read_the_api_but_not_the_files(name: str) -> None:
    caller = client(name, Scenario(timelines=(AT_ONCE,)))
    url = caller.result_urls(caller.submitted())[0]
    assert shared(caller.get("/v1/models", cross_origin=True))
    assert shared(caller.get(SUBMIT, cross_origin=True))
    assert shared(caller.submit(n=9)) is False
    assert shared(caller.post(SUBMIT, b"{", cross_origin=True))
    assert not shared(caller.get(url, cross_origin=True))
    assert not shared(caller.get("/none", cross_origin=True))
    assert not shared(caller.get("/v1/models"))


@every_profile
def test_a_browser_may_ask_before_it_calls(name: str) -> None:
    caller = client(name)
    seen = caller.send("OPTIONS", SUBMIT, cross_origin=True)
    assert (seen.status, seen.content) == (204, b"")
    assert seen.headers["access-control-allow-methods"] == "POST"
    assert "authorization" in seen.headers["access-control-allow-headers"]
    assert shared(seen)
    assert "content-length" not in seen.headers


# One call at a time, and everything written down.


def test_every_call_is_counted_and_in_the_journal_struck_or_not() -> None:
    caller = client()
    caller.submit()
    caller.struck(read_fault("reset"))
    caller.get("/none")
    caller.send("GET", "/v1/models")
    assert caller.world.calls == 4
    assert [entry.number for entry in caller.world.journal] == [1, 2, 3, 4]
    assert [entry.status for entry in caller.world.journal] == [200, None, 404, 401]


@every_profile
def test_the_same_calls_at_the_same_times_get_the_same_scripts(name: str) -> None:
    def scripts(caller: Client) -> list[Script]:
        found = [caller.submit(n=2), caller.submit(n=9), caller.upload(), caller.get("/none")]
        caller.now += 4
        found.append(caller.status(found[0].json["id"]))
        return [seen.script for seen in found]

    assert scripts(client(name)) == scripts(client(name))
