"""Examining a client from a test."""

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from contract_tests.clients.callables import client_of
from contract_tests.clients.client import Client
from contract_tests.exam.chosen import chosen_stories
from contract_tests.exam.exam import Progress, Settings, examine
from contract_tests.exam.venue import Wish
from contract_tests.exam.waivers import read_waivers
from contract_tests.examination import Examination
from contract_tests.stories.levels import Level
from mock_server.core.scenario import Scenario
from mock_server.loading.profiles import load_profile


def check_client(
    client: Client | Callable[..., Any],
    *,
    name: str | None = None,
    profile: str = "guide",
    level: Literal["quick", "default", "thorough"] = "default",
    more: int = 0,
    seed: int = 0,
    stories: Iterable[str | Scenario] | None = None,
    waivers: Path | None = None,
    downloads: bool = False,
    cancels: bool | None = None,
    parallel: bool = True,
    most_at_once: int | None = None,
    gives_up_after: float | None = None,
    real_time: bool = False,
    shrinks: bool = True,
    hear: Callable[[Progress], None] | None = None,
) -> Examination:
    """Examine a client: a callable ``client(job) -> Outcome``, sync or async, or an adapter.

    ``level`` says how many stories are played; ``thorough`` adds ``more`` random ones, decided by
    ``seed``. ``stories`` are names or files to play in their place. ``waivers`` is a YAML file.
    ``downloads``, ``cancels``, ``parallel``, ``most_at_once`` (jobs) and ``gives_up_after``
    (seconds) are what a callable declares, as ``client_of`` has them. A callable is run in virtual time unless ``real_time`` is asked for. ``hear`` is told
    of the progress.

    Raises ``ClientError`` for a client that cannot be run at all, ``DataError`` for a profile,
    story or waiver that cannot be used.
    """
    if not isinstance(client, Client):
        client = client_of(
            client,
            name=name,
            downloads=downloads,
            cancels=cancels,
            parallel=parallel,
            most_at_once=most_at_once,
            gives_up_after=gives_up_after,
        )
    chosen = None if stories is None else chosen_stories(stories, load_profile(profile))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="safelight-exam-")))
        settings = Settings(
            wish=Wish(profile=profile, folder=folder),
            level=Level(level),
            more=more,
            seed=seed,
            chosen=chosen,
            waivers=() if waivers is None else read_waivers(waivers),
            real=real_time,
            shrinks=shrinks,
            replay=lambda story: f"check_client({client.name}, stories=[{story!r}])",
            hear=hear or (lambda progress: None),
        )
        return examine(client, settings)
