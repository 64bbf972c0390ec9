"""Tasks, uploads and lines of the ledger as plain data and back."""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from sys import intern

from mock_server.core.callback import Owed
from mock_server.core.image_facts import ImageFacts
from mock_server.core.ledger import Item
from mock_server.core.lifecycle import Timeline
from mock_server.core.snapshot_story import Plain, read_timeline, timeline_value
from mock_server.core.task import Order, Task
from mock_server.core.world import Upload

Progress = tuple[int, int, float, Timeline]


def bytes_value(data: bytes) -> Plain:
    """Bytes as a text where they are ASCII, else as base64 in a list of its own."""
    return data.decode("ascii") if data.isascii() else [b64encode(data).decode("ascii")]


def read_bytes(value: Plain) -> bytes:
    """The bytes in such a value."""
    if isinstance(value, str):
        return value.encode("ascii")
    (text,) = value
    return b64decode(text, validate=True)


def task_value(task: Task) -> dict[str, Plain]:
    """A task without its progress."""
    order = task.order
    return {
        "id": task.id,
        "owner": task.owner,
        "order": [
            *(order.model, order.prompt, order.size, order.images, order.width, order.height),
            *(order.media_type, order.references, order.mask, order.client_id, order.callback),
            order.metadata,
        ],
        "timeline": timeline_value(task.timeline),
        "created": task.created,
        "credits": task.credits,
        "digest": task.digest.hex(),
    }


def progress_of(task: Task) -> Progress:
    """All of a task that can change."""
    return task.polls, task.released, task.moved, task.timeline


def progress_value(task: Task) -> list[Plain]:
    """What moves a task along, beside time."""
    return [task.polls, task.released, task.moved]


class TaskReader:
    """Reads tasks; equal timelines and words are kept once, for tasks are many and alike."""

    def __init__(self) -> None:
        self._timelines: dict[str, Timeline] = {}

    def read(self, number: int, value: Mapping[str, Plain], progress: list[Plain] | None) -> Task:
        """The ``number``-th task; without ``progress`` one that nobody has looked at yet."""
        polls, released, moved = progress or (0, 0, 0.0)
        return Task(
            id=value["id"],
            number=number,
            owner=intern(value["owner"]),
            order=_read_order(value["order"]),
            timeline=self._timeline(value["timeline"]),
            created=value["created"],
            credits=value["credits"],
            digest=bytes.fromhex(value["digest"]),
            polls=polls,
            released=released,
            moved=moved,
        )

    def _timeline(self, rows: list[Plain]) -> Timeline:
        text = repr(rows)
        if text not in self._timelines:
            self._timelines[text] = read_timeline(rows)
        return self._timelines[text]


def _read_order(row: list[Plain]) -> Order:
    model, prompt, size, images, width, height, media_type, references, *rest = row
    mask, client_id, callback, metadata = rest
    return Order(
        *(intern(model), prompt, intern(size), images, width, height, intern(media_type)),
        *(tuple(references), mask, client_id, callback, metadata),
    )


def upload_value(upload: Upload, place: tuple[int, int]) -> dict[str, Plain]:
    """An uploaded file; ``place`` tells the order in which files came."""
    image = upload.image
    return {
        "place": list(place),
        "data": bytes_value(upload.data),
        "image": [image.media_type, image.width, image.height, image.has_alpha, image.size_bytes],
        "created": upload.created,
    }


def read_upload(path: str, value: Mapping[str, Plain]) -> Upload:
    """The file that was uploaded to that path."""
    return Upload(path, read_bytes(value["data"]), ImageFacts(*value["image"]), value["created"])


def owed_value(owed: Owed) -> list[Plain]:
    """An event that has still to arrive; an attempt that is under way is not known to have."""
    return [owed.base, owed.attempts, owed.due]


def read_owed(row: list[Plain]) -> Owed:
    """The event in such a list."""
    return Owed(*row)


def item_value(item: Item) -> list[Plain]:
    """A line of the ledger."""
    return [item.kind, item.at, item.owner, item.about, item.credits, item.images, item.tokens]


def read_item(row: list[Plain]) -> Item:
    """The line in such a list."""
    return Item(*row)
