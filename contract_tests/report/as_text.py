"""The examination for a terminal: good at 80 columns, and without colours."""

import io
import sys
from collections.abc import Iterator, Sequence
from shutil import get_terminal_size

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from contract_tests.examination import Examination, Moment, Overall, Ruling, Story
from contract_tests.finding import Verdict
from contract_tests.report.words import broken, counted, ruling_word

_COLOURS = {
    "failed": "red",
    "broken": "red",
    "advice": "yellow",
    "inconclusive": "magenta",
    "not exercised": "bright_black",
    "not applicable": "bright_black",
    "waived": "cyan",
    "passed": "green",
    "holds": "green",
}
_OVERALL = {
    Overall.CONFORMANT: "green",
    Overall.WITH_ADVICE: "yellow",
    Overall.NOT_CONFORMANT: "red",
    Overall.INCOMPLETE: "magenta",
}
_WIDEST, _MOST_CALLS = 120, 14


def render(examinations: Sequence[Examination]) -> str:
    """The text, as wide as the terminal (80 columns where there is none)."""
    file = io.StringIO()
    console = Console(
        file=file,
        width=min(get_terminal_size((80, 24)).columns, _WIDEST),
        force_terminal=sys.stdout.isatty(),
        highlight=False,
        emoji=False,
        legacy_windows=False,
    )
    for one in examinations:
        console.print(_whole(one))
    lines = (line.rstrip() for line in file.getvalue().splitlines())
    return "\n".join(lines) + "\n"


def _whole(examination: Examination) -> RenderableType:
    parts: list[RenderableType] = [_head(examination)]
    parts.extend(_trouble(one, examination) for one in broken(examination))
    parts.extend([_table(examination), *_open_ends(examination), _verdict(examination)])
    return Group(*parts)


def _head(examination: Examination) -> RenderableType:
    stories = len(examination.stories)
    line = Text("Safelight ", "bold") + Text(f"{examination.kind} check: {examination.subject}")
    facts = f"profile {examination.profile}, {stories} stories, {examination.lasted:.1f} s"
    return Group(line, Text(facts, "bright_black"), Text(""))


def _trouble(ruling: Ruling, examination: Examination) -> RenderableType:
    statement, finding = ruling.statement, ruling.finding
    word = ruling_word(ruling, examination.kind)
    title = Text(f"{word.upper()} ", f"bold {_COLOURS[word]}")
    title += Text(f"{statement.number} {statement.id} ({statement.grade})", "bold")
    grid = Table.grid(padding=(0, 1))
    grid.add_column(style="bright_black", no_wrap=True, min_width=8)
    grid.add_column(overflow="fold")
    grid.add_row("rule", Text(statement.title))
    if finding is not None:
        grid.add_row("seen", Text(str(finding.seen), _COLOURS[word]))
    if ruling.deciding is not None:
        more = len(ruling.broken_in) - 1
        told = f"{ruling.deciding}, and {more} more" if more > 0 else ruling.deciding
        grid.add_row("story", Text(told))
    for call in _time_line(ruling, examination):
        grid.add_row("", call)
    grid.add_row("why", Text(statement.why))
    for index, line in enumerate(statement.mend):
        grid.add_row("" if index else "mend", Text(line))
    grid.add_row("source", Text(statement.source))
    parts: list[RenderableType] = [title, Padding(grid, (0, 0, 0, 2))]
    return Group(*parts, *_smallest(ruling), Text(""))


def _time_line(ruling: Ruling, examination: Examination) -> Iterator[Text]:
    """The calls of the story that decided, those that are evidence marked."""
    story = next((one for one in examination.stories if one.name == ruling.deciding), None)
    if story is None:
        return
    evidence = () if ruling.finding is None else ruling.finding.evidence
    for moment in _telling(story, evidence):
        is_evidence = moment.number in evidence
        call = f"{moment.seconds:8.2f}s  {moment.what:<10} {moment.answered}"
        fault = f"  [{moment.fault}]" if moment.fault else ""
        mark = "> " if is_evidence else "  "
        yield Text(f"{mark}{call}{fault}", "bold" if is_evidence else "bright_black")


def _telling(story: Story, evidence: Sequence[int]) -> list[Moment]:
    """The calls that tell: all, or of many the evidence and what is beside it."""
    calls = [one for one in story.moments if one.kind == "call"]
    if len(calls) <= _MOST_CALLS:
        return calls
    near = [one for one in calls if one.number in evidence] or calls
    return near[:_MOST_CALLS]


def _smallest(ruling: Ruling) -> Iterator[RenderableType]:
    example = ruling.counterexample
    if example is None:
        return
    yield Padding(Text(f"replay   {example.replay}"), (0, 0, 0, 2))
    for name, text in example.files.items():
        told = Group(Text(f"# {name}", "bright_black"), Text(text.rstrip()))
        yield Padding(told, (0, 0, 0, 4))


def _table(examination: Examination) -> RenderableType:
    words = list(counted(examination))
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("group")
    for word in words:
        table.add_column(word.replace(" ", "\n"), justify="right", style=_COLOURS[word])
    for group in dict.fromkeys(one.statement.group for one in examination.rulings):
        told = [
            ruling_word(one, examination.kind)
            for one in examination.rulings
            if one.statement.group == group
        ]
        table.add_row(group, *(str(told.count(word) or "") for word in words))
    return Group(table, Text(""))


def _open_ends(examination: Examination) -> Iterator[RenderableType]:
    """What was not judged and why, what was waived, and what has to be known."""
    for ruling in examination.rulings:
        is_open = ruling.verdict in (Verdict.INCONCLUSIVE, Verdict.NOT_EXERCISED)
        if is_open and ruling.finding is not None:
            word = ruling_word(ruling, examination.kind)
            yield Text(f"{word}: {ruling.statement.id}: {ruling.finding.seen}", "bright_black")
        if ruling.waived is not None:
            yield Text(f"waived: {ruling.statement.id}: {ruling.waived}", "cyan")
    for stale in examination.stale:
        yield Text(f"stale: {stale}", "red")
    for note in examination.notes:
        yield Text(f"note: {note}", "bright_black")


def _verdict(examination: Examination) -> RenderableType:
    overall = examination.overall
    told = ", ".join(f"{number} {word}" for word, number in counted(examination).items())
    return (
        Text("verdict: ", "bold") + Text(overall.value, f"bold {_OVERALL[overall]}") + f" ({told})"
    )
