"""From scenario files to the stories that the engine plays."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import reduce
from pathlib import Path
from typing import NoReturn

from mock_server.core.contract import Contract
from mock_server.core.scenario import Scenario
from mock_server.loading.data_error import DataError, Fault, nearest
from mock_server.loading.scenario_files import (
    base_file,
    find_scenario,
    read_scenario_file,
    scenario_names,
)
from mock_server.loading.scenario_parts import Parts, check_scenario, read_parts
from mock_server.loading.scenario_schema import rule_ids
from mock_server.loading.scenario_writing import write_scenario
from mock_server.loading.yaml_document import Document, plain_document
from mock_server.loading.yaml_reading import read_yaml

__all__ = [
    "load_scenario",
    "profile_of",
    "read_scenario",
    "rule_ids",
    "scenario_from",
    "scenario_names",
    "write_scenario",
]

_MOST_STORIES = 10


def load_scenario(name_or_path: str, contract: Contract, folder: Path | None = None) -> Scenario:
    """The story of that name, or in the YAML file at that path, for a profile's contract.

    ``folder`` is where names are looked up; without it, the scenarios that come with the server.
    Raises :class:`DataError` for an unknown name and for every wrong place in the files.
    """
    name, file = find_scenario(name_or_path, folder)
    return _told(_Source(read_scenario_file(file), file), contract, folder).scenario(name)


def read_scenario(
    text: str, contract: Contract, name: str = "inline", folder: Path | None = None
) -> Scenario:
    """The story in a YAML (or JSON) text, which can extend only what has a name in the folder.

    Raises :class:`DataError`.
    """
    return _told(_Source(read_yaml(text, name), name), contract, folder).scenario(name)


def scenario_from(
    value: object, contract: Contract, name: str = "inline", folder: Path | None = None
) -> Scenario:
    """The story in a JSON value, which can extend only what has a name in the folder.

    Raises :class:`DataError`.
    """
    return _told(_Source(plain_document(value, name), name), contract, folder).scenario(name)


def profile_of(name_or_path: str, folder: Path | None = None) -> str | None:
    """The profile that a story is about, asked before there is a contract to load it for.

    Raises :class:`DataError` for an unknown name and for what is wrong in the files.
    """
    _, file = find_scenario(name_or_path, folder)
    for source in _chain(_Source(read_scenario_file(file), file), folder):
        profile = source.value.get("profile")
        if profile is not None:
            return str(profile)
    return None


@dataclass(frozen=True, slots=True)
class _Source:
    """A document and where it is from: a file, or the name of what was sent."""

    document: Document
    origin: Path | str

    @property
    def value(self) -> Mapping[str, object]:
        """The document, once it has passed the schema."""
        assert isinstance(self.document.value, dict)
        return self.document.value

    def refuse(self, fault: Fault) -> NoReturn:
        line = self.document.line_of(fault.path)
        raise DataError(self.origin, [replace(fault, line=line)])


def _told(source: _Source, contract: Contract, folder: Path | None) -> Parts:
    """The parts of a story, laid over those of the stories that it extends."""
    layers = [read_parts(s.document, s.origin, contract) for s in _chain(source, folder)]
    return reduce(lambda base, parts: parts.over(base), reversed(layers))


def _chain(source: _Source, folder: Path | None) -> list[_Source]:
    """A story and what it extends, itself first; each has passed the schema."""
    chain = [source]
    seen = {source.origin.resolve()} if isinstance(source.origin, Path) else set()
    while True:
        source = chain[-1]
        check_scenario(source.document, source.origin)
        extends = source.value.get("extends")
        if extends is None:
            return chain
        base = _base(source, str(extends), folder)
        if base.resolve() in seen:
            source.refuse(Fault("$.extends", "a story that does not lead back", repr(extends)))
        if len(chain) == _MOST_STORIES:
            source.refuse(Fault("$.extends", f"at most {_MOST_STORIES} stories", repr(extends)))
        seen.add(base.resolve())
        chain.append(_Source(read_scenario_file(base), base))


def _base(source: _Source, extends: str, folder: Path | None) -> Path:
    file = source.origin if isinstance(source.origin, Path) else None
    base = base_file(extends, file, folder)
    if base is None:
        like = nearest(extends, scenario_names(folder))
        expected = "the name of a scenario, or of a file beside this one"
        source.refuse(Fault("$.extends", expected, repr(extends), like))
    return base
