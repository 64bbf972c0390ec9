"""What a process that died of an error of its own printed of it, in the ways of its language."""

import re
import signal

# The last line of a Python traceback, the error of an uncaught exception in Node, a Go panic.
_PYTHON = re.compile(r"^Traceback \(most recent call last\):$", re.MULTILINE)
_PYTHON_ERROR = re.compile(r"^([A-Za-z_][\w.]*)(?::|$)")
_NODE = re.compile(r"^Node\.js v\d", re.MULTILINE)
_NODE_ERROR = re.compile(r"^(?:Uncaught )?([A-Z]\w*)(?: \[\w+\])?: (.*)$", re.MULTILINE)
_GO = re.compile(r"^panic: (.*)$", re.MULTILINE)

# Errors that show a mistake in the client: nobody raises them to tell a caller something.
_MISTAKES = frozenset(
    (
        *("AttributeError", "IndexError", "KeyError", "NameError", "TypeError"),
        *("UnboundLocalError", "ZeroDivisionError", "AssertionError", "RecursionError"),
        *("JSONDecodeError", "UnicodeDecodeError", "ReferenceError", "RangeError", "SyntaxError"),
    )
)
# fetch tells of a network that failed with a TypeError.
_FETCH = ("fetch failed", "terminated", "Failed to fetch")

# A process that is told to stop may die of these.
_TOLD = frozenset({signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL})


def crash(exit_status: int, stderr: str) -> str | None:
    """The name of the error that ended a process, None where it seems to have ended on purpose."""
    if exit_status == 0:
        return None
    if exit_status < 0 and -exit_status not in _TOLD:
        return _signal_name(-exit_status)
    return _python(stderr) or _node(stderr) or _go(stderr)


def is_mistake(name: str) -> bool:
    """Whether an error shows a mistake, and is nothing that a caller can be expected to catch."""
    return name.rpartition(".")[2] in _MISTAKES or name.startswith(("SIG", "panic"))


def _python(stderr: str) -> str | None:
    if not _PYTHON.search(stderr):
        return None
    # Lines of the traceback are indented, the error stands at the left.
    after = _PYTHON.split(stderr)[-1].splitlines()
    found = [match[1] for line in after if (match := _PYTHON_ERROR.match(line))]
    return found[0] if found else None


def _node(stderr: str) -> str | None:
    if not _NODE.search(stderr):
        return None
    found = _NODE_ERROR.search(stderr)
    if found is None:
        return None
    return "FetchError" if found[2].startswith(_FETCH) else found[1]


def _go(stderr: str) -> str | None:
    found = _GO.search(stderr)
    return None if found is None else f"panic: {found[1]}"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"SIG{number}"
