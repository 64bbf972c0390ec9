"""Reports: each module renders examinations in one format, and reads nothing else."""

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from contract_tests.examination import Examination
from contract_tests.report.reading import UnreadableReportError, read_report

__all__ = [
    "ReportError",
    "UnreadableReportError",
    "formats",
    "read_report",
    "render",
    "show",
    "write_reports",
    "write_text",
]

Render: TypeAlias = Callable[[Sequence[Examination]], str]
_STDOUT = "-"


class ReportError(ValueError):
    """A report that cannot be written: an unknown format, or a file that is not to be had."""


@cache
def formats() -> Mapping[str, Render]:
    """The formats by their names; each is a module ``as_<name>`` with a function ``render``."""
    files = sorted(Path(__file__).parent.glob("as_*.py"))
    names = [file.stem.removeprefix("as_") for file in files]
    found = {name: import_module(f"{__name__}.as_{name}").render for name in names}
    return MappingProxyType(found)


def render(name: str, *examinations: Examination) -> str:
    """The report of that format on one or several examinations.

    Raises :class:`ReportError` for an unknown format.
    """
    if name not in formats():
        close = get_close_matches(name, formats(), n=1, cutoff=0.5)
        hint = f" (did you mean {close[0]}?)" if close else ""
        known = ", ".join(formats())
        raise ReportError(f"report format: expected one of {known}, seen {name!r}{hint}")
    return formats()[name](examinations)


def show(name: str, *examinations: Examination) -> str:
    """The same for standard output: as text it has colours and the width of the terminal.

    Raises :class:`ReportError` for an unknown format.
    """
    if name == "text":
        from contract_tests.report.as_text import for_terminal

        return for_terminal(examinations)
    return render(name, *examinations)


def write_reports(examination: Examination, wanted: Sequence[tuple[str, str | Path]]) -> str:
    """Write each FORMAT into its file, and give the text for the terminal.

    A file called ``-`` is the terminal itself: what is rendered for it replaces the text. Raises
    :class:`ReportError`.
    """
    shown = []
    for name, file in wanted:
        if str(file) == _STDOUT:
            shown.append(show(name, examination))
        else:
            write_text(Path(file), render(name, examination))
    return "".join(shown) if shown else show("text", examination)


def write_text(file: Path, text: str) -> None:
    """Write a report, making the folders to it; raises :class:`ReportError`."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    except OSError as error:
        raise ReportError(f"cannot write {file}: {error.strerror}") from None
