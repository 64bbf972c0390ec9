"""Examining a client from a test."""

import shlex
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from contract_tests.clients.callables import client_of
from contract_tests.clients.client import Client
from contract_tests.exam.chosen import chosen_stories
from contract_tests.exam.exam import examine
from contract_tests.exam.settings import Progress, Settings
from contract_tests.exam.venue import Wish
from contract_tests.exam.waivers import read_waivers
from contract_tests.examination import Examination
from contract_tests.stories.levels import Level
from mock_server.core.scenario import Scenario
from mock_server.loading.profiles import load_profile


def check_client(
    client: Client | Callable[..., Any],
    *,
    profile: str = "guide",
    level: Literal["quick", "default", "thorough"] = "default",
    more: int = 200,
    seed: int = 0,
    database: Path = Path(".safelight"),
    stories: Iterable[str | Scenario] | None = None,
    waivers: Path | None = None,
    real_time: bool = False,
    hear: Callable[[Progress], None] = lambda progress: None,
    **declared: Any,
) -> Examination:
    """Examine a client: a callable ``client(job) -> Outcome``, sync or async, or an adapter.

    ``level`` says how many stories are played; ``thorough`` searches ``more`` random ones, decided
    by ``seed``, and keeps what breaks a rule in the folder ``database``, to play it again.
    ``stories`` are names or files to play in their place, ``waivers`` is a YAML file. A callable is
    run in virtual time unless ``real_time`` is asked for; ``declared`` is what it promises, as
    ``client_of`` has it. ``hear`` is told of the progress.

    Raises ``ClientError`` for a client and ``DataError`` for a file that cannot be used.
    """
    target, client = client, _adapted(client, declared)
    with TemporaryDirectory(prefix="safelight-exam-") as folder:
        settings = Settings(
            wish=Wish(profile=profile, folder=Path(folder)),
            level=Level(level),
            more=more,
            seed=seed,
            database=database,
            chosen=None if stories is None else chosen_stories(stories, load_profile(profile)),
            waivers=() if waivers is None else read_waivers(waivers),
            real=real_time,
            replay=partial(_replay, target),
            hear=hear,
        )
        return examine(client, settings)


def _adapted(client: Client | Callable[..., Any], declared: dict[str, Any]) -> Client:
    if not isinstance(client, Client):
        return client_of(client, **declared)
    if declared:
        raise TypeError(f"an adapter declares for itself: {', '.join(declared)}")
    return client


def _replay(target: object, story: str) -> str:
    """The command that plays a story again, for what can be imported; else the call."""
    module, name = getattr(target, "__module__", None), getattr(target, "__qualname__", None)
    if isinstance(target, type) or not module or not name or "<" in name or module == "__main__":
        return f"check_client(client, stories=[{story!r}])"
    words = ("safelight", "check-client", "--python", f"{module}:{name}", "--story", story)
    return shlex.join(words)
