"""Where stories are played: a mock in the running loop, and a session for each run of a story."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from itertools import count, starmap
from pathlib import Path
from urllib.parse import urlsplit

from contract_tests.clients.client import Client, Traffic
from contract_tests.exam import material
from contract_tests.exam.folders import Folders
from contract_tests.exam.listeners import open_listeners
from contract_tests.exam.traffic import traffic_of
from contract_tests.outcome import Job
from contract_tests.terms import Terms
from contract_tests.trace import Done, Timing, Trace
from mock_server import Application, Clock, Session, create_app, serve_in_loop
from mock_server.core.contract import Contract
from mock_server.core.scenario import Scenario
from mock_server.core.trace import trace_of
from mock_server.core.world import Upload


@dataclass(frozen=True, slots=True)
class Wish:
    """How a venue is to be: ``profile`` is a name or folder, ``tls`` the files of chain and key.

    ``by_port`` gives each session a port of its own, for clients with a fixed ``key``; so many
    ``ports`` are opened. ``speed`` is that of all clocks, ``clock`` makes them if there is more to
    say of them. ``folder`` is where files of jobs lie.
    """

    profile: str = "guide"
    folder: Path | None = None
    by_port: bool = False
    ports: int = 0
    key: str | None = None
    tls: tuple[str, str] | None = None
    speed: float = 1.0
    clock: Callable[[], Clock] | None = None


@dataclass(slots=True)
class Seat:
    """One run of a story: its session, the client, what has been done so far, its jobs' folders."""

    story: Scenario
    session: Session
    client: Client
    origin: str
    dones: list[Done] = field(default_factory=list)
    folders: list[Path] = field(default_factory=list)

    @property
    def home(self) -> str:
        """What leads to the session: by its name, so that calls without a key are seen, too.

        A client that builds its URLs from the origin alone is still known by its key.
        """
        prefix = "" if self.session.port else f"/s/{self.session.name}"
        return f"{self.origin}{prefix}"

    @property
    def base_url(self) -> str:
        """The base URL with ``/v1``."""
        return f"{self.home}/v1"


class Venue:
    """A mock that is being served, in which stories are played one by one or side by side."""

    def __init__(self, application: Application, origin: str, wish: Wish) -> None:
        self.application = application
        self.origin = origin
        self.wish = wish
        self.contract: Contract = application.mock.contract
        self.terms = Terms.of(self.contract)
        self._folders = None if wish.folder is None else Folders(wish.folder)
        self._numbers = count(1)
        self._seats: dict[tuple[str, str], Seat] = {}

    @contextmanager
    def seat(self, story: Scenario, client: Client, run: int = 0) -> Iterator[Seat]:
        """A session for one run of a story, gone after the block."""
        mock = self.application.mock
        name = f"{_slug(story.name)}-{run}-{next(self._numbers)}"
        keys = () if self.wish.key is None else (self.wish.key,)
        session = mock.create_session(name, story, keys=keys, port=self.wish.by_port)
        seat = Seat(story, session, client, self._origin_of(session))
        place = seat.base_url, session.keys[0]
        self._seats[place] = seat
        try:
            yield seat
        finally:
            self._seats.pop(place, None)
            mock.delete_session(session)
            self._clear(seat)

    def any_traffic(self) -> Traffic:
        """That of a session which has been called, if there is one."""
        seen = (traffic_of(seat.session) for seat in tuple(self._seats.values()))
        return next((one for one in seen if one.first is not None), Traffic())

    def _clear(self, seat: Seat) -> None:
        for folder in seat.folders:
            assert self._folders is not None
            self._folders.take_back(folder)

    def traffic(self, job: Job) -> Traffic:
        """What has reached the session of a job so far."""
        return traffic_of(self._seats[job.base_url, job.api_key].session)

    def _origin_of(self, session: Session) -> str:
        if session.port is None:
            return self.origin
        parts = urlsplit(self.origin)
        return f"{parts.scheme}://{parts.hostname}:{session.port}"

    def job(self, seat: Seat, number: int) -> Job:
        """The ``number``-th job of a run, counted from 1, with what it needs."""
        plan = seat.story.client.job
        names = (f"reference-{index}" for index in range(plan.references))
        images = {name: material.reference(index) for index, name in enumerate(names)}
        return Job(
            base_url=seat.base_url,
            api_key=seat.session.keys[0],
            # What tells the orders of several callers apart, on the wire as well.
            prompt=plan.prompt if number == 1 else f"{plan.prompt} ({number})",
            size=plan.size,
            n=plan.n,
            references=tuple(self._upload(seat, name, one) for name, one in images.items()),
            mask=self._upload(seat, "mask", material.mask()) if plan.mask else None,
            model=plan.model,
            reference_files=tuple(filter(None, starmap(self._file, images.items()))),
            mask_file=self._file("mask", material.mask()) if plan.mask else None,
            out_dir=self._out_dir(seat),
            id=str(number),
        )

    def _upload(self, seat: Seat, name: str, image: material.Material) -> str:
        """The URL of an image that the session already knows."""
        now = seat.session.clock.now()
        facts = {
            "account": self.contract.account,
            "unix": int(now),
            "name": name,
            "extension": "png",
        }
        path = str(self.contract.upload_path(facts))
        seat.session.world.keep_upload(Upload(path, image.data, image.image, now))
        return f"{seat.home}{path}"

    def _out_dir(self, seat: Seat) -> Path | None:
        if self._folders is None:
            return None
        seat.folders.append(self._folders.lend())
        return seat.folders[-1]

    def _file(self, name: str, image: material.Material) -> Path | None:
        if self.wish.folder is None:
            return None
        return material.write(image, self.wish.folder / "material" / f"{name}.png")

    def trace(self, seat: Seat, timing: Timing) -> Trace:
        """All that is known of a run, as it stands now."""
        session, client = seat.session, seat.client
        world = session.world
        return Trace(
            scenario=seat.story,
            terms=self.terms,
            calls=trace_of(world, session.clock.now()),
            origin=seat.origin,
            jobs=tuple(seat.dones),
            timing=timing,
            abilities=client.abilities,
            unspent=world.plan.unspent,
            most_at_once=client.most_at_once,
            gives_up_after=client.gives_up_after,
        )


@asynccontextmanager
async def open_venue(wish: Wish, clock: Callable[[], Clock] | None = None) -> AsyncIterator[Venue]:
    """Serve a mock in the running loop; ``clock`` makes the clocks of its sessions.

    Raises ``DataError`` for a profile that cannot be used, ``PortTakenError`` where no address is
    to be had, and in the end what a bug of the mock raised meanwhile.
    """
    application = create_app(wish.profile, speed=wish.speed, clock=clock, thumbnails=True)
    listeners = open_listeners(application, wish.ports if wish.by_port else 0)
    async with serve_in_loop(application, *listeners, certificate=wish.tls) as origin:
        yield Venue(application, origin, wish)


def _slug(name: str) -> str:
    kept = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in name)
    return kept.strip("-")[:60] or "story"
