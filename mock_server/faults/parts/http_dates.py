"""Dates as HTTP writes them, in the three forms that a client must read (RFC 9110, 5.6.7)."""

from datetime import UTC, datetime

# The names are HTTP's, whatever the language of the machine.
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LAST = 253_402_300_799.0
FORMS = ("imf", "rfc850", "asctime")


def http_date(at: float, form: str) -> bytes:
    """The date of an epoch second: ``imf`` is today's form, the others are obsolete ones.

    Times outside the years 1 to 9999 are moved to the nearest end.
    """
    when = datetime.fromtimestamp(max(-6e10, min(at, _LAST)), UTC)
    day, month = _DAYS[when.weekday()], _MONTHS[when.month - 1]
    time = f"{when.hour:02}:{when.minute:02}:{when.second:02}"
    texts = {
        "imf": f"{day[:3]}, {when.day:02} {month} {when.year:04} {time} GMT",
        "rfc850": f"{day}, {when.day:02}-{month}-{when.year % 100:02} {time} GMT",
        "asctime": f"{day[:3]} {month} {when.day:2} {time} {when.year:04}",
    }
    return texts[form].encode()
