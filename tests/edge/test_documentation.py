"""The documentation page and its document: everything comes from the mock itself."""

import asyncio
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from mock_server.edge import documentation
from mock_server.edge.documentation import documentation_routes
from mock_server.loading.profiles import load_examples, load_profile

ORIGIN = "http://127.0.0.1:8080"
GUIDE = load_profile("guide")
Get = Callable[[str], httpx.Response]


def app(key: str | None = "sk-1", title: str = GUIDE.title, server: str = ORIGIN) -> Starlette:
    contract = replace(GUIDE, title=title)
    routes = documentation_routes(
        lambda request: contract,
        lambda found: load_examples(found.name),
        lambda request: server,
        lambda request: key,
    )
    return Starlette(routes=routes)


def get(path: str, served: Starlette | None = None) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(served or app())
        async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
            return await client.get(path)

    return asyncio.run(ask())


class Page(HTMLParser):
    """What a page loads, and the texts of its elements by id."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.texts: dict[str, str] = {}
        self._place = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag in ("script", "link", "img"):
            self.loaded += [found[name] for name in ("src", "href") if name in found]
        self._place = found.get("id", tag)

    def handle_data(self, data: str) -> None:
        self.texts[self._place] = self.texts.get(self._place, "") + data


@pytest.fixture
def fresh_assets() -> Iterator[None]:
    """The assets as they are when nobody has asked for them yet, before and after the test."""
    documentation._swagger_ui.cache_clear()
    yield
    documentation._swagger_ui.cache_clear()


def settings_of(text: str) -> Any:
    return json.loads(Page(text).texts["settings"])


def test_the_document_names_the_address_by_which_its_caller_came() -> None:
    reply = get("/_mock/openapi.json", app(server=f"{ORIGIN}/s/a"))
    assert reply.headers["content-type"] == "application/json"
    assert reply.json()["openapi"] == "3.1.0"
    assert reply.json()["servers"] == [{"url": f"{ORIGIN}/s/a"}]


def test_the_document_carries_the_examples_of_the_profile() -> None:
    submit = get("/_mock/openapi.json").json()["paths"]["/v1/images/generations"]["post"]
    content = submit["requestBody"]["content"]["application/json"]
    assert "the-minimal-request-of-the-guide" in content["examples"]


def test_everything_that_the_page_loads_is_served_beside_it() -> None:
    loaded = Page(get("/_mock/docs").text).loaded
    urls = [urljoin(f"{ORIGIN}/_mock/docs", name) for name in loaded if name != "data:,"]
    assert len(urls) == 3
    assert [get(url).status_code for url in urls] == [200, 200, 200]


def test_the_page_reads_the_document_beside_it() -> None:
    url = settings_of(get("/_mock/docs").text)["url"]
    assert urljoin(f"{ORIGIN}/_mock/docs", url) == f"{ORIGIN}/_mock/openapi.json"


def test_neither_the_page_nor_its_script_names_another_host() -> None:
    texts = get("/_mock/docs").text + get("/_mock/docs/page.js").text
    assert re.findall(r"(?:https?:)?//[\w-]+\.\w+", texts) == []


def test_browsers_are_told_to_load_nothing_from_other_hosts() -> None:
    policy = get("/_mock/docs").headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self';")
    assert re.findall(r"https?://\S+?(?=[;\s])", policy) == [ORIGIN]


def test_an_address_that_is_no_origin_does_not_get_into_the_policy() -> None:
    policy = get("/_mock/docs", app(server="ftp://x; script-src *")).headers
    assert "connect-src 'self';" in policy["content-security-policy"]


def test_what_follows_the_origin_of_an_address_does_not_get_into_the_policy() -> None:
    policy = get("/_mock/docs", app(server="http://x/s/a; script-src *")).headers
    assert "connect-src 'self' http://x;" in policy["content-security-policy"]


def test_the_page_is_filled_with_the_key_and_kept_nowhere() -> None:
    reply = get("/_mock/docs", app(key="sk-mine"))
    assert settings_of(reply.text)["key"] == "sk-mine"
    assert reply.headers["cache-control"] == "no-store"


def test_without_a_key_the_page_leaves_it_to_the_reader() -> None:
    assert settings_of(get("/_mock/docs", app(key=None)).text)["key"] is None


def test_a_key_cannot_end_the_element_that_holds_it() -> None:
    key = "</script><script>alert(1)</script>"
    assert settings_of(get("/_mock/docs", app(key=key)).text)["key"] == key


def test_a_title_is_text_whatever_it_holds() -> None:
    page = Page(get("/_mock/docs", app(title="<b>$key & more")).text)
    assert page.texts["title"].strip() == "<b>$key & more"


def test_the_script_and_the_page_agree_on_the_elements_that_they_share() -> None:
    script = get("/_mock/docs/page.js")
    page = get("/_mock/docs").text
    assert script.headers["content-type"].startswith("text/javascript")
    for name in ("documentation", "settings"):
        assert f'id="{name}"' in page
        assert name in script.text


def test_the_style_and_the_program_of_the_page_are_swagger_ui_with_openapi_3_1() -> None:
    program = get("/_mock/docs/assets/swagger_bundle.js")
    version = re.search(r'PACKAGE_VERSION:"(\d+)\.', program.text)
    assert version is not None
    assert int(version[1]) >= 5
    assert ".swagger-ui" in get("/_mock/docs/assets/swagger_style.css").text


@pytest.mark.parametrize("name", ["__init__.py", "scalar.js", "url.json", "nothing.css"])
def test_no_other_file_of_the_package_is_served(name: str) -> None:
    assert get(f"/_mock/docs/assets/{name}").status_code == 404


def test_assets_are_looked_for_when_the_page_is_asked_for_and_not_before(
    monkeypatch: pytest.MonkeyPatch, fresh_assets: None
) -> None:
    class NotYetError(Exception):
        pass

    def look(*args: object, **options: object) -> None:
        raise NotYetError

    monkeypatch.setattr("starlette.staticfiles.StaticFiles", look)
    served = app()
    assert get("/_mock/docs", served).status_code == 200
    with pytest.raises(NotYetError):
        get("/_mock/docs/assets/swagger_style.css", served)


def test_the_routes_lie_below_the_prefix_that_is_asked_for() -> None:
    routes = documentation_routes(
        lambda request: GUIDE, lambda found: {}, lambda request: ORIGIN, lambda request: None, "/x"
    )
    assert [route.path for route in routes if isinstance(route, Route)] == [
        "/x/openapi.json",
        "/x/docs",
        "/x/docs/page.js",
        "/x/docs/assets/{name}",
    ]
