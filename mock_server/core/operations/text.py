"""The text endpoints: an image model sent there is refused, and tokens are charged all the same."""

from mock_server.core.ledger import Item
from mock_server.core.operations.work import Work
from mock_server.core.reading import MalformedBodyError, read_json
from mock_server.core.refusal import Problem, Refusal
from mock_server.core.reply import Reply

# About four bytes of text make a token; only the order of magnitude matters in the ledger.
_BYTES_PER_TOKEN = 4


def text(work: Work) -> Reply:
    """Refuse the call, for text models are not mocked.

    Raises :class:`Refusal`: ``wrong_endpoint`` for an image model, with tokens charged (GUIDE FAQ 3
    and 4), ``unknown_model`` for any other, ``invalid_body`` for what cannot be read.
    """
    contract = work.world.contract
    try:
        body = read_json(work.call.body, contract.bodies.depth)
    except MalformedBodyError as error:
        raise Refusal("invalid_body", {"detail": str(error)}) from None
    name = body.get("model") if isinstance(body, dict) else None
    if not isinstance(name, str) or not name:
        detail = "The 'model' field is required."
        raise Refusal(
            "invalid_request", {"detail": detail}, (Problem(("model",), "required", detail),)
        )
    if name not in contract.models:
        raise Refusal("unknown_model", {"model": name[:100]})
    _charge(work)
    raise Refusal("wrong_endpoint", {"model": name})


def _charge(work: Work) -> None:
    world = work.world
    tokens = max(1, len(work.call.body) // _BYTES_PER_TOKEN)
    credits = world.contract.prices.per_1000_tokens * tokens / 1000
    item = Item("tokens", work.now, work.owner, work.call.path, credits, tokens=tokens)
    world.ledger.charge_tokens(item, world.bounds.token_lines)
