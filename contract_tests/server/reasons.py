"""Whether a call is one that a server has to accept, and for which reasons it may refuse it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from contract_tests.server.conversation import Key
from contract_tests.server.log import Log
from contract_tests.server.promises import Promises
from contract_tests.server.seen import NOWHERE, Seen
from mock_server.core.exchange import NO_JSON
from mock_server.core.ordering import named_images
from mock_server.core.reading import MalformedBodyError, read_json
from mock_server.core.sizes import first_value

BAD_KEYS: Final = frozenset({Key.NONE, Key.UNKNOWN, Key.EMPTY})
# Reasons that have nothing to do with what a call says: they may strike any.
PASSING: Final = frozenset(
    {"rate_limited", "insufficient_credit", "content_refused", "limiter_unavailable"}
)
_UPLOAD: Final = frozenset({"upload_type", "upload_too_large", "invalid_upload"})


class Worth(Enum):
    """What the profile says of a call: it is right, it is wrong, or nothing sure."""

    GOOD = "good"
    BAD = "bad"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a call is worth, and the reasons of the catalogue for which it may be refused.

    No ``reasons`` for a bad call: it is to be refused, for whatever reason. ``words`` say what is
    wrong with it.
    """

    worth: Worth
    reasons: frozenset[str] = frozenset()
    words: str = ""


_OPEN = Opinion(Worth.OPEN)
_GOOD = Opinion(Worth.GOOD)


def opinion(call: Seen, log: Log, promises: Promises) -> Opinion:
    """What the profile says of a call."""
    if call.operation == NOWHERE:
        return _nowhere(call, promises)
    assert call.match is not None
    if call.match.route.auth:
        if call.key in BAD_KEYS:
            words = f"the key: {call.key.value}"
            return Opinion(Worth.BAD, frozenset({"unauthenticated"}), words)
        if call.key is Key.RAW:
            return _OPEN
    judge = {"submit": _submit, "status": _status, "upload": _upload, "text": _text}
    by_operation = judge.get(call.operation)
    if by_operation is None:
        return _file(call) if promises.is_file(call.operation) else _GOOD
    return by_operation(call, log, promises)


def statuses_of(call: Seen, found: Opinion, promises: Promises) -> tuple[int, ...]:
    """The documented statuses of a refusal for these reasons; all refusals where none is named."""
    catalogue = promises.contract.catalogue
    if found.reasons:
        return tuple(sorted({catalogue.find(r, call.operation).status for r in found.reasons}))
    return tuple(one for one in promises.statuses(call.operation) if 400 <= one < 500)


def _nowhere(call: Seen, promises: Promises) -> Opinion:
    routes = promises.contract.routes
    methods = routes.methods(call.path)
    if call.method == "OPTIONS" and methods and routes.allows_cors(call.path):
        return _GOOD if call.sent("origin") else _OPEN
    reason = "method_not_allowed" if methods else "route_not_found"
    return Opinion(Worth.BAD, frozenset({reason}), f"{call.method} {call.path}")


def _file(call: Seen) -> Opinion:
    return _OPEN if call.send.is_good is None else _said(call)


def _said(call: Seen) -> Opinion:
    return _GOOD if call.send.is_good else Opinion(Worth.BAD, words="it was made to be refused")


def _status(call: Seen, log: Log, promises: Promises) -> Opinion:
    task = log.task_of(call)
    if task is not None and task.submit.key is call.key:
        return _GOOD
    whose = "another key's task" if task is not None else "a task that nobody submitted"
    return Opinion(Worth.BAD, frozenset({"task_not_found"}), whose)


def _upload(call: Seen, log: Log, promises: Promises) -> Opinion:
    if call.sent_type != "multipart/form-data":
        return Opinion(Worth.BAD, frozenset({"wrong_content_type"}), f"type {call.sent_type}")
    if call.send.is_good is None:
        return _OPEN
    return _GOOD if call.send.is_good else Opinion(Worth.BAD, _UPLOAD, "a file that is not taken")


def _text(call: Seen, log: Log, promises: Promises) -> Opinion:
    if call.sent_type != "application/json" or len(call.body) > _most_bytes(promises):
        return _OPEN
    body = _body(call, promises)
    name = None if isinstance(body, Opinion) else body.get("model")
    if not isinstance(name, str) or name not in promises.contract.models:
        return _OPEN
    return Opinion(Worth.BAD, frozenset({"wrong_endpoint"}), "an image model")


def _submit(call: Seen, log: Log, promises: Promises) -> Opinion:
    assert call.match is not None
    if call.sent_type not in call.match.route.content_types:
        words = f"Content-Type {call.sent_type or 'absent'}"
        return Opinion(Worth.BAD, frozenset({"wrong_content_type"}), words)
    if call.send.is_good is not None and call.sent_type != "application/json":
        return _said(call)
    if call.sent_type != "application/json" or len(call.body) > _most_bytes(promises):
        return _OPEN
    body = _body(call, promises)
    if isinstance(body, Opinion):
        return body
    return _order(call, body, log, promises)


def _most_bytes(promises: Promises) -> int:
    return promises.contract.bodies.json_bytes


def _body(call: Seen, promises: Promises) -> Mapping[str, object] | Opinion:
    try:
        body = read_json(call.body, promises.contract.bodies.depth)
    except MalformedBodyError as error:
        # Readers disagree about much of it; only what none of them takes is surely wrong.
        is_json = call.order is not NO_JSON
        return _OPEN if is_json else Opinion(Worth.BAD, frozenset({"invalid_body"}), str(error))
    if not isinstance(body, dict):
        return Opinion(Worth.BAD, frozenset({"invalid_body"}), "no JSON object")
    return body


def _order(call: Seen, body: Mapping[str, object], log: Log, promises: Promises) -> Opinion:
    contract = promises.contract
    name = body.get("model")
    if isinstance(name, str) and name and name not in contract.models:
        return Opinion(Worth.BAD, frozenset({"unknown_model"}), f"model {name[:40]!r}")
    model = contract.models.get(str(name), contract.models[contract.default_model])
    problems = model.explain(body)
    if problems:
        return Opinion(Worth.BAD, frozenset({"invalid_request"}), problems[0].message)
    if first_value(body, contract.fields.callback) is not None:
        return _OPEN
    own = log.own_id_of(call)
    if own is not None and contract.switches.duplicate_client_id == "reject":
        return _OPEN
    images = named_images(contract, body)
    urls = [url for _, url in images.references] + [images.mask or ""]
    if call.send.is_good is None and any(_is_at(call, url) for url in urls):
        return _OPEN
    return _GOOD


def _is_at(call: Seen, url: str) -> bool:
    """Whether a URL may lead to a file that the server itself holds, and knows the faults of."""
    root = call.url.removesuffix(f"?{call.query}").removesuffix(call.path)
    return bool(root) and url.startswith(root)
