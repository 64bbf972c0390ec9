"""What a client left in the folder that it was given."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from PIL import Image

from contract_tests.trace import SavedFile

# More and larger files than any job asks for; what is beyond is not looked at.
_MOST_FILES = 100
_MOST_BYTES = 32 * 1024 * 1024
_MOST_PIXELS = 50_000_000


def saved_files(folder: Path | None) -> tuple[SavedFile, ...]:
    """The files below a folder, by their names; whose result they are is not known here.

    Links are not followed. A file that vanishes meanwhile is left out.
    """
    if folder is None or not folder.is_dir():
        return ()
    found = (_saved(folder, path) for path in islice(_files(folder), _MOST_FILES))
    return tuple(one for one in found if one is not None)


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.is_symlink():
            continue
        if path.is_dir():
            yield from _files(path)
        elif path.is_file():
            yield path


def _saved(folder: Path, path: Path) -> SavedFile | None:
    try:
        size = path.stat().st_size
        name = path.relative_to(folder).as_posix()
        # Names need not be text on Unix, but reports have to be.
        name = name.encode("utf-8", "backslashreplace").decode("utf-8")
        return SavedFile(name, size, size <= _MOST_BYTES and _is_image(path))
    except OSError:
        return None


def _is_image(path: Path) -> bool:
    """Whether a whole picture can be read from a file."""
    try:
        with Image.open(path) as picture:
            if picture.width * picture.height > _MOST_PIXELS:
                return False
            picture.load()
    except Exception:
        # Decoders raise anything for what is no picture.
        return False
    return True
