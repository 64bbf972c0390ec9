"""Where the data folders are: inside an installed wheel, else beside the package in a checkout."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]


def schemas_folder() -> Path:
    """The folder of the profiles, one folder each; raises ``FileNotFoundError`` without one."""
    return data_folder("schemas", PACKAGE)


def scenarios_folder() -> Path:
    """The folder of the scenario files; raises ``FileNotFoundError`` if there is none."""
    return data_folder("scenarios", PACKAGE)


def data_folder(name: str, package: Path) -> Path:
    """The folder ``name`` of the server whose ``mock_server`` package lies at ``package``.

    A wheel carries its data inside the package, where no other distribution can put a folder of
    the same name. A checkout has none there, so that what is edited is what is read.
    """
    places = (package / "_data" / name, package.parent / name)
    for place in places:
        if place.is_dir():
            return place
    expected = " or ".join(str(place) for place in places)
    raise FileNotFoundError(f"no data folder {name!r}: expected {expected}, found neither")
