"""How much a check may cost, and what it will."""

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from contract_tests.server.promises import Promises


class SpentError(RuntimeError):
    """The submits that a check may send are used up."""


class CostError(RuntimeError):
    """A check that may cost money, and nobody has said yes to that."""


@dataclass(slots=True)
class Budget:
    """So many submits may be sent in all, whatever they are answered (None: any number)."""

    most: int | None = None
    used: int = 0

    def take(self) -> None:
        """Count one submit that is about to be sent; raises :class:`SpentError`."""
        if self.left == 0:
            raise SpentError(f"all {self.most} submits are used up")
        self.used += 1

    @property
    def left(self) -> int | None:
        """How many may still be sent, None for any number."""
        return None if self.most is None else max(0, self.most - self.used)


def is_loopback(url: str) -> bool:
    """Whether a URL leads to this machine, so that nobody asks money for what is behind it."""
    host = (urlsplit(url).hostname or "").rstrip(".").lower()
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def cost_text(promises: Promises, most: int) -> str:
    """What so many submits cost at most, by the profile's prices."""
    contract = promises.contract
    model, prices = contract.models[contract.default_model], contract.prices
    images = most * most_images(promises)
    credits = images * model.credits
    dollars = credits / prices.per_usd
    return (
        f"at most {most} submits of {contract.default_model}, {images} images: {credits:g} credits,"
        f" {dollars:.2f} USD by the prices of the profile {contract.name}"
        f" ({promises.source('prices')})"
    )


def most_images(promises: Promises) -> int:
    """The most images that one order of the default model can ask for."""
    contract = promises.contract
    model = contract.models[contract.default_model]
    properties = model.schema.get("properties", {})
    assert isinstance(properties, dict)
    found = [1]
    for name in contract.fields.count:
        schema = properties.get(name, {})
        found.extend(one for one in schema.get("enum", ()) if isinstance(one, int))
        found.append(schema.get("maximum", 1))
    return max(found)
