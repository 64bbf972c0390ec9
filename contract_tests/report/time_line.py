"""The calls of a story as lines of text, each with a mark on a common axis."""

from collections.abc import Iterator, Sequence

from contract_tests.examination import Moment, Story
from contract_tests.report.plain import one_line

# As many lines as can be taken in at a glance; what is left out is counted.
_MOST = 14
_AXIS = 14


def time_line(story: Story, evidence: Sequence[int]) -> Iterator[tuple[bool, str]]:
    """Whether a call is evidence, and its line; also what the client said at the end."""
    told = [one for one in story.moments if one.kind == "call" or _is_word(one)]
    # What a client says at the moment of a call, it says because of that call.
    told.sort(key=lambda one: (one.seconds, one.kind == "client"))
    kept = _kept(told, evidence)
    last = max((one.seconds + one.lasted for one in told), default=0.0)
    left = 0
    for moment in told:
        if id(moment) not in kept:
            left += 1
            continue
        if left:
            yield False, _left_out(left)
            left = 0
        is_evidence = moment.number is not None and moment.number in evidence
        yield is_evidence, _line(moment, last, ">" if is_evidence else " ")
    if left:
        yield False, _left_out(left)


def _is_word(moment: Moment) -> bool:
    """Whether the client said something, or was told something, that a reader has to know."""
    return moment.kind == "client" and not moment.what.endswith(" begins")


def _kept(told: Sequence[Moment], evidence: Sequence[int]) -> set[int]:
    """All, or of many the evidence, what stands beside it, the first and the last."""
    if len(told) <= _MOST:
        return {id(one) for one in told}
    at = [index for index, one in enumerate(told) if one.number in evidence] or [0]
    wanted = dict.fromkeys([0, len(told) - 1])
    for distance in (0, -1, 1, 2, 3, 4, 5):
        near = (index + distance for index in at)
        wanted |= dict.fromkeys(index for index in near if 0 <= index < len(told))
    return {id(told[index]) for index in list(wanted)[:_MOST]}


def _left_out(number: int) -> str:
    return f"{'':13}{'':{_AXIS}}  ({number} more)"


def _line(moment: Moment, last: float, mark: str) -> str:
    what = f"    {one_line(moment.what)}"
    if moment.kind == "call":
        number = f"{moment.number}"
        fault = f"  [{one_line(moment.fault)}]" if moment.fault else ""
        what = f"{number:>3} {one_line(moment.what)} -> {one_line(moment.answered)}{fault}"
    return f"{mark}{moment.seconds:9.2f} s {_axis(moment, last)} {what}"


def _axis(moment: Moment, last: float) -> str:
    """A dotted line with the call where it was, as long as it lasted."""
    scale = (_AXIS - 1) / last if last else 0.0
    first = round(moment.seconds * scale)
    end = max(first, round((moment.seconds + moment.lasted) * scale))
    mark = "o" if moment.kind == "call" else "*"
    return f"{'.' * first}{mark}{'=' * (end - first)}{'.' * (_AXIS - 1 - end)}"
