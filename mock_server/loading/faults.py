"""From the words of a scenario or a header field to faults."""

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from mock_server.core.fault import Fault
from mock_server.core.plan import Planned
from mock_server.faults import PASS
from mock_server.faults.parts.chain import Chain
from mock_server.faults.parts.description import fault_schema, fault_table
from mock_server.faults.parts.making import FaultError, Problem, make_fault
from mock_server.faults.parts.notation import MOST_TIMES, Argument, Link, NotationError, read_phrase
from mock_server.faults.parts.options import OptionError, seen_as
from mock_server.loading import data_error
from mock_server.loading.data_error import DataError, nearest

__all__ = ["HEADER", "fault_schema", "fault_table", "read_fault", "read_faults"]

HEADER = "X-Mock-Fault"
_MOST_ENTRIES = 10_000
_FORMS = "a fault as text (429, reset, delay(2)) or as an object ({fault: delay, seconds: 2})"


def read_faults(
    spec: object,
    path: str,
    *,
    file: Path | str = "faults",
    reasons: Collection[str] | None = None,
) -> tuple[Planned, ...]:
    """The queue of one operation: a list of entries, or a single one.

    ``path`` is where ``spec`` stands in ``file``; ``reasons`` are those of the profile's error
    catalogue (None: they are not checked). Raises :class:`DataError` with every wrong place.
    """
    rows: list[object] = list(spec) if isinstance(spec, list | tuple) else [spec]
    if len(rows) > _MOST_ENTRIES:
        wrong = data_error.Fault(path, f"at most {_MOST_ENTRIES} entries", str(len(rows)))
        raise DataError(file, [wrong])
    queue: list[Planned] = []
    problems: list[data_error.Fault] = []
    for number, row in enumerate(rows):
        place = f"{path}[{number}]" if isinstance(spec, list | tuple) else path
        try:
            queue.append(_checked(_entry(row), reasons))
        except FaultError as error:
            is_text = not isinstance(row, Mapping)
            problems.extend(_placed(problem, place, is_text) for problem in error.problems)
    if problems:
        raise DataError(file, problems)
    return tuple(queue)


def read_fault(text: str, *, reasons: Collection[str] | None = None) -> Fault:
    """The one fault that a text names, as in the header field ``X-Mock-Fault``.

    Raises :class:`DataError` for anything else, ``pass`` and repetitions too.
    """
    (planned,) = read_faults(str(text), "$", file=HEADER, reasons=reasons)
    if planned.fault is None or planned.times != 1:
        raise DataError(HEADER, [data_error.Fault("$", "one fault for one call", seen_as(text))])
    return planned.fault


def _entry(spec: object) -> Planned:
    if isinstance(spec, str):
        return _from_text(spec)
    if isinstance(spec, Mapping):
        return _from_object(spec)
    if isinstance(spec, int) and not isinstance(spec, bool):
        return Planned(make_fault("status", [("code", spec)]))
    raise FaultError([Problem(None, _FORMS, seen_as(spec))])


def _from_text(text: str) -> Planned:
    try:
        phrase = read_phrase(text)
    except NotationError as error:
        raise FaultError([Problem(None, error.expected, error.seen)]) from None
    if phrase.links == (Link(PASS),):
        return Planned(None, phrase.times)
    faults = [make_fault(link.name, link.arguments) for link in phrase.links]
    try:
        return Planned(faults[0] if len(faults) == 1 else Chain(tuple(faults)), phrase.times)
    except OptionError as error:
        raise FaultError([Problem(None, error.expected, error.seen)]) from None


def _from_object(spec: Mapping[str, object]) -> Planned:
    name = spec.get("fault")
    options: list[Argument] = [(k, v) for k, v in spec.items() if k not in ("fault", "times")]
    times = _times(spec.get("times", 1))
    if isinstance(name, int) and not isinstance(name, bool):
        name, options = "status", [("code", name), *options]
    if not isinstance(name, str):
        raise FaultError([Problem("fault", "the name of a fault", seen_as(name))])
    if name == PASS and not options:
        return Planned(None, times)
    return Planned(make_fault(name, options), times)


def _times(times: object) -> int | None:
    if times == "*":
        return None
    if isinstance(times, int) and not isinstance(times, bool) and 1 <= times <= MOST_TIMES:
        return times
    expected = f"a whole number from 1 to {MOST_TIMES}, or '*'"
    raise FaultError([Problem("times", expected, seen_as(times))])


def _checked(planned: Planned, reasons: Collection[str] | None) -> Planned:
    """The entry, its reasons being those of the catalogue."""
    links: Iterable[object] = getattr(planned.fault, "links", (planned.fault,))
    wrong = [
        Problem("reason", "a reason of the profile's error catalogue", repr(reason), reason, known)
        for known in ([] if reasons is None else [tuple(reasons)])
        for reason in (getattr(link, "reason", None) for link in links)
        if reason is not None and reason not in known
    ]
    if wrong:
        raise FaultError(wrong)
    return planned


def _placed(problem: Problem, path: str, is_text: bool) -> data_error.Fault:
    """The problem at its place: options of an object have their own, those of a text a name."""
    like = nearest(problem.word, problem.known) if problem.word else None
    expected = problem.expected
    if is_text:
        named = problem.option not in (None, "fault")
        expected = f"{problem.option}: {expected}" if named else expected
    elif problem.option is not None:
        path = f"{path}.{problem.option}"
    return data_error.Fault(path, expected, problem.seen, like)
