"""What an exception that a Python client let out says about its run."""

import dis
import sys
from pathlib import Path
from types import TracebackType

from contract_tests.outcome import Outcome, OutcomeStatus

# Exceptions that come of a mistake in the code or of data that it did not expect, not of an
# intention: nobody catches them where the client is called.
_MISHAPS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    BufferError,
    ImportError,
    LookupError,
    MemoryError,
    NameError,
    NotImplementedError,
    RecursionError,
    StopAsyncIteration,
    StopIteration,
    SyntaxError,
    SystemError,
    TypeError,
    ValueError,
)
_LIBRARY = str(Path(dis.__file__).parent)


def name_of(error: BaseException) -> str:
    """The exception's class with its module; those that are built in go without."""
    kind = type(error)
    if kind.__module__ == "builtins":
        return kind.__qualname__
    return f"{kind.__module__}.{kind.__qualname__}"


def is_typed(error: BaseException) -> bool:
    """Whether a caller can be expected to catch it.

    Those are errors of operation (an OSError, a TimeoutError), classes of the client's own or of
    its HTTP library, and whatever its own code raises by a ``raise`` statement. Those are not:
    a KeyError or the like that just happened, what a JSON parser says, whatever is no Exception.
    """
    if not isinstance(error, Exception):
        return False
    if isinstance(error, OSError) or _is_raised_on_purpose(error):
        return True
    if type(error).__name__ == "JSONDecodeError":
        return False
    if not isinstance(error, _MISHAPS):
        return True
    module = type(error).__module__.partition(".")[0]
    return module not in sys.stdlib_module_names and module != "builtins"


def _is_raised_on_purpose(error: BaseException) -> bool:
    """Whether a ``raise`` outside of the standard library made it, not an operation that failed."""
    trace = error.__traceback__
    if trace is None:
        return False
    while trace.tb_next is not None:
        trace = trace.tb_next
    file = trace.tb_frame.f_code.co_filename
    is_library = file.startswith(_LIBRARY) and "site-packages" not in file
    return not is_library and file != "<string>" and _is_raise(trace)


def _is_raise(trace: TracebackType) -> bool:
    code = trace.tb_frame.f_code.co_code
    return dis.opname[code[trace.tb_lasti]] == "RAISE_VARARGS"


def outcome_of(error: BaseException) -> Outcome:
    """What a caller was told by an exception: a failure with its code and its message.

    The code is what the exception has as ``code``, ``status`` or ``status_code``, or its
    ``response`` as one of these; of ``SystemExit`` it is the exit status.
    """
    message = getattr(error, "message", None)
    if not isinstance(message, str) or not message:
        message = _text(error)
    if isinstance(error, SystemExit):
        status = error.code if isinstance(error.code, int) else int(error.code is not None)
        return Outcome(OutcomeStatus.FAILED, message=message, exit_status=status)
    return Outcome(OutcomeStatus.FAILED, code=_code(error), message=message)


def _text(error: BaseException) -> str:
    try:
        return str(error) or type(error).__name__
    except Exception as failure:
        return f"{type(error).__name__}, whose text cannot be told: {type(failure).__name__}"


def _code(error: BaseException) -> str | int | None:
    for owner in (error, getattr(error, "response", None)):
        for name in ("code", "status", "status_code"):
            value = getattr(owner, name, None)
            if isinstance(value, (str, int)) and not isinstance(value, bool):
                return value
    return None
