"""Running the scripts that show a breach, against a server on a port."""

import os
import subprocess
from collections.abc import Callable, Mapping

import pytest

from contract_tests.examination import Ruling
from tests.contract_tests.server.serving import KEYS

KEPT, BROKEN, UNREACHED = 0, 1, 2
_PATIENCE_SECONDS = 120


def environment(origin: str) -> dict[str, str]:
    """What scripts read from the environment; time on these mocks is made of readings."""
    return {
        "BASE_URL": f"{origin}/v1",
        "API_KEY": KEYS[0],
        "OTHER_KEY": KEYS[1],
        "MOCK_URL": origin,
        "SPEED": "1000",
    }


def file_of(ruling: Ruling, ending: str) -> str:
    """The text of a broken statement's script: ``.sh`` or ``.py``."""
    assert ruling.counterexample is not None
    files: Mapping[str, str] = ruling.counterexample.files
    return next(text for name, text in files.items() if name.endswith(ending))


def run_shell(text: str, origin: str) -> int:
    """The exit status of a shell script."""
    run = subprocess.run(
        ["bash"],
        input=text,
        text=True,
        capture_output=True,
        env={**os.environ, **environment(origin)},
        timeout=_PATIENCE_SECONDS,
        check=False,
    )
    return run.returncode


def run_pytest(text: str, origin: str, patch: pytest.MonkeyPatch) -> int:
    """Whether the test in a file passes, as an exit status; it runs in this process."""
    names: dict[str, object] = {}
    with patch.context() as setting:
        for name, value in environment(origin).items():
            setting.setenv(name, value)
        exec(compile(text, "reproduction.py", "exec"), names)
        (test,) = (value for name, value in names.items() if name.startswith("test_"))
        assert callable(test)
        return outcome_of(test)


def outcome_of(test: Callable[[], object]) -> int:
    """How a test ends; what it did not reach has shown nothing."""
    try:
        test()
    except AssertionError as error:
        return UNREACHED if "not reached" in str(error) else BROKEN
    return KEPT
