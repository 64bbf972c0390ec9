"""What is said of each wrong client, and how it is run."""

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from contract_tests.clients.callables import client_of
from contract_tests.clients.client import Client
from contract_tests.clients.command import CommandClient
from tests.good_clients.async_aiohttp import AsyncAiohttp
from tests.good_clients.async_httpx import AsyncHttpx
from tests.good_clients.careful import Careful
from tests.good_clients.sync_requests import SyncRequests
from tests.good_clients.sync_urllib import SyncUrllib

GOOD_CLIENTS = Path(__file__).resolve().parents[1] / "good_clients"
AnyClient = AsyncAiohttp | AsyncHttpx | SyncRequests | SyncUrllib

# Makes the client; the folder is for programs that are written anew.
Make = Callable[[Path], Client]
# A piece of the good program, and what stands in its place.
Change = tuple[str, str]


@dataclass(frozen=True, slots=True)
class BadClient:
    """A wrong client.

    ``rule`` is the one that it is meant to break, ``why`` how people come to write it. ``also`` are
    the other rules that catch it, each with the reason; ``perhaps`` those that may, as real time
    has it. ``stories`` are those in which a program shows its fault, for their time is real.
    ``changes`` is its difference from the good program.
    """

    name: str
    rule: str
    why: str
    make: Make
    language: str = "python"
    also: Mapping[str, str] = field(default_factory=dict)
    perhaps: Mapping[str, str] = field(default_factory=dict)
    stories: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()

    def is_told_of(self, besides: Set[str]) -> bool:
        """Whether these are the other rules that catch it, no more and no fewer."""
        return self.also.keys() <= besides <= self.also.keys() | self.perhaps.keys()

    @property
    def is_virtual(self) -> bool:
        """Whether it lives in virtual time."""
        return self.language == "python"


def careful(
    name: str,
    rule: str,
    why: str,
    way: type[Careful],
    over: type[AnyClient] = AsyncAiohttp,
    **also: str,
) -> BadClient:
    """A careful client with one step done in another way, over one of the libraries.

    The names of rules in ``also`` have underscores, here and below.
    """
    return python(name, rule, why, lambda: over(way), **also)


def python(
    name: str, rule: str, why: str, build: Callable[[], AnyClient], **also: str
) -> BadClient:
    """A client in Python."""

    def make(folder: Path) -> Client:
        client = build()
        return client_of(client, name=name, downloads=True, most_at_once=client.at_once)

    return BadClient(name, rule, why, make, also=_dashed(also))


@dataclass(frozen=True, slots=True)
class Program:
    """A good client that is a program of its own, to be changed."""

    language: str
    file: str
    command: tuple[str, ...]

    def changed(
        self,
        name: str,
        rule: str,
        why: str,
        *changes: Change,
        stories: str,
        perhaps: Mapping[str, str] = MappingProxyType({}),
        **also: str,
    ) -> BadClient:
        """The program with these pieces replaced; ``stories`` are divided by commas."""

        def make(folder: Path) -> Client:
            place = folder / f"{name}{Path(self.file).suffix}"
            place.write_text(self.source(changes), "utf-8")
            return CommandClient((*self.command, str(place)), env={"JOB": "{job}"}, name=name)

        return BadClient(
            name,
            rule,
            why,
            make,
            self.language,
            _dashed(also),
            perhaps,
            tuple(stories.split(", ")),
            changes,
        )

    def source(self, changes: tuple[Change, ...] = ()) -> str:
        """Its text with the changes; raises ValueError for a piece that is not there once."""
        text = (GOOD_CLIENTS / self.file).read_text("utf-8")
        for old, new in changes:
            if text.count(old) != 1:
                raise ValueError(f"{self.file}: expected once, seen {text.count(old)} times: {old}")
            text = text.replace(old, new)
        return text


NODE = Program("node", "node_fetch.mjs", ("node",))
BASH = Program("bash", "bash_curl.sh", ("bash",))


def _dashed(also: Mapping[str, str]) -> dict[str, str]:
    return {rule.replace("_", "-"): reason for rule, reason in also.items()}
