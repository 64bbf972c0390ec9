"""What a webhook sees of a story: the events that arrive, and those that do not."""

from mock_server.core.callback import WEBHOOK
from mock_server.core.explain_client import Client, Row
from mock_server.core.webhooks import Sending, begin, delivered, due

_TAKEN = 204


def receive_events(client: Client, until: float, most: int) -> None:
    """Deliver what the client's tasks owe until then (epoch seconds), and put it into its rows.

    It stops at ``most`` rows.
    """
    world = client.world
    while len(client.rows) < most and (owed := due(world, until)):
        first = owed[0]
        sending = begin(world, first, world.calls + 1, first.at)
        client.rows.append(_row(client, sending))
        delivered(world, sending, first.at + sending.wait, _TAKEN if sending.is_sent else None)
    client.rows.sort(key=lambda row: row.seconds)


def _row(client: Client, sending: Sending) -> Row:
    return Row(
        seconds=sending.begun + sending.wait - client.start,
        call=WEBHOOK,
        answered=_told(sending),
        fault=None if sending.strike is None else sending.strike.text,
        task=sending.task.number,
    )


def _told(sending: Sending) -> str:
    if not sending.is_sent:
        return "not sent"
    return f"{_TAKEN}" if sending.is_heard else f"{_TAKEN}, which gets lost"
