"""Finding and reading scenario files: by name in a folder, by path, and beside one another."""

from pathlib import Path

from mock_server.loading.data_error import DataError, Fault, nearest
from mock_server.loading.folders import scenarios_folder
from mock_server.loading.yaml_document import MOST_BYTES, Document
from mock_server.loading.yaml_reading import read_yaml

_ENDINGS = (".yaml", ".yml")


def scenario_names(folder: Path | None = None) -> tuple[str, ...]:
    """The names of the scenarios that are there (``faults/lost-reply``), sorted."""
    root = folder or scenarios_folder()
    files = root.rglob("*.yaml")
    return tuple(sorted(file.relative_to(root).with_suffix("").as_posix() for file in files))


def find_scenario(name_or_path: str, folder: Path | None) -> tuple[str, Path]:
    """The name and the file of a scenario, given by its name or by the path of a YAML file.

    Raises :class:`DataError` when there is no such file.
    """
    root = folder or scenarios_folder()
    file = Path(name_or_path)
    if file.suffix in _ENDINGS:
        return _name_of(file, root), file
    if name_or_path not in scenario_names(root):
        raise DataError(root, [_unknown(name_or_path, root)])
    return name_or_path, root / f"{name_or_path}.yaml"


def base_file(extends: str, file: Path | None, folder: Path | None) -> Path | None:
    """The file of a story that another one extends: one with that name, or one beside ``file``."""
    root = folder or scenarios_folder()
    if extends in scenario_names(root):
        return root / f"{extends}.yaml"
    if file is None or not extends.endswith(_ENDINGS) or Path(extends).name != extends:
        return None
    beside = file.parent / extends
    # A link may not lead out of the folder either.
    is_inside = beside.resolve().parent == file.parent.resolve()
    return beside if is_inside and beside.is_file() else None


def read_scenario_file(file: Path) -> Document:
    """The document in a file; raises :class:`DataError`."""
    try:
        # A device or a pipe would never end.
        data = _first_bytes(file) if file.is_file() else None
    except OSError as error:
        seen = error.strerror or "an error"
        raise DataError(file, [Fault("$", "a readable file", seen)]) from None
    if data is None:
        raise DataError(file, [Fault("$", "a file", "none at that path")])
    if len(data) > MOST_BYTES:
        raise DataError(file, [Fault("$", f"at most {MOST_BYTES} bytes", "more")])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DataError(file, [Fault("$", "UTF-8", f"byte {error.start}", line=line)]) from None
    return read_yaml(text, file)


def _name_of(file: Path, root: Path) -> str:
    """The name of a story in the folder; outside it, that of the file."""
    try:
        inside = file.resolve().relative_to(root.resolve())
    except (OSError, ValueError, RuntimeError):
        inside = Path(file.name)
    return inside.with_suffix("").as_posix()


def _first_bytes(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(MOST_BYTES + 1)


def _unknown(name: str, root: Path) -> Fault:
    names = scenario_names(root)
    by_end = {one.rpartition("/")[2]: one for one in names}
    like = by_end.get(name) or nearest(name, names)
    if like is None:
        like = by_end.get(nearest(name, by_end) or "")
    return Fault("scenario", "a scenario's name or the path of a YAML file", repr(name), like)
