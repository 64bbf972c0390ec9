"""What a client was asked to do, and what its caller was told in the end."""

from dataclasses import dataclass, field
from pathlib import Path

from mock_server.core.outcome import Outcome, OutcomeStatus

__all__ = ["Job", "Outcome", "OutcomeStatus"]


@dataclass(frozen=True, slots=True)
class Job:
    """One job, ready to be done: where, with which key, and what is ordered.

    ``base_url`` ends with ``/v1``, ``api_root`` is the same without it. ``references`` and ``mask``
    are URLs that the mock knows, ``reference_files`` and ``mask_file`` the same images as files.
    ``out_dir`` is an empty folder for whatever the client writes (None: there is none). A None for
    ``size`` or ``model`` leaves the choice to the client. ``id`` tells the jobs of a run apart.
    """

    base_url: str
    api_key: str = field(repr=False)
    prompt: str
    size: str | None = None
    n: int = 1
    references: tuple[str, ...] = ()
    mask: str | None = None
    model: str | None = None
    reference_files: tuple[Path, ...] = ()
    mask_file: Path | None = None
    out_dir: Path | None = None
    id: str = "1"

    @property
    def api_root(self) -> str:
        """The base URL without ``/v1``."""
        return self.base_url.removesuffix("/v1")
