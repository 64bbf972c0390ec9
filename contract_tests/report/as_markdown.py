"""The examination in Markdown, for the summaries of CI jobs and for comments."""

import re
from collections.abc import Iterator, Sequence

from contract_tests.examination import Examination, Overall, Ruling
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

_SIGNS = {
    Overall.CONFORMANT: "✅",
    Overall.WITH_ADVICE: "🟡",
    Overall.NOT_CONFORMANT: "❌",
    Overall.INCOMPLETE: "❔",
}
_SPECIAL = re.compile(r"([\\`*_\[\]|~#])")
_ENTITIES = {ord("<"): "&lt;", ord(">"): "&gt;", ord("&"): "&amp;"}


def render(examinations: Sequence[Examination]) -> str:
    """The text; several examinations are compared first, then told one by one."""
    parts = [] if len(examinations) < 2 else [_side_by_side(examinations)]
    parts.extend("\n\n".join(_parts(one)) for one in examinations)
    return "\n\n".join(parts) + "\n"


def _parts(examination: Examination) -> Iterator[str]:
    overall = examination.overall
    yield f"## {_SIGNS[overall]} {_plain(examination.subject)}: {overall.value}"
    yield f"{counts(examination)}  \n{_plain(facts(examination))}"
    yield from (f"**Stale waiver:** {_plain(one)}" for one in examination.stale)
    yield from (_trouble(one, examination) for one in broken(examination))
    yield _table(examination)
    yield from _open_ends(examination)
    yield from (f"> {_plain(one)}" for one in examination.notes)


def _trouble(ruling: Ruling, examination: Examination) -> str:
    statement, finding = ruling.statement, ruling.finding
    word = ruling_word(ruling, examination.kind)
    head = f"<b>{word}</b> {label(ruling)} <code>{statement.id}</code> ({statement.grade})"
    lines = [f"<details><summary>{head}: {_entities(statement.title)}</summary>", ""]
    if finding is not None:
        if told := expected(ruling, finding):
            lines.append(f"- expected: {_code(told)}")
        lines.append(f"- seen: {_code(str(finding.seen))}")
    if ruling.deciding is not None:
        more = len(ruling.broken_in) - 1
        lines.append(f"- story: `{ruling.deciding}`{f' and {more} more' if more > 0 else ''}")
    lines.append(f"- why: {_plain(statement.why)}")
    lines.extend(f"- mend: {_plain(one)}" for one in statement.mend)
    lines.append(f"- source: {_plain(statement.source)}")
    lines.extend(_calls(ruling, examination))
    if ruling.counterexample is not None:
        lines.extend(["", *_block("Replay", ruling.counterexample.replay, "")])
        for name, text in ruling.counterexample.files.items():
            lines.extend(["", *_block(f"`{name}`", text, name.rpartition(".")[2])])
    return "\n".join([*lines, "", "</details>"])


def _calls(ruling: Ruling, examination: Examination) -> list[str]:
    story = deciding_story(ruling, examination)
    if story is None:
        return []
    evidence = () if ruling.finding is None else ruling.finding.evidence
    drawn = "\n".join(line for _, line in time_line(story, evidence))
    return ["", *_block("What happened", drawn, "text")]


def _table(examination: Examination) -> str:
    words = list(counted(examination))
    lines = [_row("group", *words), _row("---", *("--:" for _ in words))]
    for group, rulings in groups(examination).items():
        told = [ruling_word(one, examination.kind) for one in rulings]
        lines.append(_row(_plain(group), *(str(told.count(word) or "") for word in words)))
    return "\n".join(lines)


def _open_ends(examination: Examination) -> Iterator[str]:
    """What was waived or not judged, and why."""
    kind = examination.kind
    for word in (WAIVED, *(verdict_word(one, kind) for one in ORDER[2:4])):
        rulings = [one for one in examination.rulings if ruling_word(one, kind) == word]
        if rulings:
            told = [f"- {label(one)} `{one.statement.id}`: {_code(reason(one))}" for one in rulings]
            head = f"<details><summary>{len(rulings)} {word}</summary>"
            yield "\n".join([head, "", *told, "", "</details>"])


def _side_by_side(examinations: Sequence[Examination]) -> str:
    names = [_plain(one.subject) for one in examinations]
    lines = [_row("rule", *names), _row("---", *("---" for _ in names))]
    lines.append(_row("**verdict**", *(f"**{one.overall.value}**" for one in examinations)))
    told = [
        {one.statement.id: ruling_word(one, examination.kind) for one in examination.rulings}
        for examination in examinations
    ]
    rules = dict.fromkeys(one.statement.id for each in examinations for one in broken(each))
    lines.extend(_row(f"`{rule}`", *(words.get(rule, "") for words in told)) for rule in rules)
    return "\n".join(lines)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _plain(text: str) -> str:
    """The text with nothing in it that Markdown or HTML would take for its own."""
    return _SPECIAL.sub(r"\\\1", _entities(text))


def _entities(text: str) -> str:
    return one_line(text).translate(_ENTITIES)


def _code(text: str) -> str:
    """The text as code, so that it mentions nobody and links nowhere."""
    told = one_line(text)
    fence = "`" * (_longest_run(told) + 1)
    return f"{fence} {told} {fence}" if "`" in told else f"`{told}`"


def _block(title: str, text: str, language: str) -> list[str]:
    fence = "`" * max(3, _longest_run(text) + 1)
    return [f"{title}:", "", f"{fence}{language}", visible(text).rstrip(), fence]


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)
