"""The account: what is left of the credits, and which models there are."""

from mock_server.core.operations.work import Work
from mock_server.core.reply import Reply


def balance(work: Work) -> Reply:
    """The balance of the caller's account, in dollars and credits."""
    world = work.world
    prices = world.contract.prices
    spent = world.ledger.spent(world.tasks.values(), work.owner, work.now)
    left = prices.initial - spent
    facts = {
        "remain_balance": round(left / prices.per_usd, 6),
        "used_balance": round(spent / prices.per_usd, 6),
        "remain_credits": _whole(left),
        "used_credits": _whole(spent),
        "credits_per_usd": _whole(prices.per_usd),
    }
    return Reply(200, world.contract.encode(world.contract.replies.balance(facts)))


def models(work: Work) -> Reply:
    """The models of the type asked for; the profile says which type holds when none is named."""
    contract = work.world.contract
    wanted = work.call.parameters.get("type", contract.switches.default_model_type)
    images = [model.facts for model in contract.models.values()]
    rows = images if wanted in ("image", "all") else []
    texts = list(contract.text_models) if wanted in ("text", "chat", "all") else []
    return Reply(200, contract.encode(contract.replies.models({"models": [*rows, *texts]})))


def _whole(number: float) -> float | int:
    return int(number) if number == int(number) else round(number, 6)
