"""Patterns of status codes: a code, a class of codes, or no reply at all."""

from collections.abc import Iterable
from typing import TypeAlias

# 429; "5xx"; None: there was no reply.
StatusPattern: TypeAlias = int | str | None


def is_one_of(status: int | None, patterns: Iterable[StatusPattern]) -> bool:
    """Whether one of the patterns fits a status code, None standing for no reply."""
    family = None if status is None else f"{status // 100}xx"
    return any(one == status if one is None else one in (status, family) for one in patterns)


def shown(patterns: Iterable[StatusPattern]) -> str:
    """The patterns in words: ``429, 5xx or no reply``."""
    texts = ["no reply" if one is None else str(one) for one in patterns]
    return " or ".join(filter(None, (", ".join(texts[:-1]), texts[-1])))
