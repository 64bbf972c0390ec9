"""RES-03: a result is an image of the ratio that was ordered."""

from collections.abc import Iterable

from contract_tests.finding import Words
from contract_tests.server.claim import Picture, Status
from contract_tests.server.orders import Sides, image_sides, shape_of, sides_of
from contract_tests.server.promises import Promises
from contract_tests.server.seen import Seen
from contract_tests.server.statement import Breach, Known, Statement

_TOLERANCE = 0.02


class ResultIsTheImage(Statement):
    """What a result URL leads to can be decoded, and its sides relate as ordered."""

    id = "result-is-the-image"
    number = "RES-03"
    title = "A result is an image of the ratio that was ordered"
    group = "Results"
    why = "A portrait where a landscape belongs has to be made, and paid for, again."
    mend = (
        "Pass the size on to whatever makes the image, under every name it has.",
        "Check the file before the task is called done.",
    )
    idle = "no result was fetched"

    def source(self, promises: Promises) -> str:
        return promises.source("results")

    def look(self, call: Seen, known: Known) -> Iterable[Breach] | None:
        result = known.log.result(call)
        if result is None or call.method != "GET" or call.status != 200 or call.reply is None:
            return None
        asked = sides_of(result.task.submit, known.promises)
        seen = image_sides(call.reply.content)
        if asked is None or (seen is not None and _is_alike(asked, seen)):
            return None if asked is None else ()
        across, down = shape_of(result.task.submit, known.promises) or asked
        expected = Words("an image of {across}:{down}", {"across": across, "down": down})
        shown = "no image" if seen is None else f"{seen.width}x{seen.height}"
        given = (Status(call.number, (200,)),)
        claim = Picture(call.number, across, down)
        return (Breach(expected, Words("{shown}", {"shown": shown}), (claim,), given),)


def _is_alike(asked: Sides, seen: Sides) -> bool:
    ratio = (seen.width / seen.height) / (asked.width / asked.height)
    return abs(ratio - 1) <= _TOLERANCE
