"""What was asked for at the command line, made ready: a client and the settings of its exam."""

import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from contract_tests.clients.callables import client_of
from contract_tests.clients.client import Client
from contract_tests.clients.command import CommandClient
from contract_tests.clients.jobs_at_once import cores
from contract_tests.clients.json_lines import JsonLinesClient
from contract_tests.clients.listening import ListeningClient
from contract_tests.exam.chosen import chosen_stories
from contract_tests.exam.listeners import ELSEWHERE, HOST
from contract_tests.exam.settings import Settings
from contract_tests.exam.venue import Wish
from contract_tests.exam.waivers import read_waivers
from contract_tests.stories.levels import Level
from mock_server import make_certificates
from mock_server.loading.profiles import load_profile

# Sessions are by port only where a client cannot be told its key; so many may run side by side.
_PORTS = 64
# What a replay has to repeat.
_FLAGS = ("json-lines", "listen", "by-port", "tls", "real-time")


class RequestError(ValueError):
    """Options that do not go together, or that name something that is not there."""


@dataclass(frozen=True, slots=True)
class Request:
    """The options of ``safelight check-client``, by their names there."""

    command: tuple[str, ...] = ()
    profile: str = "guide"
    quick: bool = False
    thorough: int | None = None
    stories: tuple[str, ...] = ()
    env: tuple[tuple[str, str], ...] = ()
    stdin: str | None = None
    json_lines: bool = False
    target: str | None = None
    listen: bool = False
    by_port: bool = False
    api_key: str | None = None
    tls: bool = False
    jobs: int | None = None
    dilate: float | None = None
    real_time: bool = False
    seed: int = 0
    database: Path = Path(".safelight")
    waivers: Path | None = None
    reports: tuple[tuple[str, str], ...] = ()
    found: Path | None = None
    name: str | None = None

    @contextmanager
    def prepared(self) -> Iterator[tuple[Client, Settings]]:
        """The client and the settings; what was made for them is gone after the block.

        Raises :class:`RequestError`, ``ClientError``, ``DataError``, ``TlsExtraMissingError``.
        """
        self._check()
        certificates = make_certificates(HOST, ELSEWHERE, "localhost") if self.tls else None
        authority = None if certificates is None else certificates.authority
        with TemporaryDirectory(prefix="safelight-exam-") as folder:
            wish = Wish(
                profile=self.profile,
                folder=Path(folder),
                by_port=self.by_port,
                ports=_PORTS,
                key=self.api_key,
                tls=(str(certificates.chain), str(certificates.key)) if certificates else None,
            )
            yield self._client(authority), self._settings(wish)

    def _check(self) -> None:
        ways = [bool(self.command), self.target is not None, self.listen]
        if sum(ways) != 1:
            expected = "one of: a command after --, --python MODULE:NAME, --listen"
            raise RequestError(f"expected {expected}, seen {sum(ways)} of them")
        if self.quick and self.thorough is not None:
            raise RequestError("expected --quick or --thorough N, seen both")
        if self.api_key is not None and not self.by_port:
            raise RequestError("--api-key: stories are told apart by their keys, so add --by-port")

    def _settings(self, wish: Wish) -> Settings:
        level = Level.QUICK if self.quick else Level.DEFAULT
        contract = load_profile(self.profile)
        return Settings(
            wish=wish,
            level=Level.THOROUGH if self.thorough else level,
            more=self.thorough or 0,
            seed=self.seed,
            database=self.database,
            chosen=chosen_stories(self.stories, contract) if self.stories else None,
            waivers=() if self.waivers is None else read_waivers(self.waivers),
            real=self.real_time,
            # Whoever is driven by hand can do one thing at a time.
            at_once=self.jobs or (1 if self.listen else None),
            copies=self.jobs or cores(),
            dilate=self.dilate,
            replay=self._replay,
        )

    def _client(self, authority: Path | None) -> Client:
        if self.target is not None:
            return client_of(imported(self.target), name=self.name or self.target)
        if self.listen:
            return ListeningClient(name=self.name or "the client that calls")
        if self.json_lines:
            return JsonLinesClient(self.command, env=dict(self.env), name=self.name, ca=authority)
        return CommandClient(
            self.command,
            env=dict(self.env),
            stdin=self.stdin,
            name=self.name,
            ca=authority,
            has_own_key=self.by_port,
        )

    def _replay(self, story: str) -> str:
        """The command that plays a story again."""
        words: list[str] = ["safelight", "check-client", "--story", story]
        words += [] if self.profile == "guide" else ["--profile", self.profile]
        words += [
            f"--{flag}"
            for flag in ("json-lines", "listen", "by-port", "tls", "real-time")
            if self._has(flag)
        ]
        for name, value in self.env:
            words += ["--env", f"{name}={value}"]
        words += [] if self.stdin is None else ["--stdin", self.stdin]
        words += ["--python", self.target] if self.target else []
        words += ["--", *self.command] if self.command else []
        return shlex.join(words)

    def _has(self, flag: str) -> bool:
        return bool(getattr(self, flag.replace("-", "_")))


def imported(target: str) -> Any:
    """The callable that ``module:name`` means; modules of the working folder are found, too."""
    module, colon, name = target.partition(":")
    if not colon or not module or not name:
        raise RequestError(f"expected MODULE:NAME, seen {target!r}")
    if "" not in sys.path and str(Path.cwd()) not in sys.path:
        sys.path.insert(0, str(Path.cwd()))
    try:
        found: Any = import_module(module)
    except Exception as error:
        # A module may raise anything while it is read.
        told = str(error) if isinstance(error, ImportError) else repr(error)
        raise RequestError(f"{target}: cannot import {module}: {told}") from None
    for part in name.split("."):
        if not hasattr(found, part):
            raise RequestError(f"{target}: {module} has no {name}")
        found = getattr(found, part)
    if not callable(found):
        raise RequestError(f"{target}: expected a callable, seen {type(found).__name__}")
    return found
