"""Serving in the foreground until the process is told to stop."""

import gc
from collections.abc import Callable
from dataclasses import dataclass

from mock_server.edge.app import Application
from mock_server.edge.certificates import Certificates, make_certificates
from mock_server.edge.log import Log
from mock_server.edge.mock import Mock, Settings
from mock_server.edge.runner import listen, uvicorn_server


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server can be reached: ``url`` is its origin."""

    host: str
    port: int
    certificates: Certificates | None

    @property
    def url(self) -> str:
        """The origin that callers on this machine use."""
        scheme = "https" if self.certificates else "http"
        reachable = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)
        host = f"[{reachable}]" if ":" in reachable and "[" not in reachable else reachable
        return f"{scheme}://{host}:{self.port}"


def _spare_the_collector() -> None:
    """What has been loaded stays and tasks live long without cycles: collect garbage less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 50)


def serve(
    settings: Settings,
    host: str,
    port: int,
    *,
    tls: bool,
    log: str,
    announce: Callable[[Mock, Address], None],
) -> None:
    """Serve until SIGINT or SIGTERM; ``announce`` is called once the socket listens.

    ``log`` is text, json or off. Raises ``DataError``, ``PortTakenError``, ``TlsExtraMissingError``
    before it serves.
    """
    application = Application(Mock(settings))
    certificates = make_certificates(*{host, "127.0.0.1", "localhost", "::1"}) if tls else None
    listener = listen(host, port)
    writer = None if log == "off" else Log(log)
    if writer is not None:
        application.endpoint.listeners.append(writer)
    files = (str(certificates.chain), str(certificates.key)) if certificates else None
    server = uvicorn_server(application, certificate=files)
    _spare_the_collector()
    try:
        announce(application.mock, Address(host, listener.getsockname()[1], certificates))
        server.run(sockets=[listener])
    finally:
        if writer is not None:
            writer.close()
