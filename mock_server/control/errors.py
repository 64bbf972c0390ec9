"""What goes wrong between a client and the control plane."""

NO_ANSWER = 0


class ControlError(RuntimeError):
    """A request that was refused with ``status``, or (status 0) one that nobody answered.

    ``path`` is the JSON path of what is wrong, or a part of the request; ``expected``, ``seen`` and
    ``nearest`` (the known name most like a wrong one) tell of it as far as the server did.
    """

    def __init__(
        self,
        status: int,
        message: str,
        path: str | None = None,
        expected: str | None = None,
        seen: str | None = None,
        nearest: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.path = path
        self.expected = expected
        self.seen = seen
        self.nearest = nearest
