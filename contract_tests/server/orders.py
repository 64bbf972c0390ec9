"""What a submit orders, as far as its JSON body says."""

import re
from io import BytesIO
from math import gcd
from typing import NamedTuple

from contract_tests.server.promises import Promises
from contract_tests.server.seen import Seen
from mock_server.core.contract import Model
from mock_server.core.ordering import image_count
from mock_server.core.sizes import pixels, size_word

_RATIO = re.compile(r"([1-9]\d{0,2}):([1-9]\d{0,2})")


class Sides(NamedTuple):
    """Width and height in pixels."""

    width: int
    height: int


def model_of(call: Seen, promises: Promises) -> Model | None:
    """The model that a submit names, None where it names none that is known."""
    order = call.order
    return (
        promises.contract.models.get(str(order.get("model"))) if isinstance(order, dict) else None
    )


def count_of(call: Seen, promises: Promises) -> int | None:
    """How many images a submit orders, None where that cannot be told."""
    model, order = model_of(call, promises), call.order
    if model is None or not isinstance(order, dict):
        return None
    return image_count(promises.contract, model, order)


def sides_of(call: Seen, promises: Promises) -> Sides | None:
    """The sides of the images that a submit orders; None where the server may choose them."""
    model, order = model_of(call, promises), call.order
    if model is None or not isinstance(order, dict):
        return None
    word = size_word(model, order)
    return None if word in model.aspect.words else Sides(*pixels(model, order, word))


def shape_of(call: Seen, promises: Promises) -> Sides | None:
    """The smallest numbers that relate as the sides of the images that a submit orders."""
    sides, model, order = sides_of(call, promises), model_of(call, promises), call.order
    if sides is None or model is None or not isinstance(order, dict):
        return None
    told = _RATIO.fullmatch(size_word(model, order))
    across, down = (int(told[1]), int(told[2])) if told else sides
    parts = gcd(across, down)
    return Sides(across // parts, down // parts)


def image_sides(content: bytes) -> Sides | None:
    """The sides of an image file that can be decoded to its end, None if it cannot."""
    # Imported here: only results and uploads are looked at.
    from PIL import Image

    try:
        with Image.open(BytesIO(content)) as image:
            image.load()
            return Sides(*image.size)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def image_type(content: bytes) -> str | None:
    """The media type of an image file by its content, None if it is no image."""
    from PIL import Image

    try:
        with Image.open(BytesIO(content)) as image:
            return Image.MIME.get(image.format or "")
    except (OSError, ValueError, SyntaxError):
        return None
