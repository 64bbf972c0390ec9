"""What a verification found, as dataclasses."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Finding:
    """The verdict on one expectation, in words; ``evidence`` are numbers of calls.

    ``call`` is the first call that is wrong; ``near`` says what came closest.
    """

    check: str
    verdict: str
    expected: str
    seen: str
    call: int | None
    evidence: tuple[int, ...]
    near: str | None


@dataclass(frozen=True, slots=True)
class Verified:
    """The gravest verdict and all findings; ``dropped`` entries could not be looked at."""

    verdict: str
    findings: tuple[Finding, ...]
    looked_at: int
    dropped: int

    @property
    def passed(self) -> bool:
        """True when all is as expected (advice is no failure)."""
        return self.verdict in ("passed", "advice")


def verified(value: Mapping[str, Any]) -> Verified:
    """What the control plane answered, as a value."""
    findings = tuple(_finding(one) for one in value["findings"])
    return Verified(value["verdict"], findings, value["looked_at"], value["dropped"])


def _finding(value: Mapping[str, Any]) -> Finding:
    near = value["near"]
    return Finding(
        value["check"],
        value["verdict"],
        value["expected"]["text"],
        value["seen"]["text"],
        value["call"],
        tuple(value["evidence"]),
        None if near is None else f"call {near['call']}: {near['words']['text']}",
    )
