"""The panel with a picture's words: laid out to fit any format, then painted."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mock_server.core.picture import Picture
from mock_server.edge.picture_scene import Palette, disc, panel
from mock_server.edge.picture_text import LEADING, Colour, Face, Line, glyphs, leading

if TYPE_CHECKING:
    from PIL import Image, ImageDraw

_PAPER: Colour = (251, 250, 247)
_INK: Colour = (26, 27, 32)
_MUTED: Colour = (92, 93, 102)
_LAMP: Colour = (205, 44, 36)  # the red of a darkroom's safelight
_MARK = "Safelight mock"
_NO_PROMPT = "(a prompt without visible text)"

_SMALLEST = 8  # pixels of type size below which the font is no longer legible
_LONGEST = 20_000  # characters of a prompt that are looked at; no picture holds more
_RULE_SHARE = 0.9  # of the padding, between the prompt and the details
_USUAL_SHARE = 0.60  # of the height, which the panel keeps to while the type can still shrink


@dataclass(frozen=True, slots=True)
class _Item:
    """One detail below the prompt, at ``x`` pixels in its row."""

    line: Line
    x: float
    is_mark: bool = False


@dataclass(frozen=True, slots=True)
class Caption:
    """A laid out panel: where it stands and what it says, all lengths in pixels."""

    box: tuple[int, int, int, int]
    pad: int
    prompt_face: Face
    prompt: list[Line]
    prompt_colour: Colour
    detail_face: Face
    rows: list[list[_Item]]


def lay_out(picture: Picture) -> Caption | None:
    """The largest caption that fits, or None where the picture is too small for any legible word.

    Where room is scarce the prompt stays and details go: first the mark, then the task, the pixels
    and the size.
    """
    short, reach = min(picture.width, picture.height), math.sqrt(picture.width * picture.height)
    margin, pad = max(2, round(short * 0.045)), max(3, round(min(short * 0.06, reach * 0.045)))
    width = picture.width - 2 * (margin + pad)
    height = picture.height - 2 * (margin + pad)
    if width < 3 * _SMALLEST or height < 2 * _SMALLEST:
        return None
    face, rows = _set_details(_details(picture), reach, width, height - pad)
    taken = _rows_height(face, rows, pad)
    usual = round(picture.height * _USUAL_SHARE) - 2 * pad
    text, colour = _words(picture.prompt)
    prompt_face, prompt = _set_prompt(text, reach, width, (usual - taken, height - taken))
    bottom = picture.height - margin
    top = bottom - 2 * pad - taken - len(prompt) * prompt_face.leading
    box = (margin, top, picture.width - margin, bottom)
    return Caption(box, pad, prompt_face, prompt, colour, face, rows)


def _words(prompt: str) -> tuple[str, Colour]:
    """What is written for the prompt: one that has nothing to show is named instead."""
    start = prompt[:_LONGEST]
    has_any = any(True for _ in glyphs("".join(start.split())))
    return (start, _INK) if has_any else (_NO_PROMPT, _MUTED)


def _details(picture: Picture) -> list[str]:
    """The details by importance."""
    return [
        f"image {picture.index} of {picture.count}",
        picture.size,
        f"{picture.width} x {picture.height} px",
        picture.task_id,
        _MARK,
    ]


def _set_details(
    texts: list[str], reach: float, width: float, height: float
) -> tuple[Face, list[list[_Item]]]:
    """As many of the details as leave room for two lines of the prompt."""
    face = Face(max(_SMALLEST, round(min(reach * 0.0225, max(width / 38, reach * 0.017)))))
    for count in range(len(texts), 0, -1):
        rows = _flow(texts[:count], face, width)
        if len(rows) * face.leading + 2 * leading(_smallest(reach, width)) <= height:
            return face, rows
    return face, []


def _rows_height(face: Face, rows: list[list[_Item]], pad: int) -> int:
    """The height of the details with the rule above them."""
    return len(rows) * face.leading + round(pad * _RULE_SHARE) if rows else 0


def _flow(texts: list[str], face: Face, width: float) -> list[list[_Item]]:
    """Rows of details, as many in each as fit; the mark goes to the right end of its row."""
    rows: list[list[_Item]] = []
    x = 0.0
    for text in texts:
        lines, _ = face.wrap(text, width, 4)
        is_mark = text is _MARK
        lamp = face.size if is_mark else 0
        for line in lines:
            wide = face.width(line) + lamp
            if not rows or x + wide > width or len(lines) > 1:
                rows.append([])
                x = 0.0
            rows[-1].append(_Item(line, width - wide if is_mark and rows[-1] else x, is_mark))
            x += wide + face.size * 1.4
    return rows


def _set_prompt(
    text: str, reach: float, width: float, heights: tuple[float, float]
) -> tuple[Face, list[Line]]:
    """The prompt in the largest type that keeps to the usual height, else in the smallest.

    ``heights`` are the usual and the greatest; what does not fit there either is cut.
    """
    usual, most = heights
    smallest = _smallest(reach, width)
    size = round(min(reach * 0.062, width / 11, usual / LEADING))
    while size > smallest:
        face = Face(size)
        lines, is_whole = face.wrap(text, width, max(1, int(usual / face.leading)))
        if is_whole:
            return face, lines
        size = round(size * 0.86)
    face = Face(smallest)
    return face, face.wrap(text, width, max(1, int(most / face.leading)))[0]


def _smallest(reach: float, width: float) -> int:
    """The type size that a long prompt is set in."""
    return max(_SMALLEST, round(min(reach * 0.0215, width / 15)))


def paint(image: "Image.Image", caption: Caption, palette: Palette) -> None:
    """Paint the caption onto an RGB image."""
    from PIL import ImageDraw

    left, top, right, _ = caption.box
    panel(image, caption.box, caption.pad, _PAPER)
    canvas = ImageDraw.Draw(image)
    x, y = left + caption.pad, top + caption.pad
    for line in caption.prompt:
        caption.prompt_face.draw(
            canvas, (x, _base_line(caption.prompt_face, y)), line, caption.prompt_colour
        )
        y += caption.prompt_face.leading
    if caption.rows:
        y += round(caption.pad * _RULE_SHARE)
        rule, thickness = y - round(caption.pad * _RULE_SHARE / 2), max(1, caption.pad // 20)
        canvas.rectangle((x, rule, right - caption.pad, rule + thickness - 1), palette.accent)
    for row in caption.rows:
        for item in row:
            _paint_item(image, canvas, caption.detail_face, item, (x, y))
        y += caption.detail_face.leading


def _base_line(face: Face, top: float) -> int:
    return round(top + (face.leading + face.size * 0.62) / 2)


def _paint_item(
    image: "Image.Image",
    canvas: "ImageDraw.ImageDraw",
    face: Face,
    item: _Item,
    origin: tuple[int, int],
) -> None:
    x, base = origin[0] + item.x, _base_line(face, origin[1])
    if item.is_mark:
        disc(image, (x + face.size * 0.3, base - face.size * 0.34), face.size * 0.28, _LAMP)
        x += face.size
    face.draw(canvas, (x, base), item.line, _MUTED)
