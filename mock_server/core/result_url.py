"""URLs of result files: derived from their task, signed, and valid until they expire."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from mock_server.core.ids import digest, is_signed, sign
from mock_server.core.task import Task
from mock_server.core.world import World

EXTENSIONS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp", "image/gif": "gif"}


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a result URL says: which image (from 0) of which task, until when (epoch seconds)."""

    task_id: str
    index: int
    expires: int


def result_path(world: World, task: Task, index: int, finished: float) -> str:
    """The path of a result file, as the profile builds it."""
    results = world.contract.results
    facts = {
        "unix": int(finished - results.lead),
        "hex": digest("file", world.seed, world.session, task.number, index, size=4).hex(),
        "extension": EXTENSIONS[task.order.media_type],
        "task_id": quote(task.id, safe=""),
    }
    return str(results.path(facts))


def result_url(world: World, base: str, task: Task, index: int, finished: float) -> str:
    """The URL of one result of a finished task, as this caller reaches the session.

    A story may have its files on another host; scheme, port and what leads to the session stay.
    """
    path = result_path(world, task, index, finished)
    expires = expiry_of(world, task, finished)
    signature = sign(world.secret, path, task.id, index, expires)
    query = f"task={quote(task.id, safe='')}&image={index}&expires={expires}&signature={signature}"
    host = world.scenario.results_host
    return f"{base if host is None else on_host(base, host)}{path}?{query}"


def on_host(base: str, host: str) -> str:
    """The same origin and prefix with another host, a name or an address."""
    parts = urlsplit(base)
    name = f"[{host}]" if ":" in host else host
    _, colon, port = parts.netloc.removeprefix("[").rpartition("]")[2].partition(":")
    return parts._replace(netloc=f"{name}{colon}{port}").geturl() if parts.netloc else base


def expiry_of(world: World, task: Task, finished: float) -> int:
    """When the URLs of a task that finished then stop to work: whole epoch seconds."""
    return int(finished) + int(lifetime_of(world, task))


def lifetime_of(world: World, task: Task) -> float:
    """Seconds from a task's end until its result URLs expire."""
    last = next((s for s in task.timeline.stages if s.phase.is_terminal), task.timeline.stages[-1])
    return world.contract.results.lifetime if last.lifetime is None else last.lifetime


def read_ticket(world: World, path: str, parameters: Mapping[str, str]) -> Ticket | None:
    """What a result URL of ours says, None when it was not signed by this session."""
    task_id, image = parameters.get("task", ""), parameters.get("image", "")
    expires, signature = parameters.get("expires", ""), parameters.get("signature", "")
    if not is_signed(signature, world.secret, path, task_id, image, expires):
        return None
    return Ticket(task_id, int(image), int(expires))
