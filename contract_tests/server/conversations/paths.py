"""Paths that do not exist, methods that paths do not have, and pages of other origins."""

from collections.abc import Iterator

from contract_tests.server.bodies import plain
from contract_tests.server.conversation import Conversation, JsonBody, Key, Send, Step
from contract_tests.server.statement import Means
from contract_tests.server.words import Words

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def paths(words: Words, means: Means) -> Iterator[Conversation]:
    """Wrong paths and methods, unknown tasks, the wrong endpoint, browsers."""
    yield Conversation("wrong-paths", "paths that do not exist", (*_unknown(words),))
    yield Conversation("wrong-methods", "methods that paths do not have", (*_methods(words),))
    yield Conversation("wrong-endpoint", "an image model as text", (*_endpoint(words),))
    yield Conversation("browsers", "pages of other origins", (*_browsers(words),))


def _unknown(words: Words) -> Iterator[Step]:
    yield Send("doubled", "POST", f"/v1{words.promises.submit}", body=_order(words))
    yield Send("nowhere", "GET", "/v1/no/such/path")
    yield words.poll_id("no-such-task", "no-such-task")
    yield words.poll_id("well-formed-id", words.promises.contract.task_id.prefix + "0" * 26)
    yield words.poll_id("odd-id", "a%20b%C3%A9%2F..")


def _order(words: Words) -> JsonBody:
    contract = words.promises.contract
    return JsonBody(plain(contract, contract.models[contract.default_model]))


def _methods(words: Words) -> Iterator[Step]:
    routes = words.promises.contract.routes
    for number, route in enumerate(routes.all):
        path = route.path.replace("{", "").replace("}", "")
        for method in _METHODS:
            if method not in routes.methods(path):
                yield Send(f"{route.operation}-{number}-{method.lower()}", method, path)


def _endpoint(words: Words) -> Iterator[Step]:
    model = words.promises.contract.default_model
    body = JsonBody({"model": model, "messages": [{"role": "user", "content": "A kite"}]})
    for number, route in enumerate(words.promises.contract.routes.all):
        if route.operation == "text":
            yield Send(f"text-{number}", "POST", route.path, body=body)


def _browsers(words: Words) -> Iterator[Step]:
    origin = words.origin()
    for number, route in enumerate(words.promises.contract.routes.all):
        if not route.cors:
            continue
        path = route.path.replace("{", "").replace("}", "")
        asked = (*origin, ("Access-Control-Request-Method", route.method))
        asked = (*asked, ("Access-Control-Request-Headers", "authorization"))
        yield Send(f"preflight-{number}", "OPTIONS", path, Key.NONE, asked)
        if route.method == "GET" and "{" not in route.path:
            yield Send(f"page-{number}", "GET", path, headers=origin)
    yield words.submit("page-refused", {}, headers=origin)
