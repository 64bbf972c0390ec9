"""The result files: drawn images behind URLs that are signed and expire."""

from mock_server.core.call import Call
from mock_server.core.lifecycle import Phase
from mock_server.core.operations.files import file_reply
from mock_server.core.operations.work import Work
from mock_server.core.picture import Picture
from mock_server.core.refusal import Refusal
from mock_server.core.reply import Reply
from mock_server.core.result_url import Ticket, read_ticket
from mock_server.core.task import Task
from mock_server.core.world import World


def result(work: Work) -> Reply:
    """The image behind a result URL; its bytes are in ``work.call.picture``.

    Raises :class:`Refusal`: ``file_forged`` when the signature does not belong to the URL,
    ``file_expired``, ``file_not_found`` when its task was let go.
    """
    task, _ = _find(work.world, work.call, work.now)
    return file_reply(work.call, work.call.picture or b"", task.order.media_type)


def picture_of(world: World, call: Call, now: float) -> Picture | None:
    """The picture that a call for a result file will need, None when it will be refused."""
    try:
        task, ticket = _find(world, call, now)
    except Refusal:
        return None
    order = task.order
    return Picture(
        seed=world.seed,
        prompt=order.prompt,
        size=order.size,
        width=order.width,
        height=order.height,
        index=ticket.index + 1,
        count=order.images,
        task_id=task.id,
        media_type=order.media_type,
    )


def _find(world: World, call: Call, now: float) -> tuple[Task, Ticket]:
    ticket = read_ticket(world, call.path, call.parameters)
    if ticket is None:
        raise Refusal("file_forged")
    if now >= ticket.expires:
        raise Refusal("file_expired")
    task = world.tasks.get(ticket.task_id)
    if task is None or task.stage(now).phase is not Phase.SUCCEEDED:
        raise Refusal("file_not_found")
    return task, ticket
