"""The heart: a call comes in, a script goes out; without I/O, and in one piece."""

from mock_server.core.call import Call
from mock_server.core.dispatch import NOWHERE, work
from mock_server.core.fault import Scene
from mock_server.core.operations.result import picture_of
from mock_server.core.picture import Picture
from mock_server.core.record import entry_of
from mock_server.core.refusal import Refusal
from mock_server.core.reply import Reply, error_reply, script_of
from mock_server.core.routes import Match
from mock_server.core.script import Head, Headers, Script
from mock_server.core.strikes import Strike, choose
from mock_server.core.world import World


def answer(world: World, call: Call, now: float) -> Script:
    """Answer one call at ``now`` (epoch seconds of the session's clock): the script to play.

    All that the call changes is changed when this returns, and it is in the journal.
    """
    match = world.contract.routes.find(call.method, call.path)
    operation = match.route.operation if match else NOWHERE
    strike = choose(world, call, operation, match)
    reply: Reply | None = None
    script: Script = ()
    if strike is None or strike.moment == "after":
        reply, left = work(world, call, match, now)
        script = script_of(reply, left + _extra(world, call, match, now), call.method)
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


def _extra(world: World, call: Call, match: Match | None, now: float) -> Headers:
    """The header fields that every reply carries."""
    if not call.cross_origin:
        return world.memo.fields(now, False)
    return world.memo.fields(now, match.route.cors if match else _allows_cors(world, call))


def _allows_cors(world: World, call: Call) -> bool:
    return world.contract.routes.allows_cors(call.path)


def _struck(
    world: World, call: Call, match: Match | None, strike: Strike, script: Script, now: float
) -> Script:
    operation = match.route.operation if match else NOWHERE
    extra = _extra(world, call, match, now)

    def error(what: str | int, message: str | None) -> Script:
        catalogue = world.contract.catalogue
        if isinstance(what, str):
            entry = catalogue.find(what, operation)
        else:
            entry = catalogue.like(what, operation)
        refusal = Refusal(entry.reason, {"detail": entry.trigger, "model": "?"})
        reply = error_reply(world.contract, entry, refusal, call, message)
        return script_of(reply, extra, call.method)

    scene = Scene(operation, call.path, call.query, call.base, now, strike.chance, error)
    mark = (b"x-mock-fault", strike.text.encode("utf-8", "replace"))
    return tuple(
        Head(step.status, (*step.headers, mark)) if isinstance(step, Head) else step
        for step in strike.fault.rewrite(script, scene)
    )
