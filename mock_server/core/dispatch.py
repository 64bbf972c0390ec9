"""From a matched route to the work: who may call, what the body may be, which operation it is."""

from mock_server.core.access import authenticate
from mock_server.core.admission import admit
from mock_server.core.call import Call
from mock_server.core.operations.account import balance, models
from mock_server.core.operations.files import uploaded_file
from mock_server.core.operations.result import result
from mock_server.core.operations.status import status
from mock_server.core.operations.submit import submit
from mock_server.core.operations.text import text
from mock_server.core.operations.upload import upload
from mock_server.core.operations.work import Operation, Work
from mock_server.core.refusal import Refusal
from mock_server.core.reply import Reply, refused
from mock_server.core.routes import Match
from mock_server.core.script import Headers
from mock_server.core.world import World

OPERATIONS: dict[str, Operation] = {
    "submit": submit,
    "status": status,
    "upload": upload,
    "uploaded_file": uploaded_file,
    "result": result,
    "models": models,
    "balance": balance,
    "text": text,
}
NOWHERE = "nowhere"
_PREFLIGHT: Headers = (
    (b"access-control-allow-headers", b"authorization, *"),
    (b"access-control-max-age", b"600"),
)


def work(world: World, call: Call, match: Match | None, now: float) -> tuple[Reply, Headers]:
    """Do what the call asks for, or say in the vendor's words why not.

    Besides the reply: the header fields that tell what the limits leave.
    """
    operation = NOWHERE if match is None else match.route.operation
    try:
        if match is None:
            return _nowhere(world, call), ()
        route = match.route
        owner = authenticate(world, call) if route.auth else ""
        left = admit(world, operation, owner, now) if world.limiter.rules else ()
        if route.content_types:
            _check_body(call, route.content_types)
        order = Work(world, call, operation, match.parameters, owner, now)
        return OPERATIONS[operation](order), left
    except Refusal as refusal:
        return refused(world.contract, operation, refusal, call), ()


def _check_body(call: Call, allowed: tuple[str, ...]) -> None:
    if call.oversized:
        raise Refusal("body_too_large")
    sent = dict(call.headers).get(b"content-type", b"").decode("latin-1")
    if sent in allowed:
        return
    sent = sent.partition(";")[0].strip().lower()
    if sent not in allowed:
        seen = sent[:100] or "none"
        raise Refusal("wrong_content_type", {"seen": seen, "allowed": " or ".join(allowed)})


def _nowhere(world: World, call: Call) -> Reply:
    """A path or method that the profile does not know; browsers' preflight requests are met."""
    routes = world.contract.routes
    methods = routes.methods(call.path)
    allow = ", ".join(methods).encode()
    if call.method == "OPTIONS" and methods and routes.allows_cors(call.path):
        return Reply(204, headers=((b"access-control-allow-methods", allow), *_PREFLIGHT))
    if methods:
        raise Refusal("method_not_allowed", headers=((b"allow", allow),))
    raise Refusal("route_not_found")
