"""The examination for a terminal: good at 80 columns, and without colours."""

import io
import sys
from collections.abc import Iterator, Sequence
from shutil import get_terminal_size

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from contract_tests.examination import Examination, Overall, Ruling
from contract_tests.finding import Finding
from contract_tests.report.plain import one_line, visible
from contract_tests.report.time_line import time_line
from contract_tests.report.words import (
    ORDER,
    WAIVED,
    broken,
    counted,
    counts,
    deciding_story,
    expected,
    facts,
    groups,
    label,
    reason,
    ruling_word,
    verdict_word,
)

_COLOURS = {
    "failed": "red",
    "broken": "red",
    "advice": "yellow",
    "inconclusive": "magenta",
    "not exercised": "bright_black",
    "not applicable": "bright_black",
    WAIVED: "cyan",
    "passed": "green",
    "holds": "green",
}
_OVERALL = {
    Overall.CONFORMANT: "green",
    Overall.WITH_ADVICE: "yellow",
    Overall.NOT_CONFORMANT: "red",
    Overall.INCOMPLETE: "magenta",
}
# So that all columns have room beside the names of the groups.
_BROKEN_WORDS = {
    "inconclusive": "incon-\nclusive",
    "not exercised": "not exer-\ncised",
    "not applicable": "not ap-\nplicable",
}
_NARROWEST, _WIDEST, _DIM = 80, 110, "bright_black"


def render(examinations: Sequence[Examination]) -> str:
    """The text for files: 80 columns, without colours."""
    return _rendered(examinations, _NARROWEST, False)


def for_terminal(examinations: Sequence[Examination]) -> str:
    """The text for standard output: as wide as the terminal and coloured, if it is one."""
    width = get_terminal_size((_NARROWEST, 24)).columns
    return _rendered(examinations, min(width, _WIDEST), sys.stdout.isatty())


def _rendered(examinations: Sequence[Examination], width: int, is_terminal: bool) -> str:
    file = io.StringIO()
    console = Console(
        file=file,
        width=width,
        force_terminal=is_terminal,
        color_system="auto" if is_terminal else None,
        highlight=False,
        emoji=False,
        legacy_windows=False,
    )
    for one in examinations:
        for part in _parts(one):
            # A line that is to be copied is never broken, however narrow the terminal is.
            console.print(part, soft_wrap=isinstance(part, _Copied))
        if len(examinations) > 1:
            console.print()
    if len(examinations) > 1:
        for line in _side_by_side(examinations):
            console.print(line)
    lines = (line.rstrip() for line in file.getvalue().splitlines())
    return "\n".join(lines) + "\n"


class _Copied(Text):
    """Text that readers copy: a command, or a file."""


def _parts(examination: Examination) -> Iterator[RenderableType]:
    subject = one_line(examination.subject)
    yield Text.assemble(("Safelight ", "bold"), f"{examination.kind} check: {subject}")
    yield Text(facts(examination), _DIM)
    yield Text("")
    for ruling in broken(examination):
        yield from _trouble(ruling, examination)
    yield from _open_ends(examination)
    yield _table(examination)
    yield Text("")
    overall = examination.overall
    yield Text.assemble(("verdict: ", "bold"), (overall.value, f"bold {_OVERALL[overall]}"))
    yield Padding(Text(counts(examination), _DIM), (0, 0, 0, 9))


def _trouble(ruling: Ruling, examination: Examination) -> Iterator[RenderableType]:
    statement, finding = ruling.statement, ruling.finding
    word = ruling_word(ruling, examination.kind)
    title = f"{statement.number} {statement.id} ({statement.grade})"
    yield Text.assemble((f"{word.upper()} ", f"bold {_COLOURS[word]}"), (title, "bold"))
    grid = _grid()
    grid.add_row("rule", Text(statement.title))
    if finding is not None:
        if told := expected(ruling, finding):
            grid.add_row("expected", Text(told))
        grid.add_row("seen", Text(one_line(str(finding.seen)), _COLOURS[word]))
    if ruling.deciding is not None:
        grid.add_row("story", Text(_story(ruling, examination)))
    yield Padding(grid, (0, 0, 0, 2))
    yield from _calls(ruling, finding, examination)
    grid = _grid()
    grid.add_row("why", Text(statement.why))
    for index, line in enumerate(statement.mend):
        grid.add_row("" if index else "mend", Text(line))
    grid.add_row("source", Text(statement.source))
    yield Padding(grid, (0, 0, 0, 2))
    yield from _smallest(ruling)
    yield Text("")


