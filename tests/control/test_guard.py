"""Who may use the control plane: callers on this machine, or with the token; never web pages."""

import asyncio
from collections.abc import Mapping

import httpx
import pytest

from mock_server import create_app
from mock_server.edge.app import Application
from mock_server.edge.control.guard import is_loopback, new_token, token_for
from mock_server.edge.mock import DEFAULT_KEY
from mock_server.edge.runner import Running
from tests.control.callers import call

TOKEN = "token-0123456789"


@pytest.fixture(scope="module")
def guarded() -> Application:
    """A mock with a control token, that was bound to a name."""
    application = create_app(control_token=TOKEN)
    application.mock.listening("mock.internal")
    return application


def ask(
    application: Application,
    path: str = "/_mock/sessions",
    client: str = "127.0.0.1",
    host: str = "127.0.0.1:8080",
    headers: Mapping[str, str] | None = None,
) -> httpx.Response:
    """One request as it comes from an address and asks for a host."""

    async def exchange() -> httpx.Response:
        transport = httpx.ASGITransport(application, client=(client, 4711))
        async with httpx.AsyncClient(transport=transport, base_url="http://unused") as caller:
            fields = {"host": host, **(headers or {})}
            return await caller.get(path, headers=httpx.Headers(fields, encoding="latin-1"))

    return asyncio.run(exchange())


@pytest.mark.parametrize("client", ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"])
def test_callers_on_this_machine_need_no_token(guarded: Application, client: str) -> None:
    assert ask(guarded, client=client).status_code == 200


@pytest.mark.parametrize(
    "client", ["10.0.0.7", "192.168.1.5", "203.0.113.9", "fe80::1", "::ffff:10.0.0.7", "odd", ""]
)
def test_callers_elsewhere_need_the_token(guarded: Application, client: str) -> None:
    answer = ask(guarded, client=client)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert answer.json()["error"]["path"] == "Authorization"
    token = {"authorization": f"Bearer {TOKEN}"}
    assert ask(guarded, client=client, headers=token).status_code == 200


@pytest.mark.parametrize(
    "field", [f"Bearer {TOKEN}x", "Bearer ", TOKEN, f"Basic {TOKEN}", "Bearer \u00e9", ""]
)
def test_a_wrong_token_opens_nothing(guarded: Application, field: str) -> None:
    answer = ask(guarded, client="10.0.0.7", headers={"authorization": field})
    assert answer.status_code == 401


def test_without_a_token_nothing_opens_the_control_plane_to_others() -> None:
    answer = ask(create_app(), client="10.0.0.7", headers={"authorization": "Bearer None"})
    assert answer.status_code == 401
    assert "--control-token" in answer.json()["error"]["message"]


@pytest.mark.parametrize("field", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_callers_behind_a_proxy_on_this_machine_are_not_on_it(
    guarded: Application, field: str
) -> None:
    assert ask(guarded, headers={field: "for=10.0.0.7"}).status_code == 401


@pytest.mark.parametrize(
    "host",
    [
        *[
            "localhost",
            "LOCALHOST:80",
            "localhost.:80",
            "a.localhost:8080",
            "127.0.0.1",
            "[::1]:80",
        ],
        *["10.1.2.3:8080", "[fe80::1%25eth0]", "mock.internal:8080", "MOCK.internal"],
    ],
)
def test_names_and_addresses_of_the_server_are_answered(guarded: Application, host: str) -> None:
    assert ask(guarded, host=host).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        *["evil.example", "evil.example:8080", "localhost.evil.example", "127.0.0.1.evil.example"],
        *["", "[", "[::1", "a b", "evil.example#localhost", "localhost@evil.example", "xn--"],
    ],
)
def test_names_of_others_are_not_answered(guarded: Application, host: str) -> None:
    answer = ask(guarded, host=host)
    assert (answer.status_code, answer.json()["error"]["path"]) == (421, "Host")


def test_the_token_opens_the_control_plane_under_any_name(guarded: Application) -> None:
    token = {"authorization": f"Bearer {TOKEN}"}
    assert ask(guarded, host="mock.in.a.cluster", headers=token).status_code == 200


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:9", ""])
def test_pages_of_other_origins_are_refused(guarded: Application, origin: str) -> None:
    answer = ask(guarded, headers={"origin": origin})
    assert (answer.status_code, answer.json()["error"]["path"]) == (403, "Origin")


def test_pages_of_the_server_itself_are_served(guarded: Application) -> None:
    origin = {"origin": "http://127.0.0.1:8080"}
    assert ask(guarded, headers=origin).status_code == 200


@pytest.mark.parametrize("path", ["/_mock/health", "/_mock/ready", "/_mock/openapi.json"])
def test_what_tells_nothing_of_sessions_is_open_to_all(guarded: Application, path: str) -> None:
    assert ask(guarded, path, client="10.0.0.7", host="mock.in.a.cluster").status_code == 200


def test_the_documentation_page_has_the_key_only_for_callers_who_are_trusted(
    guarded: Application,
) -> None:
    assert DEFAULT_KEY in ask(guarded, "/_mock/docs").text
    stranger = ask(guarded, "/_mock/docs", client="10.0.0.7")
    assert stranger.status_code == 200
    assert DEFAULT_KEY not in stranger.text


@pytest.mark.parametrize("path", ["/_mock/nosuch", "/_mock/metrics", "/_mock/control/openapi.json"])
def test_everything_else_is_closed_to_strangers(guarded: Application, path: str) -> None:
    assert ask(guarded, path, client="10.0.0.7").status_code == 401


@pytest.mark.parametrize("path", ["/s/default/_mock/sessions", "/s/default//_mock/sessions"])
def test_the_control_plane_is_not_reachable_through_a_prefix(mock: Running, path: str) -> None:
    answer = call("GET", f"{mock.url}{path}")
    assert answer.status == 404
    assert answer.value["error"]["code"] == "invalid_request_error"


def test_two_hosts_in_one_request_are_refused(mock: Running) -> None:
    answer = call("GET", f"{mock.url}/_mock/sessions", headers={"Host": "127.0.0.1, localhost"})
    assert answer.status == 421


@pytest.mark.parametrize(
    ("host", "is_this_machine"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("::", False)],
)
def test_an_address_of_this_machine_alone_is_known(host: str, is_this_machine: bool) -> None:
    assert is_loopback(host) is is_this_machine


def test_a_new_token_is_long_and_never_the_same() -> None:
    first, second = new_token(), new_token()
    assert first != second
    assert len(first) >= 32


def test_only_a_server_that_others_can_reach_gets_a_token() -> None:
    assert token_for("127.0.0.1", None) is None
    assert token_for("0.0.0.0", None) != token_for("0.0.0.0", None)
    assert token_for("0.0.0.0", "open-sesame") == token_for("localhost", "open-sesame")
