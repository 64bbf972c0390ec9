"""The documentation of the mocked API: its OpenAPI document and a page that shows it.

Nothing on the page comes from another host: Swagger UI is read from the package ``offapi``, whose
files are only looked for when the page is asked for.
"""

import json
import re
from collections.abc import Callable
from functools import cache
from html import escape
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from mock_server.core.contract import Contract

if TYPE_CHECKING:
    from starlette.staticfiles import StaticFiles

    from mock_server.core.openapi import Examples

_ASSETS = frozenset({"swagger_bundle.js", "swagger_style.css"})
_ORIGIN = re.compile(r"https?://[\w.:\[\]-]+")


def documentation_routes(
    contract_of: Callable[[Request], Contract],
    examples_of: "Callable[[Contract], Examples]",
    server_url_of: Callable[[Request], str],
    key_of: Callable[[Request], str | None],
    prefix: str = "/_mock",
) -> list[BaseRoute]:
    """The routes ``openapi.json``, ``docs`` and what the page loads, all below ``prefix``.

    ``contract_of`` gives the profile that a request is about, ``examples_of`` the examples of a
    profile, ``server_url_of`` the address by which its caller reaches the API. ``key_of`` gives
    the key that the page is filled with, so that its calls work at once; with None, the reader
    types one in.
    """

    # Plain functions: Starlette runs them beside the event loop, which serves the API meanwhile.
    def document(request: Request) -> Response:
        # Imported here, as the files are read: most servers are never asked for it.
        from mock_server.core.openapi import openapi

        contract = contract_of(request)
        value = openapi(contract, examples_of(contract), server_url_of(request))
        return Response(contract.encode(value), media_type="application/json")

    def page(request: Request) -> Response:
        text = _page(contract_of(request).title, key_of(request))
        return HTMLResponse(text, headers=_page_headers(server_url_of(request)))

    return [
        Route(f"{prefix}/openapi.json", document),
        Route(f"{prefix}/docs", page),
        Route(f"{prefix}/docs/page.js", _script),
        Route(f"{prefix}/docs/assets/{{name}}", _asset),
    ]


def _page(title: str, key: str | None) -> str:
    settings = json.dumps({"url": "openapi.json", "key": key})
    # "</script>" inside a text would end the element that holds the settings.
    return Template(_own_file("documentation.html")).substitute(
        title=escape(title), settings=settings.replace("<", "\\u003c")
    )


def _page_headers(server_url: str) -> dict[str, str]:
    """What the browser may load (nothing of others), and that the key is kept nowhere."""
    origin = _ORIGIN.match(server_url)
    connect = " ".join(("'self'", *((origin[0],) if origin else ())))
    policy = (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        f"connect-src {connect}",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
    return {
        "content-security-policy": "; ".join(policy),
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
    }


def _script(request: Request) -> Response:
    return Response(_own_file("documentation.js"), media_type="text/javascript")


async def _asset(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in _ASSETS:
        raise HTTPException(404)
    return await _swagger_ui().get_response(name, request.scope)


@cache
def _own_file(name: str) -> str:
    return Path(__file__).with_name(name).read_text("utf-8")


@cache
def _swagger_ui() -> "StaticFiles":
    # The package is found, but never imported: that would read all that it holds into memory.
    from starlette.staticfiles import StaticFiles

    return StaticFiles(packages=[("offapi", ".")])
