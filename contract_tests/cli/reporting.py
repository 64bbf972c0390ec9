"""What commands that judge have in common: how reports are asked for, and what is kept."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from contract_tests.examination import Examination


def pairs(context: click.Context, parameter: click.Parameter, texts: tuple[str, ...]) -> Any:
    """Values of an option that is written NAME=VALUE."""
    found = [text.partition("=") for text in texts]
    for name, equals, value in found:
        if not equals or not name or not value:
            raise click.BadParameter("expected NAME=VALUE")
    return tuple((name, value) for name, _, value in found)


def refuse_unknown_formats(reports: tuple[tuple[str, str], ...]) -> None:
    """Refuse an unknown format before the work, not when it is to be written down.

    Raises ``ReportError``.
    """
    from contract_tests.report import ReportError, formats
    from mock_server.loading.data_error import nearest

    for name, _ in reports:
        if name not in formats():
            like = nearest(name, formats())
            hint = f" (did you mean {like}?)" if like else ""
            expected = f"one of {', '.join(formats())}"
            raise ReportError(f"--report: expected {expected}, seen {name!r}{hint}")


def keep_counterexamples(examination: "Examination", folder: Path) -> None:
    """Write every counterexample into a folder, under the names of their files."""
    folder.mkdir(parents=True, exist_ok=True)
    for ruling in examination.rulings:
        if ruling.counterexample is not None:
            for name, text in ruling.counterexample.files.items():
                (folder / Path(name).name).write_text(text, "utf-8")
