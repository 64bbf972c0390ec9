"""A story as values: what shall happen to each task and each call of a session."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import exp
from statistics import NormalDist

from mock_server.core.client_plan import ClientPlan
from mock_server.core.contract import LimitRule
from mock_server.core.fault import Fault
from mock_server.core.ids import fraction
from mock_server.core.lifecycle import Phase, Stage, Timeline
from mock_server.core.plan import Plan


@dataclass(frozen=True, slots=True)
class Uniform:
    """Seconds spread evenly from ``low`` to ``high``."""

    low: float
    high: float

    def at(self, share: float) -> float:
        """The value at that share (0 to 1) of the distribution."""
        return self.low + (self.high - self.low) * share


@dataclass(frozen=True, slots=True)
class Lognormal:
    """Seconds whose logarithm is normal: about ``median``, ``sigma`` wide, at most ``ceiling``."""

    median: float
    sigma: float
    ceiling: float = 3600.0

    def at(self, share: float) -> float:
        """The value at that share (0 to 1) of the distribution."""
        inside = min(max(share, 1e-9), 1 - 1e-9)
        return min(self.ceiling, self.median * exp(self.sigma * NormalDist().inv_cdf(inside)))


@dataclass(frozen=True, slots=True)
class StagePlan:
    """A stage whose time may be drawn from the seed: ``seconds`` of it replace the stage's own."""

    stage: Stage
    seconds: float | Uniform | Lognormal

    def drawn(self, *parts: object) -> Stage:
        """The stage with its seconds decided by the parts."""
        if isinstance(self.seconds, float):
            return replace(self.stage, seconds=self.seconds)
        return replace(self.stage, seconds=self.seconds.at(fraction(*parts)))


@dataclass(frozen=True, slots=True)
class TimelinePlan:
    """The timeline of the next ``times`` tasks (None: of all that follow)."""

    stages: tuple[StagePlan, ...]
    fixed: Timeline | None
    times: int | None = None

    def timeline(self, *parts: object) -> Timeline:
        """The timeline of one task, decided by the parts; drawn seconds never run backwards."""
        if self.fixed is not None:
            return self.fixed
        stages: list[Stage] = []
        for index, plan in enumerate(self.stages):
            stage = plan.drawn(*parts, index)
            earliest = stages[-1].seconds if stages else 0.0
            stages.append(replace(stage, seconds=max(stage.seconds, earliest)))
        return Timeline(tuple(stages))


def fixed(*stages: Stage) -> TimelinePlan:
    """A plan of exactly these stages for every task."""
    plans = tuple(StagePlan(stage, stage.seconds) for stage in stages)
    return TimelinePlan(plans, Timeline(stages))


@dataclass(frozen=True, slots=True)
class Chance:
    """A fault that strikes a share (0 to 1) of an operation's calls."""

    fault: Fault
    rate: float


USUAL = fixed(
    Stage(Phase.QUEUED),
    Stage(Phase.RUNNING, progress=10, seconds=0.5),
    Stage(Phase.RUNNING, progress=35, seconds=1.5),
    Stage(Phase.RUNNING, progress=60, seconds=2.5),
    Stage(Phase.RUNNING, progress=85, seconds=3.5),
    Stage(Phase.SUCCEEDED, progress=100, seconds=4.0),
)


@dataclass(frozen=True, slots=True)
class Scenario:
    """What shall happen in a session; the default is the usual story of about four seconds.

    ``profile`` is the one that the story is about (None: any will do). ``limits`` are the rules
    that hold. ``keys`` maps further API keys to their state. ``expect`` names the rules that a
    client must keep. ``client`` is what a client is asked to do, ``results_host`` the host of the
    result URLs (None: the one that was called), for their files may well lie elsewhere.
    """

    name: str = "usual"
    title: str = "A task is queued, runs and succeeds"
    why: str = "The everyday case: about four seconds from submit to the images."
    seed: int = 0
    profile: str | None = None
    timelines: tuple[TimelinePlan, ...] = (USUAL,)
    plan: Plan = field(default_factory=Plan)
    limits: tuple[LimitRule, ...] = ()
    chaos: Mapping[str, tuple[Chance, ...]] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)
    expect: tuple[str, ...] = ()
    client: ClientPlan = field(default_factory=ClientPlan)
    results_host: str | None = None

    def timeline_of(self, number: int, *parts: object) -> Timeline:
        """The timeline of the ``number``-th task (from 1), decided by the parts."""
        left = number
        for plan in self.timelines:
            if plan.times is None or left <= plan.times:
                return plan.timeline(*parts, number)
            left -= plan.times
        return self.timelines[-1].timeline(*parts, number)
