"""The scenery behind a picture's caption: a sky, a disc and ridges, all derived from a digest."""

import colorsys
import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from mock_server.core.picture import Picture
from mock_server.edge.picture_text import Colour

if TYPE_CHECKING:
    from PIL import Image

_RIDGES = 4
_Wave: TypeAlias = tuple[float, float]  # where it starts, and its pace for each pixel, in radians
_SMOOTHING = 4  # sub-pixel rows and columns per pixel along the edges of shapes


def _shares(picture: Picture) -> Iterator[float]:
    """32 numbers of 0 to 1 that follow from seed, prompt, size and index alone."""
    told = ascii((picture.seed, picture.prompt, picture.size, picture.index))
    digest = hashlib.sha512(told.encode("ascii")).digest()
    for start in range(0, len(digest), 2):
        yield int.from_bytes(digest[start : start + 2], "big") / 0xFFFF


def _colour(hue: float, lightness: float, saturation: float) -> Colour:
    red, green, blue = colorsys.hls_to_rgb(hue % 1.0, lightness, saturation)
    return round(red * 255), round(green * 255), round(blue * 255)


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one picture; ``accent`` is dark enough to stand on white."""

    high: Colour
    low: Colour
    disc: Colour
    ridges: tuple[Colour, ...]
    accent: Colour


def _palette(shares: Iterator[float]) -> Palette:
    # From teal over blue, purple and red to amber: greens and yellows look sickly as a sky.
    hue, turn = 0.48 + next(shares) * 0.62, (next(shares) - 0.5) * 0.30
    turn += math.copysign(0.07, turn)
    bright, rich = next(shares) * 0.12, 0.48 + next(shares) * 0.25
    ridges = tuple(
        _colour(hue + turn * (0.75 - 0.25 * row), 0.56 + bright - 0.135 * row, rich * 0.75)
        for row in range(_RIDGES)
    )
    return Palette(
        high=_colour(hue, 0.50 + bright, rich),
        low=_colour(hue + turn, 0.84 + bright / 3, rich),
        disc=_colour(hue + turn * 1.5, 0.93, 0.9),
        ridges=ridges,
        accent=_colour(hue, 0.40, 0.55),
    )


def scene(picture: Picture) -> "tuple[Image.Image, Palette]":
    """An RGB image of the picture's size with its scenery, and the palette it was made from."""
    shares = _shares(picture)
    palette = _palette(shares)
    image = _sky(picture.width, picture.height, palette)
    reach = math.sqrt(picture.width * picture.height)
    centre = (
        picture.width * (0.2 + 0.6 * next(shares)),
        picture.height * (0.1 + 0.16 * next(shares)),
    )
    disc(image, centre, min(reach * 0.11, picture.width * 0.3) * (0.6 + next(shares)), palette.disc)
    for row, colour in enumerate(palette.ridges):
        level = picture.height * (0.30 + 0.145 * row + 0.05 * next(shares))
        swing = min(reach * 0.075, picture.height * 0.16)
        waves = _wave(shares, reach), _wave(shares, reach)
        _fill_below(image, _ridge(picture.width, level, swing, waves), colour)
    return image, palette


def _sky(width: int, height: int, palette: Palette) -> "Image.Image":
    """A vertical gradient: one column is made and then repeated, which costs next to nothing."""
    from PIL import Image

    steps = [min(1.0, row / 160) for row in range(256)]  # below the horizon ridges cover the sky
    pairs = list(zip(palette.high, palette.low, strict=True))
    rows = bytes(round(high + (low - high) * step) for step in steps for high, low in pairs)
    column = Image.frombytes("RGB", (1, len(steps)), rows)
    full = column.resize((1, height), Image.Resampling.BILINEAR)
    return full.resize((width, height), Image.Resampling.NEAREST)


def _wave(shares: Iterator[float], reach: float) -> _Wave:
    return next(shares) * math.tau, (0.6 + next(shares)) * math.tau / reach


def _ridge(
    width: int, level: float, swing: float, waves: tuple[_Wave, _Wave]
) -> list[tuple[float, float]]:
    """Points of a line of hills around ``level``, which leave it by at most ``swing`` pixels."""
    (start, pace), (other_start, other_pace) = waves
    step = max(1, width // 256)

    def height(x: int) -> float:
        both = math.sin(start + x * pace) + math.sin(other_start + x * other_pace)
        return level + swing / 2 * both

    return [(x, height(x)) for x in range(0, width + step, step)]


def _fill_below(image: "Image.Image", line: list[tuple[float, float]], colour: Colour) -> None:
    """Fill all below a line; its rows are smoothed in a strip that only holds the line itself."""
    from PIL import Image, ImageDraw

    top = max(0, math.floor(min(y for _, y in line)))
    bottom = min(image.height, math.ceil(max(y for _, y in line)) + 1)
    if bottom > top:
        mask = Image.new("L", (image.width, (bottom - top) * _SMOOTHING))
        points = [(x, (y - top) * _SMOOTHING) for x, y in line]
        end = mask.height + _SMOOTHING
        ImageDraw.Draw(mask).polygon([(0, end), *points, (line[-1][0], end)], fill=255)
        image.paste(colour, (0, top), mask.reduce((1, _SMOOTHING)))
    if bottom < image.height:
        image.paste(colour, (0, max(0, bottom), image.width, image.height))


def disc(image: "Image.Image", centre: tuple[float, float], radius: float, colour: Colour) -> None:
    """Paint a disc with smooth edges; parts outside the image are cut off."""
    from PIL import Image, ImageDraw

    left, top = math.floor(centre[0] - radius), math.floor(centre[1] - radius)
    side = math.ceil(radius * 2) + 2
    fine = _SMOOTHING if side <= 512 else 2  # large edges look smooth with less
    mask = Image.new("L", (side * fine, side * fine))
    # Pillow counts the last row and column of an ellipse as inside.
    x, y, r = (centre[0] - left) * fine, (centre[1] - top) * fine, max(1, radius * fine)
    ImageDraw.Draw(mask).ellipse((x - r, y - r, x + r - 1, y + r - 1), fill=255)
    image.paste(colour, (left, top), mask.reduce(fine))


def panel(
    image: "Image.Image", box: tuple[int, int, int, int], radius: int, colour: Colour
) -> None:
    """Paint a rectangle with rounded, smooth corners; ``box`` is left, top, right, bottom."""
    left, top, right, bottom = box
    radius = min(radius, (right - left) // 2, (bottom - top) // 2)
    for x in (left + radius, right - radius):
        for y in (top + radius, bottom - radius):
            disc(image, (x, y), radius, colour)
    image.paste(colour, (left + radius, top, right - radius, bottom))
    image.paste(colour, (left, top + radius, right, bottom - radius))
