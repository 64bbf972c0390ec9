"""Python callables as clients: functions, coroutine functions, and whatever can be called."""

import inspect
from collections.abc import Callable
from functools import partial

from contract_tests.clients.client import Client, ClientError
from contract_tests.clients.python_client import Function, PythonClient
from contract_tests.trace import Ability

# A client that takes one of these is told where to report its progress.
_PROGRESS_NAMES = ("report", "on_progress", "progress")


def client_of(
    function: Function,
    *,
    name: str | None = None,
    downloads: bool = False,
    cancels: bool | None = None,
    parallel: bool = True,
    most_at_once: int | None = None,
    gives_up_after: float | None = None,
) -> Client:
    """A Python callable ``client(job) -> Outcome``, sync or async, as a client to be examined.

    ``name`` is its own without one. ``downloads``: it fetches the results (found out where it
    leaves files in ``job.out_dir``). ``cancels``: its task may be cancelled (None: if it is
    async). ``parallel``: it may be called for several jobs at once. ``most_at_once`` jobs and
    ``gives_up_after`` seconds are what it promises. A parameter named ``report``, ``on_progress``
    or ``progress`` is given a callable that takes the progress.

    Raises :class:`ClientError` for what cannot be called with a job.
    """
    _check(function)
    is_async = _is_async(function)
    if cancels and not is_async:
        raise ClientError(
            f"cancels: expected an async function, seen {_name(function)}: "
            "only a task can be cancelled"
        )
    progress = _progress_parameter(function)
    client = PythonClient(function, name or _name(function), is_async, progress)
    wanted = {
        Ability.DOWNLOADS: downloads,
        Ability.CANCELS: is_async if cancels is None else cancels,
        Ability.PARALLEL: parallel,
        Ability.PROGRESS: progress is not None,
    }
    found = {ability for ability, is_there in wanted.items() if is_there}
    client.abilities = frozenset({Ability.PROMPTS, Ability.REPORTS, Ability.PRINTS, *found})
    client.most_at_once, client.gives_up_after = most_at_once, gives_up_after
    return client


def _check(function: object) -> None:
    if not callable(function):
        raise ClientError(f"expected a callable, seen {type(function).__name__} {function!r}")
    signature, progress = _signature(function), _progress_parameter(function)
    try:
        if signature is not None:
            signature.bind(object(), **({} if progress is None else {progress: None}))
    except TypeError as error:
        raise ClientError(
            f"{_name(function)}{signature}: expected a callable that takes a job alone, but {error}"
        ) from None


def _signature(function: Callable[..., object]) -> inspect.Signature | None:
    try:
        return inspect.signature(function)
    except (TypeError, ValueError):
        # Some that are compiled do not tell.
        return None


def _progress_parameter(function: Callable[..., object]) -> str | None:
    signature = _signature(function)
    parameters = {} if signature is None else signature.parameters
    return next((name for name in _PROGRESS_NAMES if name in parameters), None)


def _is_async(function: Callable[..., object]) -> bool:
    while isinstance(function, partial):
        function = function.func
    called = getattr(function, "__call__", None)  # noqa: B004 - an object may be called like one
    return inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(called)


def _name(function: object) -> str:
    while isinstance(function, partial):
        function = function.func
    named = function if hasattr(function, "__qualname__") else type(function)
    return f"{named.__module__}:{named.__qualname__}"
