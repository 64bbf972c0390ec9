"""What a result file shows, as a value that decides its bytes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Picture:
    """One result image of a task; equal pictures are drawn to equal bytes.

    ``size`` is the caller's word for it (``"2:3"``), ``width`` and ``height`` are pixels, ``index``
    counts from 1 to ``count``; ``media_type`` is ``image/png``, ``image/jpeg`` or ``image/webp``.
    """

    seed: int
    prompt: str
    size: str
    width: int
    height: int
    index: int
    count: int
    task_id: str
    media_type: str
