"""Giving memory back to the system once many sessions are gone."""

import ctypes
import gc
import sys
from collections.abc import Callable
from functools import cache


def give_back() -> None:
    """Return what is free to the system, as far as it can be returned.

    Python keeps the parts of small objects on lists of its own until a collection, and the C
    library keeps freed memory until it is told; without both, a server that once had many
    sessions would look as if it had them still.
    """
    gc.collect()
    _trim()(0)


@cache
def _trim() -> Callable[[int], object]:
    """What makes the C library return memory; GNU's has it, others do without."""
    # Looked up once: each look-up would keep a little memory for ever, where it does most harm.
    found = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    return int if found is None else found
