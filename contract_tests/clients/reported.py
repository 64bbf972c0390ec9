"""Reading what a client of another language says of its own job, as the outcome schema has it."""

import json
from dataclasses import dataclass
from functools import cache

from contract_tests.outcome import Outcome, OutcomeStatus
from mock_server.loading.data_error import DataError
from mock_server.loading.folders import schemas_folder
from mock_server.loading.json_documents import json_document
from mock_server.loading.schema_check import SchemaCheck


class BadReportError(ValueError):
    """What seems to be a report and is none: the message says why, for the client's author."""


@dataclass(frozen=True, slots=True)
class Reported:
    """A client's own word on its job; ``progress`` is what it told its caller meanwhile."""

    status: OutcomeStatus
    task_id: str | None = None
    urls: tuple[str, ...] = ()
    code: str | int | None = None
    message: str | None = None
    progress: tuple[float, ...] = ()

    def outcome(
        self, exit_status: int | None, stdout: str, stderr: str, duration: float
    ) -> Outcome:
        """The outcome, with what is known of the process."""
        return Outcome(
            self.status,
            self.task_id,
            self.urls,
            self.code,
            self.message,
            exit_status,
            stdout,
            stderr,
            duration,
        )


def reported_at_end(printed: str) -> Reported | None:
    """What the last line says that is not blank; None if it is no report at all.

    Raises :class:`BadReportError` for an object with a status that is no outcome: its author may
    take it for one.
    """
    lines = printed.rstrip().rsplit("\n", 1)
    try:
        value = strict_json(lines[-1])
    except ValueError:
        return None
    return reported(value) if isinstance(value, dict) and "status" in value else None


def reported(value: object) -> Reported:
    """An outcome that was read from JSON; raises :class:`BadReportError` if it is none."""
    try:
        _check("outcome.schema.json").check(value, "outcome")
    except DataError as error:
        raise BadReportError("; ".join(error.lines())) from None
    assert isinstance(value, dict)
    code, message, task = (value.get(name) for name in ("code", "message", "task_id"))
    return Reported(
        OutcomeStatus(value["status"]),
        None if task is None else _printable(task),
        tuple(_printable(url) for url in value.get("urls", ())),
        # JSON Schema counts 7.0 among the integers.
        _printable(code) if isinstance(code, str) else None if code is None else int(code),
        None if message is None else _printable(message),
        tuple(float(percent) for percent in value.get("progress", ())),
    )


def check_message(value: object) -> None:
    """Raise :class:`BadReportError` unless this is a message of a long-lived client."""
    try:
        _check("client-message.schema.json").check(value, "message")
    except DataError as error:
        raise BadReportError("; ".join(error.lines())) from None


def strict_json(text: str) -> object:
    """The value of a JSON text; raises ValueError for what is none, NaN and deep nesting too."""
    try:
        return json.loads(text, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _refuse(name: str) -> object:
    raise ValueError(f"{name} is no JSON")


def _printable(text: str) -> str:
    """The text without half characters, which can be neither printed nor written to a file."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


@cache
def _check(name: str) -> SchemaCheck:
    return SchemaCheck(json_document(schemas_folder() / name))
