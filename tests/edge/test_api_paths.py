"""Paths and methods that mean nothing, and what browsers ask before and with their requests."""

import pytest

from tests.edge.callers import FOX, SUBMIT, Caller, caller

PAGE = "https://page.test"
WRONG_PATHS = [
    "/",
    "/v1",
    "/v1/",
    "/v2/images/generations",
    "/v1/image/generations",
    "/v1/images/generations/",
    "/v1/images/generations/a/b",
    "//v1/images/generations",
    "/V1/images/generations",
    "/v1/v1/models",
    "/v1/v1/images/generations/task_img_1",
    "/images/generations",
    "/v1/models/gpt-4o-image",
    "/v1/%69mages/generations",
    "/favicon.ico",
    "/../../etc/passwd",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/%00",
    "/%ff",
    "/s",
    "/sessions/default",
    "/_mocked",
]


@pytest.mark.parametrize("path", WRONG_PATHS)
def test_an_unknown_path_is_answered_in_the_envelope_of_the_vendor(
    guide: Caller, path: str
) -> None:
    reply = guide.get(path)
    error = reply.json()["error"]
    assert (reply.status_code, error["type"]) == (404, "invalid_request_error")
    assert error["message"].startswith("Invalid URL (GET /")


def test_a_doubled_v1_is_answered_as_the_live_service_does(guide: Caller) -> None:
    reply = guide.post("/v1/v1/images/generations", json=FOX)
    assert reply.status_code == 404
    message = reply.json()["error"]["message"]
    assert message == "Invalid URL (POST /v1/v1/images/generations)"
    assert len(guide.world.tasks) == 0


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", SUBMIT, "POST"),
        ("PUT", SUBMIT, "POST"),
        ("HEAD", SUBMIT, "POST"),
        ("DELETE", f"{SUBMIT}/task_img_1", "GET, HEAD"),
        ("POST", f"{SUBMIT}/task_img_1", "GET, HEAD"),
        ("POST", "/v1/models", "GET, HEAD"),
        ("GET", "/v1/uploads/images", "POST"),
        ("GET", "/v1/chat/completions", "POST"),
        ("BREW", "/v1/balance", "GET, HEAD"),
    ],
)
def test_a_wrong_method_is_answered_with_those_that_the_path_has(
    guide: Caller, method: str, path: str, allowed: str
) -> None:
    reply = guide.call(method, path)
    assert (reply.status_code, reply.headers["allow"]) == (405, allowed)


def test_an_unknown_path_needs_no_key(guide: Caller) -> None:
    assert guide.bare("GET", "/nowhere").status_code == 404


def test_a_session_that_is_not_there_is_told_apart_from_an_unknown_path(guide: Caller) -> None:
    reply = guide.get("/s/nobody/v1/models")
    assert (reply.status_code, reply.headers["x-mock-error"]) == (404, "request")
    assert "no session" in reply.text


@pytest.mark.parametrize(
    ("path", "method"),
    [
        (SUBMIT, "POST"),
        (f"{SUBMIT}/task_img_1", "GET"),
        ("/v1/uploads/images", "POST"),
        ("/v1/balance", "GET"),
        ("/v1/models", "GET"),
    ],
)
def test_a_browser_may_ask_before_it_calls(guide: Caller, path: str, method: str) -> None:
    asked = {
        "Origin": PAGE,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "authorization, content-type",
    }
    reply = guide.bare("OPTIONS", path, asked)
    allowed = reply.headers["access-control-allow-headers"].lower()
    assert (reply.status_code, reply.content) == (204, b"")
    assert reply.headers["access-control-allow-origin"] == "*"
    assert method in reply.headers["access-control-allow-methods"]
    # The Fetch standard: the wildcard does not stand for Authorization, which must be named.
    assert "authorization" in allowed
    assert "*" in allowed or "content-type" in allowed


@pytest.mark.parametrize("key", ["", "Bearer sk-wrong"])
@pytest.mark.parametrize("body", [FOX, {}])
def test_every_reply_to_a_page_may_be_read_by_it_errors_too(
    guide: Caller, key: str, body: object
) -> None:
    headers = {"Origin": PAGE, **({"Authorization": key} if key else {})}
    reply = guide.post(SUBMIT, json=body, headers=headers)
    assert reply.headers["access-control-allow-origin"] == "*"
    assert reply.headers["access-control-expose-headers"] == "*"


def test_without_an_origin_no_reply_speaks_of_origins(guide: Caller) -> None:
    for reply in (guide.post(SUBMIT, json=FOX), guide.get("/nowhere"), guide.get(SUBMIT)):
        assert [name for name in reply.headers if name.startswith("access-control")] == []


def test_files_answer_no_page_and_no_preflight(guide: Caller) -> None:
    url = guide.finished()["result"]["data"][0]["url"]
    for method in ("GET", "OPTIONS"):
        reply = guide.call(method, url, headers={"Origin": PAGE})
        assert "access-control-allow-origin" not in reply.headers


def test_options_without_a_page_lists_the_methods(guide: Caller) -> None:
    reply = guide.bare("OPTIONS", SUBMIT)
    assert "POST" in reply.headers["access-control-allow-methods"]


@pytest.mark.parametrize("profile", ["guide", "reference", "live"])
def test_every_profile_refuses_an_unknown_path_in_its_own_words(profile: str) -> None:
    with caller(profile) as one:
        reply = one.get("/v1/v1/models")
    assert reply.status_code == 404
    assert "Invalid URL (GET /v1/v1/models)" in reply.json()["error"]["message"]
