"""Folders in which a mock keeps its state, and mocks that come back from them."""

import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mock_server.edge.serve import keeping
from mock_server.edge.state_file import NAME
from tests.edge.callers import Caller, caller


class Home:
    """A folder that one mock after the other keeps its state in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def file(self) -> Path:
        """The state file."""
        return self.folder / NAME

    @contextmanager
    def lived_in(
        self, *arguments: Any, ports: Iterable[int] = (), **settings: Any
    ) -> Iterator[Caller]:
        """A caller of a mock that keeps its state here; its clock stands still."""
        with caller(*arguments, **settings) as one:
            one.app.mock.listening("localhost", ports)
            with keeping(one.app, self.folder):
                yield one

    def as_killed(self) -> "Home":
        """What would be left here if the process ended now, without a chance to do anything."""
        left = self.folder.with_name(f"{self.folder.name}-left")
        shutil.copytree(self.folder, left)
        return Home(left)

    def texts(self, table: str) -> list[str]:
        """All values in a table; the mock must be gone."""
        connection = sqlite3.connect(self.file)
        try:
            return [text for (text,) in connection.execute(f"SELECT value FROM {table}")]
        finally:
            connection.close()

    def change(self, *statements: str) -> None:
        """Change the file behind the mock's back."""
        connection = sqlite3.connect(self.file)
        try:
            for statement in statements:
                connection.execute(statement)
            connection.commit()
        finally:
            connection.close()

    def contents(self) -> dict[str, bytes]:
        """Every file here, byte by byte."""
        return {path.name: path.read_bytes() for path in sorted(self.folder.iterdir())}
