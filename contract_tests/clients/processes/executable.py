"""Whether a command can be run at all, said before the exam begins."""

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from contract_tests.clients.client import ClientError
from mock_server.loading.data_error import nearest


def check_executable(program: str) -> None:
    """Raise :class:`ClientError` unless a command can be found, with the nearest that can."""
    if shutil.which(program) is not None:
        return
    path = Path(program)
    if path.is_dir():
        raise ClientError(f"cannot run {program!r}: it is a folder")
    if os.sep in program and path.exists():
        raise ClientError(
            f"cannot run {program!r}: it is not executable."
            " Allow it (chmod +x), or put the program that reads it before it."
        )
    raise ClientError(f"cannot run {program!r}: there is no such command{_guess(program)}")


def _guess(program: str) -> str:
    path = Path(program)
    folders = [path.parent] if os.sep in program else map(Path, os.get_exec_path())
    close = nearest(path.name, sorted({name for folder in folders for name in _names(folder)}))
    if close is None:
        return ""
    return f" (did you mean {str(path.with_name(close)) if os.sep in program else close!r}?)"


def _names(folder: Path) -> Iterator[str]:
    with suppress(OSError):
        for entry in os.scandir(folder):
            yield entry.name
