"""Text for pictures: any string becomes glyphs that Pillow's own font can show, set in lines."""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias, cast

if TYPE_CHECKING:
    from PIL import ImageDraw, ImageFont

Colour = tuple[int, int, int]

# All that the font inside Pillow (a subset of Aileron) holds; anything else would be an empty box.
_IN_FONT = frozenset(map(chr, range(0x20, 0x7F))) | frozenset("©«°±´·»‘’“”…‹›™")  # noqa: RUF001

# Readable stand-ins where Unicode itself knows no decomposition.
_STAND_INS = dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-") | {
    "\u2044": "/", "÷": "/", "\u00d7": "x", "•": "·", "„": "“", "\u201a": "\u2018", "\u2032": "'",
    "ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L",
    "đ": "d", "Đ": "D", "\u0131": "i", "←": "<-", "→": "->", "€": "EUR",
}  # fmt: skip
# Marks and format characters only change their neighbours: alone they have nothing to show.
_INVISIBLE = frozenset({"Mn", "Me", "Cf"})
_ELLIPSIS = "…"
LEADING = 1.3
"""The distance between base lines, in type sizes."""

Glyph: TypeAlias = str
"""One character of the font, or four or six hexadecimal digits that are drawn as a code box."""
Line: TypeAlias = list[Glyph]


@lru_cache(maxsize=4096)
def _glyphs_of(character: str) -> tuple[Glyph, ...]:
    if character in _IN_FONT:
        return (character,)
    if unicodedata.category(character) in _INVISIBLE:
        return ()
    parts = unicodedata.normalize("NFKD", character)
    shown = "".join(_STAND_INS.get(part, part) for part in parts if not unicodedata.combining(part))
    if shown and _IN_FONT.issuperset(shown):
        return tuple(shown)
    code = ord(character)
    return (f"{code:04X}" if code <= 0xFFFF else f"{code:06X}",)


def glyphs(text: str) -> Iterator[Glyph]:
    """What is drawn for ``text``: accents fall away, unknown scripts become boxes with their code.

    Accepts every Python string, lone surrogates and NUL included.
    """
    for character in text:
        yield from _glyphs_of(character)


def _pieces(text: str) -> Iterator[tuple[bool, Line]]:
    """The unbreakable parts of ``text``, each with whether a space stands before it."""
    for word in text.split():
        spaced, run = True, list[Glyph]()
        for glyph in glyphs(word):
            if len(glyph) > 1 and run:
                yield spaced, run
                spaced, run = False, list[Glyph]()
            run.append(glyph)
            if len(glyph) > 1:
                yield spaced, run
                spaced, run = False, list[Glyph]()
        if run:
            yield spaced, run


def leading(size: int) -> int:
    """The distance in pixels from one base line to the next for a type size."""
    return round(size * LEADING)


@lru_cache(maxsize=32)
def _font(size: int) -> "ImageFont.FreeTypeFont":
    """Pillow's own font; Pillow is imported only here so that a server starts without it."""
    from PIL import ImageFont

    # Asked for a size, Pillow has no other kind of font to give.
    return cast("ImageFont.FreeTypeFont", ImageFont.load_default(size))


class Face:
    """Pillow's own font at one size in pixels, able to measure, wrap and draw lines of glyphs."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._font = _font(size)
        self._small = _font(max(1, round(size * 0.42)))  # for the codes in boxes
        self._advances: dict[Glyph, float] = {}

    @property
    def leading(self) -> int:
        """The distance from one base line to the next in pixels."""
        return leading(self.size)

    def advance(self, glyph: Glyph) -> float:
        """How far one glyph moves the pen, in pixels."""
        if glyph not in self._advances:
            boxed = self._box_width(glyph) + self.size * 0.16
            self._advances[glyph] = self._font.getlength(glyph) if len(glyph) == 1 else boxed
        return self._advances[glyph]

    def _box_width(self, glyph: Glyph) -> float:
        return self._small.getlength("0") * len(glyph) / 2 + self.size * 0.22

    def width(self, line: Line) -> float:
        """The width of a line in pixels."""
        return sum(map(self.advance, line))

    def wrap(self, text: str, width: float, most: int) -> tuple[list[Line], bool]:
        """At most ``most`` lines no wider than ``width`` pixels, and whether all of ``text`` fits.

        Words too long for a line are broken anywhere; what does not fit ends in an ellipsis.
        """
        lines = [list[Glyph]()]
        used = 0.0
        for spaced, piece in _pieces(text):
            gap = [" "] if spaced and lines[-1] else []
            if lines[-1] and used + self.width(gap + piece) > width:
                lines.append([])
                gap, used = [], 0.0
            for glyph in gap + piece:
                if lines[-1] and used + self.advance(glyph) > width:
                    lines.append([])
                    used = 0.0
                lines[-1].append(glyph)
                used += self.advance(glyph)
            if len(lines) > most:
                return [*lines[: most - 1], self._cut(lines[most - 1], width)], False
        return lines, True

    def _cut(self, line: Line, width: float) -> Line:
        room = width - self.advance(_ELLIPSIS)
        while line and (self.width(line) > room or line[-1] == " "):
            line = line[:-1]
        return [*line, _ELLIPSIS]

    def draw(
        self, on: "ImageDraw.ImageDraw", at: tuple[float, float], line: Line, colour: Colour
    ) -> None:
        """Draw a line with its left end and base line at ``at``."""
        x, y = at
        run = ""
        for glyph in [*line, ""]:
            if len(glyph) == 1:
                run += glyph
                continue
            if run:
                on.text((x, y), run, font=self._font, fill=colour, anchor="ls")
                x += sum(map(self.advance, run))
                run = ""
            if glyph:
                self._draw_box(on, (x, y), glyph, colour)
                x += self.advance(glyph)

    def _draw_box(
        self, on: "ImageDraw.ImageDraw", at: tuple[float, float], code: Glyph, colour: Colour
    ) -> None:
        """A frame with the code in two rows: the reader learns which character was sent."""
        left, right = at[0] + self.size * 0.08, at[0] + self.size * 0.08 + self._box_width(code)
        top, bottom = at[1] - self.size * 0.80, at[1] + self.size * 0.16
        thickness = max(1, self.size // 24)
        radius = self.size * 0.1
        on.rounded_rectangle((left, top, right, bottom), radius, None, colour, thickness)
        half, middle = len(code) // 2, (left + right) / 2
        for row, part in enumerate((code[:half], code[half:])):
            y = top + (bottom - top) * (0.29 + 0.42 * row)
            on.text((middle, y), part, font=self._small, fill=colour, anchor="mm")
