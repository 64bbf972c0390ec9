"""Lines of a stream that comes in pieces."""

from collections.abc import Callable

_LONGEST = 1024 * 1024


class Lines:
    """Hands on each line, without its end; one that is too long is cut off there, once."""

    def __init__(self, take: Callable[[bytes], None], longest: int = _LONGEST) -> None:
        self._take = take
        self._longest = longest
        self._rest = bytearray()
        self._is_too_long = False

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the stream."""
        first, *others = data.split(b"\n")
        self._add(first)
        for part in others:
            self.end()
            self._add(part)

    def end(self) -> None:
        """The line is over, or the stream."""
        if self._rest and not self._is_too_long:
            self._take(bytes(self._rest))
        self._rest.clear()
        self._is_too_long = False

    def _add(self, part: bytes) -> None:
        if self._is_too_long:
            return
        self._rest += part
        if len(self._rest) > self._longest:
            self._take(bytes(self._rest[: self._longest]))
            self._is_too_long = True
