"""The one way in which the control plane says no: a status and what was expected and seen."""

from collections.abc import Mapping

from starlette.responses import Response

from mock_server.loading.data_error import DataError
from mock_server.loading.encoding import encode_json

MOST_LINES = 20
_LONGEST = 500


class Refused(Exception):
    """A request that is turned down with ``status`` (4xx).

    ``path`` is the JSON path of what is wrong in the body, or the name of a part of the request;
    ``nearest`` the known name that is most like a wrong one.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        path: str | None = None,
        expected: str | None = None,
        seen: str | None = None,
        nearest: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.path = path
        self.expected = expected
        self.seen = seen
        self.nearest = nearest
        self.headers = headers

    def response(self) -> Response:
        """The reply: every error of the control plane looks like this."""
        error = {
            "message": self.message,
            "path": self.path,
            "expected": self.expected,
            "seen": self.seen,
            "nearest": self.nearest,
        }
        content = encode_json({"error": error})
        return Response(content, self.status, self.headers, "application/json")


def wrong_data(error: DataError, status: int = 400) -> Refused:
    """The refusal of data that is wrong: all places in the message, the first one in detail."""
    lines = error.lines()
    more = len(lines) - MOST_LINES
    shown = [line[:_LONGEST] for line in lines[:MOST_LINES]] + (
        [f"and {more} more"] if more > 0 else []
    )
    first = error.faults[0]
    return Refused(
        status,
        "\n".join(shown),
        path=first.path[:_LONGEST],
        expected=first.expected[:_LONGEST],
        seen=first.seen[:_LONGEST],
        nearest=first.nearest,
    )


def wrong(path: str, expected: str, seen: str, *, status: int = 400) -> Refused:
    """The refusal of one value."""
    message = f"{path}: expected {expected}, seen {seen}"
    return Refused(status, message, path=path, expected=expected, seen=seen)
