"""The fault ``status``: an error of the API, in its own words and envelope."""

from dataclasses import dataclass
from typing import Literal

from mock_server.core.fault import Scene
from mock_server.core.script import Headers, Script, content_of
from mock_server.faults.parts.base_fault import MOMENT, MOMENT_DOC, BaseFault
from mock_server.faults.parts.http_dates import FORMS, http_date
from mock_server.faults.parts.json_members import Members, read_members, set_at, write_members
from mock_server.faults.parts.kinds import (
    choice,
    header_fields,
    number,
    number_or_field_text,
    text,
    text_or_whole,
    whole,
)
from mock_server.faults.parts.notation import written
from mock_server.faults.parts.options import OptionError, option
from mock_server.faults.parts.replies import vendor_error
from mock_server.faults.parts.wire import with_content, with_fields

# About a century: dates that every calendar can still write.
_FAR = 3e9


@dataclass(frozen=True, slots=True)
class Status(BaseFault):
    """The API answers with an error, as its documentation words it.

    Why: which errors a client repeats, how long it waits first and what it tells its user decides
    whether a busy minute is noticed by anybody. ``429`` is short for ``status(429)``.
    """

    code: int | None = option(whole(400, 599), "the HTTP status code", None)
    moment: Literal["before", "after"] = option(MOMENT, MOMENT_DOC, "before")
    reason: str | None = option(
        text("a reason of the error catalogue", 1),
        "the entry of the profile's error catalogue; without it, the first one with that code",
        None,
    )
    message: str | None = option(text(), "the message, in place of the catalogue's", None)
    error_code: str | int | None = option(
        text_or_whole(),
        "the code inside the error, in place of the catalogue's",
        None,
    )
    retry_after: int | float | str | None = option(
        number_or_field_text(), "Retry-After: seconds, or any text", None
    )
    retry_after_date: float | None = option(
        number(-_FAR, _FAR, "seconds"),
        "Retry-After as a date so many seconds from now; a negative number is in the past",
        None,
    )
    date_form: str = option(choice(*FORMS), "how that date is written (RFC 9110)", "imf")
    headers: tuple[tuple[str, str], ...] = option(header_fields(), "further header fields", ())

    def check(self) -> None:
        """Refuse an error without code and reason, and two values of Retry-After."""
        if self.code is None and self.reason is None:
            raise OptionError("code", "a status code from 400 to 599, or a reason", None)
        if self.retry_after is not None and self.retry_after_date is not None:
            raise OptionError("retry_after", "only one of retry_after and retry_after_date", "both")
        if self.retry_after_date is None and self.date_form != "imf":
            raise OptionError("date_form", "retry_after_date beside it", self.date_form)

    @property
    def text(self) -> str:
        """The short form where there is a code: ``429(retry_after=2)``."""
        told = self.arguments()
        return (
            written(self.name(), told) if self.code is None else written(str(self.code), told[1:])
        )

    def rewrite(self, script: Script, scene: Scene) -> Script:
        """The error, whatever the reply would have been."""
        error = vendor_error(scene, self.code, self.reason, self.message)
        if self.error_code is not None:
            error = with_content(error, _with_code(content_of(error), self.error_code))
        fields = tuple((name.encode(), value.encode()) for name, value in self.headers)
        return with_fields(error, (*fields, *self._retry_after(scene.now)))

    def _retry_after(self, now: float) -> Headers:
        if self.retry_after is not None:
            return ((b"retry-after", str(self.retry_after).encode()),)
        if self.retry_after_date is None:
            return ()
        return ((b"retry-after", http_date(now + self.retry_after_date, self.date_form)),)


def _with_code(content: bytes, code: str | int) -> bytes:
    """The error with another code; envelopes have it at the top or inside ``error``."""
    body = read_members(content)
    if not isinstance(body, Members):
        return content
    set_at(body, "error.code" if isinstance(body.find("error"), Members) else "code", code)
    return write_members(body)
