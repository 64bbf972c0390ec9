"""From the caller's words for a size to the pixels of a result."""

import re
from collections.abc import Mapping
from functools import lru_cache
from sys import intern

from mock_server.core.contract import Model

_RATIO = re.compile(r"(\d{1,3}):(\d{1,3})")
_PIXELS = re.compile(r"(\d{1,5})[x*](\d{1,5})")
_LARGEST = 8192


def field_value(body: Mapping[str, object], path: str) -> object:
    """The value at a dotted path of a request body, None where there is none."""
    if "." not in path:
        return body.get(path)
    value: object = body
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def first_value(body: Mapping[str, object], paths: tuple[str, ...]) -> object:
    """The value of the first of several fields that is present."""
    for path in paths:
        value = body.get(path) if "." not in path else field_value(body, path)
        if value is not None:
            return value
    return None


def size_word(model: Model, body: Mapping[str, object]) -> str:
    """What the request calls its size, or the model's default."""
    value = field_value(body, model.aspect.field)
    # Interned, for a hundred thousand tasks share a handful of words.
    return intern(value) if isinstance(value, str) else model.aspect.default


def pixels(model: Model, body: Mapping[str, object], word: str) -> tuple[int, int]:
    """Width and height in pixels of the images that a valid request with that size orders."""
    tier = _tier(model, body)
    ratio = model.aspect.words.get(word, word)
    if tier in model.pixels:
        ratio = model.pixels[tier].get(ratio, ratio)
    return _pixels(ratio, model.aspect.default, model.resolution.long_side[tier])


@lru_cache(maxsize=1024)
def _pixels(word: str, default: str, side: int) -> tuple[int, int]:
    exact = _PIXELS.fullmatch(word)
    if exact:
        return min(int(exact[1]), _LARGEST) or 1, min(int(exact[2]), _LARGEST) or 1
    ratio = _RATIO.fullmatch(word) or _RATIO.fullmatch(default)
    across, down = (int(ratio[1]) or 1, int(ratio[2]) or 1) if ratio else (1, 1)
    if across >= down:
        return side, max(1, round(side * down / across))
    return max(1, round(side * across / down)), side


def _tier(model: Model, body: Mapping[str, object]) -> str:
    """The key of the resolution that a request asks for, whatever its case."""
    resolution = model.resolution
    word = field_value(body, resolution.field) if resolution.field else None
    if word is None:
        return resolution.default
    tiers = {name.lower(): name for name in resolution.long_side}
    return tiers.get(str(word).lower(), resolution.default)


def media_type(model: Model, body: Mapping[str, object]) -> str:
    """The media type of the images that a valid request orders."""
    output = model.output_format
    if output is None:
        return model.media_type
    word = field_value(body, output.field)
    return output.media_types.get(str(word), model.media_type)
