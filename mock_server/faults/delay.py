"""The fault ``delay``: the reply is right, and late."""

from dataclasses import dataclass

from mock_server.core.fault import Scene
from mock_server.core.scenario import Lognormal, Uniform
from mock_server.core.script import Script, Wait
from mock_server.faults.parts.base_fault import BaseFault
from mock_server.faults.parts.kinds import duration, number
from mock_server.faults.parts.options import OptionError, option


@dataclass(frozen=True, slots=True)
class Delay(BaseFault):
    """The ordinary reply after a while: a fixed one, or one drawn from the seed.

    Why: an API under load is slow long before it fails. A delay beyond a client's timeout is a lost
    reply, one below it should change nothing but the time.
    """

    seconds: float | None = option(duration(), "how long", None)
    low: float | None = option(duration(), "the least of an evenly spread time", None)
    high: float | None = option(duration(), "the most of it", None)
    median: float | None = option(
        duration(0.001), "the middle of a lognormal time, as networks have it", None
    )
    sigma: float | None = option(number(0, 10, "a width"), "how wide it spreads (0.5: usual)", None)

    def check(self) -> None:
        """Refuse anything but one of the three forms."""
        given = {
            name
            for name in ("seconds", "low", "high", "median", "sigma")
            if getattr(self, name) is not None
        }
        if given not in ({"seconds"}, {"low", "high"}, {"median", "sigma"}):
            forms = "seconds, or low and high, or median and sigma"
            raise OptionError("seconds", forms, " and ".join(sorted(given)) or "nothing")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise OptionError("low", f"at most high ({self.high:g})", self.low)

    def rewrite(self, script: Script, scene: Scene) -> Script:
        """The wait, then the reply."""
        return (Wait(self._drawn(scene.chance)), *script)

    def _drawn(self, chance: float) -> float:
        if self.low is not None and self.high is not None:
            return Uniform(self.low, self.high).at(chance)
        if self.median is not None and self.sigma is not None:
            return Lognormal(self.median, self.sigma).at(chance)
        return self.seconds or 0.0
