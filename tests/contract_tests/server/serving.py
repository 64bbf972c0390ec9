"""Serving an application, spoilt or not, on a port of this machine."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from contract_tests.server.target import App
from mock_server import create_app
from tests.contract_tests.server.defects import Defect

KEYS = ("sk-a" + "1" * 47, "sk-b" + "2" * 47)
# Tasks come to their ends with the readings of their status, so that no test has to be in time.
BY_READINGS = str(Path(__file__).with_name("by_readings.yaml"))


def mock_with(defect: Defect | None, profile: str, scenario: str | None = None) -> App:
    """A mock of that profile, with the defect in it if there is one."""
    app = create_app(profile, scenario, api_keys=KEYS)
    return app if defect is None else defect.around(app)


@contextmanager
def served(app: App) -> Iterator[str]:
    """The origin at which the application is served for as long as the block runs."""
    config = uvicorn.Config(
        app, port=0, log_config=None, lifespan="off", access_log=False, server_header=False
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    pause = threading.Event()
    while not server.started and thread.is_alive():
        pause.wait(0.005)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
