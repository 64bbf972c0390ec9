"""The one Starlette application: the mocked API and the control plane beside it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.routing import Mount, Route

from mock_server.core.fault import Fault
from mock_server.core.world import Bounds
from mock_server.edge.asgi import Answered, Client, Endpoint, FaultReader
from mock_server.edge.clocks import Clock
from mock_server.edge.control.plane import ControlPlane
from mock_server.edge.mock import DEFAULT_KEY, Mock, Settings
from mock_server.edge.pictures import Gallery
from mock_server.edge.request import Request
from mock_server.edge.thumbnails import Thumbnails

CONTROL = "/_mock"


class Application(Starlette):
    """The mock as an ASGI application: ``mock`` holds its sessions, ``endpoint`` the mocked API."""

    def __init__(self, mock: Mock, gallery: Gallery | None = None) -> None:
        self.mock = mock
        self.gallery = gallery or Gallery()
        self.endpoint = Endpoint(mock.sessions, self.gallery, _fault_reader(mock))
        super().__init__(routes=_control_routes(self), lifespan=_lifespan)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Requests for the control plane are routed by Starlette, all others meet the engine."""
        if scope["type"] == "http" and not _is_control(scope["path"]):
            await self.endpoint(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)

    def read(self, scope: Any) -> Request | None:
        """The request in an ASGI scope if it is for the mocked API, None for the control plane."""
        return None if _is_control(scope["path"]) else self.endpoint.read(scope)

    def at_once(self, request: Request, body: bytes, client: Client | None) -> Answered | None:
        """Answer a complete request for the mocked API without waiting, where that is possible."""
        return self.endpoint.at_once(request, body, client)


def create_app(
    profile: str = "guide",
    scenario: str | None = None,
    *,
    speed: float = 1.0,
    api_keys: tuple[str, ...] = (DEFAULT_KEY,),
    any_key: bool = False,
    limits: bool = False,
    bounds: Bounds | None = None,
    control_token: str | None = None,
    webhook: str | None = None,
    clock: Callable[[], Clock] | None = None,
    thumbnails: bool = False,
) -> Application:
    """The mock as an ASGI application.

    ``profile`` and ``scenario`` are names or paths; ``speed`` is how many seconds pass in one;
    ``control_token`` opens the control plane to callers from other machines; ``webhook`` is the URL
    to which events are sent while the application's lifespan lasts; ``clock`` makes the clocks of
    the server and of its sessions, in place of ``speed``. With ``thumbnails``, result images are
    small and drawn at once, for those who only ask whether they come.
    Raises ``DataError`` for a profile, scenario or webhook that cannot be used. Faults on the wire
    need a real connection: serve the application with :func:`mock_server.start` for those.
    """
    settings = Settings(
        profile=profile,
        scenario=scenario,
        speed=speed,
        api_keys=api_keys,
        any_key=any_key,
        limits=limits,
        bounds=bounds or Bounds(),
        control_token=control_token,
        webhook=webhook,
        clock=clock,
    )
    return Application(Mock(settings), Thumbnails() if thumbnails else None)


def _fault_reader(mock: Mock) -> FaultReader:
    def read(text: str) -> Fault:
        # Imported here: most servers never hear of a fault, and all faults are read at once.
        from mock_server.loading.faults import read_fault

        return read_fault(text, reasons=mock.contract.catalogue.entries)

    return read


def _is_control(path: str) -> bool:
    return path == CONTROL or path.startswith(f"{CONTROL}/")


def _control_routes(application: Application) -> list[Any]:
    plane = ControlPlane(application.mock, application.endpoint)
    return [Route(CONTROL, plane), Mount(CONTROL, plane)]


@asynccontextmanager
async def _lifespan(application: Starlette) -> AsyncIterator[None]:
    assert isinstance(application, Application)
    postman = None
    if application.mock.settings.webhook is not None:
        # Imported here: most servers send nothing.
        from mock_server.edge.webhooks import Postman

        postman = Postman(application.mock, application.endpoint)
        postman.start()
    yield
    if postman is not None:
        await postman.stop()
    application.gallery.close()
