"""The stories of an exam: listed ones first, then drawn ones, and how a story is made smaller."""

from contract_tests.stories.levels import Level, real_seconds, stories
from contract_tests.stories.shrinking import shrink

__all__ = ["Level", "real_seconds", "shrink", "stories"]
