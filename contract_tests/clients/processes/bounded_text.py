"""The beginning and the end of a stream, however long it gets."""

_KEPT_BYTES = 64 * 1024


class BoundedText:
    """Keeps ``kept`` bytes of what is fed, half of them from the end; the rest is thrown away.

    ``secret`` is looked for in what is thrown away too: that it was printed has to be known.
    """

    def __init__(self, kept: int = _KEPT_BYTES, secret: str = "") -> None:
        self.size = 0
        self._half = kept // 2
        self._head = bytearray()
        self._tail = bytearray()
        self._secret = secret.encode("utf-8", "surrogateescape")
        self._is_leaked = False

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the stream."""
        self.size += len(data)
        room = self._half - len(self._head)
        self._head += data[:room]
        self._tail += data[room:] if room > 0 else data
        # Trimmed seldom, so that many small pieces cost little.
        if len(self._tail) > 4 * self._half:
            self._trim()

    def text(self) -> str:
        """What is kept, with a line in between that says how much is missing, if some is."""
        self._trim()
        head, tail = (bytes(part).decode("utf-8", "replace") for part in (self._head, self._tail))
        lost = self.size - len(self._head) - len(self._tail)
        if not lost:
            return bytes(self._head + self._tail).decode("utf-8", "replace")
        leak = f", {self._secret.decode('utf-8', 'replace')} among them" if self._is_leaked else ""
        return f"{head}\n[{lost} bytes left out{leak}]\n{tail}"

    def end(self) -> str:
        """The end of what is kept, from the start of a line on unless the line is too long."""
        self._trim()
        if self.size == len(self._head) + len(self._tail):
            return bytes(self._head + self._tail).decode("utf-8", "replace")
        return bytes(self._tail).decode("utf-8", "replace")

    def _trim(self) -> None:
        lost = len(self._tail) - self._half
        if lost > 0:
            # As many bytes more as the secret has, for it may lie across the cut.
            seen = self._tail[: lost + len(self._secret)]
            self._is_leaked |= bool(self._secret) and self._secret in seen
            del self._tail[:lost]
