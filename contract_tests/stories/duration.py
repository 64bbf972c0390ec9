"""How long a story takes a good client in real time."""

from mock_server.core.contract import Contract
from mock_server.core.explain import play
from mock_server.core.scenario import Scenario

# Backoff is to be jittered, and no process starts in no time.
_JITTER = 1.25
_START = 0.5


def real_seconds(story: Scenario, contract: Contract) -> float:
    """About how many seconds one run takes a good client that polls as the profile advises.

    A client that is told to stop is done then.
    """
    client = play(story, contract, contract.polling.interval)
    seconds = client.now - client.start
    if not client.world.tasks and client.rows[-1].answered.startswith("429"):
        # It was asked to wait for longer than it can. Others take that for nonsense, and go on.
        seconds += contract.backoff.steps[0] + contract.polling.interval
    stop = story.client.stop
    if stop is not None:
        seconds = min(seconds, stop.after)
    return seconds * _JITTER + _START
