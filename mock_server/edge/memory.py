"""Giving memory back to the system once many sessions are gone."""

import ctypes
import gc
import sys


def give_back() -> None:
    """Return what is free to the system, as far as it can be returned.

    Python keeps the parts of small objects on lists of its own until a collection, and the C
    library keeps freed memory until it is told; without both, a server that once had many
    sessions would look as if it had them still.
    """
    gc.collect()
    if sys.platform == "linux":
        # Other C libraries than GNU's lack it.
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
