"""The process that serves a run of tests: it ends as soon as the one that started it is gone."""

import json
import logging
import os
import shutil
import sys
import threading
from pathlib import Path
from typing import Any

from mock_server.edge.app import Application
from mock_server.edge.mock import Mock, Settings
from mock_server.edge.runner import listen, uvicorn_server
from mock_server.loading.data_error import DataError

_HOST = "127.0.0.1"
_STOP_SECONDS = 5.0


def main(settings: str) -> None:
    """Serve with these settings (JSON) until standard input ends; says in one line where."""
    wish = json.loads(settings)
    bugs = wish.pop("bugs")
    _write_bugs_to(bugs)
    try:
        application = Application(Mock(Settings(**wish)))
    except DataError as error:
        _announce({"error": str(error)})
        return
    listener = listen(_HOST, 0)
    application.mock.listening(_HOST)
    server = uvicorn_server(application)
    threading.Thread(target=_stop_after_input, args=(server,), daemon=True).start()
    url = f"http://{_HOST}:{listener.getsockname()[1]}"
    _announce({"url": url, "api_key": application.mock.settings.api_keys[0], "pid": os.getpid()})
    server.run(sockets=[listener])
    # The one that made the folder may have been killed.
    shutil.rmtree(Path(bugs).parent, ignore_errors=True)


def _write_bugs_to(file: str) -> None:
    """Let mistakes of the mock itself be written into a file, with their tracebacks."""
    handler = logging.FileHandler(file, encoding="utf-8")
    handler.setLevel(logging.ERROR)
    logging.getLogger("safelight").addHandler(handler)


def _announce(answer: dict[str, Any]) -> None:
    sys.stdout.write(f"{json.dumps(answer)}\n")
    sys.stdout.flush()
    # Nobody reads on, so what is still said goes where errors go.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())


def _stop_after_input(server: Any) -> None:
    sys.stdin.buffer.read()
    server.should_exit = True
    # Nobody is left to wait for replies that take their time.
    threading.Event().wait(_STOP_SECONDS)
    os._exit(1)