def _grid() -> Table:
    grid = Table.grid(padding=(0, 1))
    grid.add_column(style=_DIM, no_wrap=True, min_width=8)
    grid.add_column(overflow="fold")
    return grid


def _story(ruling: Ruling, examination: Examination) -> str:
    story = deciding_story(ruling, examination)
    more = len(ruling.broken_in) - 1
    title = "" if story is None else f": {story.title}"
    return f"{ruling.deciding}{title}{f' (and {more} more)' if more > 0 else ''}"


def _calls(
    ruling: Ruling, finding: Finding | None, examination: Examination
) -> Iterator[RenderableType]:
    """The calls of the story that decided, those that are evidence marked."""
    story = deciding_story(ruling, examination)
    if story is None:
        return
    for is_marked, line in time_line(story, () if finding is None else finding.evidence):
        style = "bold" if is_marked else _DIM
        text = Text(line, style, no_wrap=True, overflow="ellipsis")
        yield Padding(text, (0, 0, 0, 4))


def _smallest(ruling: Ruling) -> Iterator[RenderableType]:
    example = ruling.counterexample
    if example is None:
        return
    yield Text("  replay", _DIM)
    yield _Copied(f"    {one_line(example.replay)}")
    for name, text in example.files.items():
        yield Text(f"  {name}", _DIM)
        for line in visible(text).rstrip().splitlines():
            yield _Copied(f"    {line}")


def _open_ends(examination: Examination) -> Iterator[RenderableType]:
    """What was waived, what was not judged and why, what passed, and what has to be known."""
    kind = examination.kind
    by_word: dict[str, list[Ruling]] = {}
    for ruling in examination.rulings:
        by_word.setdefault(ruling_word(ruling, kind), []).append(ruling)
    words = [verdict_word(verdict, kind) for verdict in ORDER[2:]]
    for word in (WAIVED, *words):
        rulings = by_word.get(word, [])
        if not rulings:
            continue
        yield Text.assemble((f"{word} ", f"bold {_COLOURS[word]}"), (f"({len(rulings)})", _DIM))
        if word in (words[2], words[3]):
            numbers = " ".join(label(one) for one in rulings)
            yield Padding(Text(numbers), (0, 0, 0, 2))
        else:
            yield Padding(_reasons(rulings), (0, 0, 0, 2))
        yield Text("")
    yield from (Text(f"stale waiver: {one_line(one)}", "red") for one in examination.stale)
    yield from (Text(f"note: {one_line(one)}", _DIM) for one in examination.notes)
    if examination.stale or examination.notes:
        yield Text("")


def _reasons(rulings: Sequence[Ruling]) -> RenderableType:
    grid = Table.grid(padding=(0, 1))
    grid.add_column(no_wrap=True)
    grid.add_column(style=_DIM, overflow="fold")
    for one in rulings:
        grid.add_row(label(one), Text(f"{one.statement.id}: {reason(one)}"))
    return grid


def _table(examination: Examination) -> RenderableType:
    words = list(counted(examination))
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("group", vertical="bottom")
    for word in words:
        short = _BROKEN_WORDS.get(word, word)
        table.add_column(
            short, justify="right", style=_COLOURS[word], vertical="bottom", no_wrap=True
        )
    for group, rulings in groups(examination).items():
        told = [ruling_word(one, examination.kind) for one in rulings]
        table.add_row(group, *(str(told.count(word) or "·") for word in words))
    return table


def _side_by_side(examinations: Sequence[Examination]) -> Iterator[RenderableType]:
    """What any of several examinations has found broken, a column for each."""
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("side by side")
    told = []
    for number, one in enumerate(examinations, 1):
        overall = (one.overall.value, f"bold {_OVERALL[one.overall]}")
        yield Text.assemble(f"{number}  {one_line(one.subject)}: ", overall)
        table.add_column(str(number))
        told.append({ruling.statement.id: ruling_word(ruling, one.kind) for ruling in one.rulings})
    rules = dict.fromkeys(one.statement.id for each in examinations for one in broken(each))
    for rule in rules:
        words = [words.get(rule, "") for words in told]
        cells = [Text(_BROKEN_WORDS.get(word, word), _COLOURS.get(word, "")) for word in words]
        table.add_row(rule, *cells)
    if rules:
        yield Text("")
        yield table
