"""One server for all workers of a run: the process that starts the workers keeps it for them."""

import json
import socket
import threading
from dataclasses import asdict
from typing import Any

from mock_server.testing.process import Address, ServerProcess, ServerStartError, ServerWish

_HOST = "127.0.0.1"
_PATIENCE_SECONDS = 120.0


class Broker:
    """Starts the server when the first worker asks for it, and tells all workers where it is.

    ``port`` is where to ask. Workers may come and go, crash and be replaced: the server belongs to
    the process that the broker is in.
    """

    def __init__(self, wish: ServerWish) -> None:
        self._wish = wish
        self._server: ServerProcess | None = None
        self._answer: dict[str, Any] | None = None
        self._is_over = False
        self._listener = socket.create_server((_HOST, 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True, name="safelight-broker")
        self._thread.start()

    def stop(self) -> None:
        """End the server, if anyone asked for it."""
        self._is_over = True
        # A thread that waits for a caller is woken by one.
        socket.create_connection((_HOST, self.port)).close()
        self._thread.join()
        self._listener.close()
        if self._server is not None:
            self._server.stop()

    def _serve(self) -> None:
        # Callers are answered one after the other, so only the first can start the server.
        while True:
            caller, _ = self._listener.accept()
            with caller:
                if self._is_over:
                    return
                self._tell(caller)

    def _tell(self, caller: socket.socket) -> None:
        if self._answer is None:
            self._answer = self._started()
        try:
            caller.sendall(json.dumps(self._answer).encode())
        except OSError:
            # A worker that was killed while it waited.
            return

    def _started(self) -> dict[str, Any]:
        try:
            self._server = ServerProcess(self._wish)
        except ServerStartError as error:
            return {"error": str(error)}
        return asdict(self._server.address)


def ask(port: int) -> Address:
    """Where the server of this run is, from the broker at ``port``.

    Raises :class:`ServerStartError` when it cannot be started.
    """
    answer = b""
    with socket.create_connection((_HOST, port), _PATIENCE_SECONDS) as broker:
        while data := broker.recv(65_536):
            answer += data
    told: dict[str, Any] = json.loads(answer)
    if "error" in told:
        raise ServerStartError(told["error"])
    return Address(**told)
