"""Deriving things from a trace once, though dozens of rules ask for them."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

from contract_tests.trace import Trace

P = ParamSpec("P")
T = TypeVar("T")


def remembered(
    derive: Callable[Concatenate[Trace, P], T],
) -> Callable[Concatenate[Trace, P], T]:
    """The function, called once for each trace and each of its other arguments.

    Those are given by their places and can be hashed; what comes back is a value that nobody
    changes, such as a tuple.
    """

    @wraps(derive)
    def found(trace: Trace, /, *args: P.args, **kwargs: P.kwargs) -> T:
        known, key = trace.derived, (derive, args, *sorted(kwargs.items()))
        if key not in known:
            known[key] = derive(trace, *args, **kwargs)
        return cast(T, known[key])

    return found
