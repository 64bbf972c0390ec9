"""The heart: a call comes in, a script goes out; without I/O, and in one piece."""

from mock_server.core.call import Call
from mock_server.core.dispatch import NOWHERE, work
from mock_server.core.fault import Scene
from mock_server.core.operations.result import picture_of
from mock_server.core.picture import Picture
from mock_server.core.record import entry_of
from mock_server.core.refusal import Refusal
from mock_server.core.reply import Reply, refused, script_of
from mock_server.core.routes import Match
from mock_server.core.script import Head, Headers, Script
from mock_server.core.strikes import Strike, choose
from mock_server.core.world import World

_CORS: Headers = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"*"),
)


def answer(world: World, call: Call, now: float) -> Script:
    """Answer one call at ``now`` (epoch seconds of the session's clock): the script to play.

    All that the call changes is changed when this returns, and it is in the journal.
    """
    match = world.contract.routes.find(call.method, call.path)
    operation = match.route.operation if match else NOWHERE
    strike = choose(world, call, operation, _subject(world, call, match))
    reply: Reply | None = None
    script: Script = ()
    if strike is None or strike.moment == "after":
        reply = work(world, call, match, now)
        script = script_of(reply, _extra(world, call, match, now), call.method != "HEAD")
    if strike is not None:
        script = _struck(world, call, match, strike, script, now)
    world.calls += 1
    world.journal.append(entry_of(world, call, operation, strike, reply, script, now))
    return script


def picture_wanted(world: World, call: Call, now: float) -> Picture | None:
    """The picture whose bytes this call must carry to be answered, if it needs one."""
    routes = world.contract.routes
    if not routes.leads_to("result", call.path):
        return None
    match = routes.find(call.method, call.path)
    if match is None or match.route.operation != "result":
        return None
    return picture_of(world, call, now)


def _subject(world: World, call: Call, match: Match | None) -> bytes:
    """What a call is about, whatever order calls arrive in."""
    task = world.tasks.get(match.parameters.get("id", "")) if match else None
    return call.digest() if task is None else task.digest


def _extra(world: World, call: Call, match: Match | None, now: float) -> Headers:
    """The header fields that every reply carries."""
    date = (b"date", world.http_date(now))
    shared = match.route.cors if match else world.contract.routes.allows_cors(call.path)
    return (date, *_CORS) if shared else (date,)


def _struck(
    world: World, call: Call, match: Match | None, strike: Strike, script: Script, now: float
) -> Script:
    operation = match.route.operation if match else NOWHERE
    extra = _extra(world, call, match, now)

    def error(what: str | int, message: str | None) -> Script:
        entry = world.contract.catalogue.by_status(what, operation) if isinstance(what, int) else None
        reason = entry.reason if entry else str(what)
        return script_of(
            refused(world.contract, operation, Refusal(reason), call, message), extra, True
        )

    scene = Scene(operation, call.path, call.query, call.base, now, strike.chance, error)
    mark = (b"x-mock-fault", strike.text.encode("utf-8", "replace"))
    return tuple(
        Head(step.status, (*step.headers, mark)) if isinstance(step, Head) else step
        for step in strike.fault.rewrite(script, scene)
    )
