"""The control: a bare Starlette app with the same two routes, which answers one constant document.

Both routes answer with ``JSONResponse``; the submit route parses the JSON body first and does
nothing else. It runs on uvicorn with uvloop and httptools and without an access log; every other
setting is uvicorn's default.
"""

import argparse
import json
import socket
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from benchmarks.api import GENERATIONS, HOST


def control_app(document: Any) -> Starlette:
    """The app; ``document`` is what every reply contains."""

    async def read(request: Request) -> JSONResponse:
        return JSONResponse(document)

    async def submit(request: Request) -> JSONResponse:
        await request.json()
        return JSONResponse(document)

    return Starlette(
        routes=[
            Route(GENERATIONS, submit, methods=["POST"]),
            Route(GENERATIONS + "/{task_id}", read, methods=["GET"]),
        ]
    )


def main() -> None:
    """Serve on a free port and print the address and a key, as the mock does."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--document", type=json.loads, required=True, help="JSON of every reply")
    document = parser.parse_args().document
    listener = socket.create_server((HOST, 0))
    config = uvicorn.Config(
        control_app(document),
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_level="warning",
    )
    port = listener.getsockname()[1]
    print(f"http://{HOST}:{port}/v1 sk-control", flush=True)
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
