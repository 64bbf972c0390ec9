"""What a client will see of a story, call by call, found by playing it with the engine."""

from heapq import heappop, heappush

from mock_server.core.callback import WEBHOOK
from mock_server.core.contract import Contract, LimitRule
from mock_server.core.explain_client import BASE, Client, Row, Waits
from mock_server.core.explain_events import receive_events
from mock_server.core.keys import Keyring
from mock_server.core.limits import DAILY_CREDITS
from mock_server.core.scenario import Scenario
from mock_server.core.world import Bounds, new_world

# Any instant does; this one is the day on which the documented example was created.
START = 1_703_884_800.0
# Often enough to show the stages of a story of a few seconds.
EVERY = 2.0
_SHORTEST = 0.1
# Two days: all retries of an event that never arrives.
_LONGEST = 2 * 86_400.0
_MOST_TASKS = 60
_MOST_ROWS = 2_000
_ERRANDS = ("upload", "text", "models", "balance")


def explain(scenario: Scenario, contract: Contract, every: float = EVERY) -> tuple[Row, ...]:
    """The calls of a well-behaved client and what each is answered, in the order of time.

    It polls ``every`` so many seconds.
    """
    return tuple(play(scenario, contract, every).rows)


def play(scenario: Scenario, contract: Contract, every: float = EVERY) -> Client:
    """The client after the whole story, with the world as it left it.

    It submits what the story asks of a client, and as many tasks as the story has timelines, keys
    or room within its limits (and one more), at most 60. It calls other operations where the story
    plans something for them.
    """
    keyring = Keyring({}, any_key=not scenario.keys)
    world = new_world("explain", contract, scenario, keyring, Bounds(), b"explain")
    if WEBHOOK in scenario.plan.queues or WEBHOOK in scenario.chaos:
        world.webhook = f"{BASE}/webhook"
    client = Client(world, max(every, _SHORTEST), START, START)
    flows = _flows(client)
    queue = [(START, number) for number in range(len(flows))]
    while queue and len(client.rows) < _MOST_ROWS:
        client.now, number = heappop(queue)
        wait = next(flows[number], None)
        if wait is not None:
            heappush(queue, (client.now + wait, number))
    receive_events(client, START + _LONGEST, _MOST_ROWS)
    return client


def _flows(client: Client) -> list[Waits]:
    scenario, contract = client.world.scenario, client.world.contract
    keys = tuple(scenario.keys) or ("sk-explain",)
    known = {route.operation for route in contract.routes.all}
    planned = {*scenario.plan.queues, *scenario.chaos, *_limited(scenario)} & known
    errands = [client.errand(name, keys[0]) for name in _ERRANDS if name in planned]
    count = _images(scenario)
    tasks = _tasks(scenario, contract, count)
    prompt = scenario.client.job.prompt
    return errands + [client.order(keys[n % len(keys)], count, prompt) for n in range(tasks)]


def _limited(scenario: Scenario) -> set[str]:
    return {operation for rule in scenario.limits for operation in rule.operations}


def _images(scenario: Scenario) -> int:
    """How many images to order: several, too, where the story delivers a part of them."""
    asked = scenario.client.job.n
    if asked != 1:
        return asked
    stages = [plan.stage for timeline in scenario.timelines for plan in timeline.stages]
    return 4 if any(stage.results is not None for stage in stages) else 1


def _tasks(scenario: Scenario, contract: Contract, count: int) -> int:
    price = contract.models[contract.default_model].credits * count
    told = sum(timeline.times or 1 for timeline in scenario.timelines)
    asked = scenario.client.jobs * scenario.client.clients
    fits = [_fitting(rule, price) for rule in scenario.limits if "submit" in rule.operations]
    # One more than fits, so that the limit shows.
    return min(_MOST_TASKS, max(told, asked, len(scenario.keys), *(fit + 1 for fit in fits)))


def _fitting(rule: LimitRule, price: float) -> int:
    if rule.kind == DAILY_CREDITS:
        return int(rule.capacity // price) if price > 0 else 0
    return int(rule.capacity)
