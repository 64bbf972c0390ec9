"""One kind of trouble, and the rules that go with its sorts."""

from dataclasses import dataclass

Rules = tuple[str, ...]
# The words of an error that a client must pass on to its caller.
CANARY = "The word is marzipan-4711."
OTHER_HOST = "127.0.0.2"

BROKEN: Rules = ("broken-reply-handled",)
# The order was read, and its reply broke off, or says nothing of use.
LOST: Rules = ("submit-once-after-reset", "unknown-outcome-told")
GARBLED: Rules = (*BROKEN, "unknown-outcome-told")
MUTE: Rules = ("unknown-outcome-told",)
CUT: Rules = (*BROKEN, *LOST)
POLL: Rules = ("poll-trouble-no-submit",)
POLL_BROKEN: Rules = (*BROKEN, *POLL)
TOLD: Rules = ("error-details-told", "last-error-told")
REFUSED: Rules = ("no-retry-after-refusal", *TOLD)
GIVEN_UP: Rules = (*REFUSED, *POLL)
FILE: Rules = ("download-checked",)
SAFE: Rules = ("safe-redirect",)
AWAY: Rules = ("key-stays-home",)


@dataclass(frozen=True, slots=True)
class Trouble:
    """A fault, what a call meets in it, and the rules to be kept; None where it is not played.

    ``quick`` names the places at which it belongs to the quick exam: ``s`` submit, ``p`` the first
    poll, ``r`` the result. The second poll is for those of the first, and for those with a ``2``.
    ``reason`` is the entry of the error catalogue that it needs. ``later`` are the rules at the
    second poll, where they are others.
    """

    fault: str
    what: str
    submit: Rules | None = None
    poll: Rules | None = None
    result: Rules | None = None
    quick: str = ""
    reason: str | None = None
    later: Rules | None = None

    def rules(self, operation: str) -> Rules | None:
        """What it is for at calls of that operation."""
        told = {"submit": self.submit, "status": self.poll, "result": self.result}
        return told[operation]
