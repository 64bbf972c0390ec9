"""The stories of each profile, told once for all tests."""

from functools import cache

from contract_tests.stories import Level, stories
from mock_server.core.contract import Contract
from mock_server.core.scenario import Scenario
from mock_server.loading.profiles import load_profile, profile_names

PROFILES = profile_names()


@cache
def contract(profile: str = "guide") -> Contract:
    """The profile of that name, read once."""
    return load_profile(profile)


@cache
def told(level: Level = Level.DEFAULT, profile: str = "guide") -> tuple[Scenario, ...]:
    """All stories of that level."""
    return stories(contract(profile), level)


def named(name: str, profile: str = "guide") -> Scenario:
    """The story of that name."""
    return {story.name: story for story in told(profile=profile)}[name]
