"""A badge in SVG, drawn here: the name of what was examined, and the verdict on it."""

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from contract_tests.examination import Examination, Overall
from contract_tests.report.plain import one_line

# White letters on each of them are read easily: the contrast is 4.5 or more.
_COLOURS = {
    Overall.CONFORMANT: "#237a3b",
    Overall.WITH_ADVICE: "#8a6100",
    Overall.NOT_CONFORMANT: "#b3261e",
    Overall.INCOMPLETE: "#6b4f9e",
}
_LABEL = "#3b4148"
_HEIGHT, _GAP, _PADDING, _LONGEST = 20, 4, 7, 40
# Advances of an 11 pixel sans serif: `textLength` then makes the text fit, whatever font is there.
_NARROW, _WIDE = frozenset("iljtfr.,:;'|!()[] I"), frozenset("mwMWOQ@%&")


def render(examinations: Sequence[Examination]) -> str:
    """The badge; of several examinations, one below the other."""
    rows = [(_label(one), one.overall.value, _COLOURS[one.overall]) for one in examinations]
    left = max((_width(label) for label, _, _ in rows), default=0)
    right = max((_width(word) for _, word, _ in rows), default=0)
    height = max(0, len(rows) * (_HEIGHT + _GAP) - _GAP)
    told = "; ".join(f"{label}: {word}" for label, word, _ in rows)
    drawn = "".join(
        _row(row, index * (_HEIGHT + _GAP), left, right) for index, row in enumerate(rows)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="{height}"'
        f' viewBox="0 0 {left + right} {height}" role="img" aria-label={quoteattr(told)}>\n'
        f"<title>{escape(told)}</title>\n"
        f'<g font-family="Verdana, DejaVu Sans, Geneva, sans-serif" font-size="11" fill="#fff">\n'
        f"{drawn}</g>\n</svg>\n"
    )


def _label(examination: Examination) -> str:
    subject = one_line(examination.subject)
    short = subject if len(subject) <= _LONGEST else f"{subject[: _LONGEST - 1]}…"
    return f"safelight · {short}"


def _row(row: tuple[str, str, str], top: int, left: int, right: int) -> str:
    label, word, colour = row
    radius = 3
    edge = f"M{radius} {top}h{left - radius}v{_HEIGHT}h-{left - radius}"
    corners = f"a{radius} {radius} 0 0 1-{radius}-{radius}v-{_HEIGHT - 2 * radius}"
    corners += f"a{radius} {radius} 0 0 1 {radius}-{radius}z"
    end = f"M{left} {top}h{right - radius}a{radius} {radius} 0 0 1 {radius} {radius}"
    end += f"v{_HEIGHT - 2 * radius}a{radius} {radius} 0 0 1-{radius} {radius}h-{right - radius}z"
    return (
        f'<path fill="{_LABEL}" d="{edge}{corners}"/>\n<path fill="{colour}" d="{end}"/>\n'
        f"{_text(label, _PADDING, top)}{_text(word, left + _PADDING, top)}"
    )


def _text(text: str, x: int, top: int) -> str:
    length = _width(text) - 2 * _PADDING
    return f'<text x="{x}" y="{top + 14}" textLength="{length}">{escape(text)}</text>\n'


def _width(text: str) -> int:
    advances = (4.2 if one in _NARROW else 9.6 if one in _WIDE else 6.9 for one in text)
    return round(sum(advances)) + 2 * _PADDING
