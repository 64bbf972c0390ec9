"""Names in braces, in a command, its environment or its standard input: a job fills them in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from contract_tests.clients.client import EVERYTHING, ClientError
from contract_tests.clients.wire import run_line
from contract_tests.outcome import Job
from mock_server.loading.data_error import nearest

# What a placeholder stands for: nothing where the job leaves it to the client, several references.
Values: TypeAlias = Mapping[str, tuple[str, ...]]

NAMES = (
    "base_url",
    "api_root",
    "api_key",
    "prompt",
    "size",
    "n",
    "reference",
    "mask",
    "model",
    "reference_file",
    "mask_file",
    "out_dir",
    "job_id",
    "job",
)

_TOKEN = re.compile(r"\{\{|\}\}|\{([A-Za-z_][A-Za-z0-9_]*)\}")


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A name that a job has something for."""

    name: str


@dataclass(frozen=True, slots=True)
class Template:
    """A text with placeholders in it."""

    pieces: tuple[str | Placeholder, ...]

    @classmethod
    def parse(cls, text: str, place: str) -> "Template":
        """Read a text; raises :class:`ClientError` for a name that is none of :data:`NAMES`.

        ``{{`` and ``}}`` write single braces. Braces around anything but a name, as in JSON, stay
        as they are. ``place`` says where the text is from.
        """
        pieces: list[str | Placeholder] = []
        opened = at = 0
        for token in _TOKEN.finditer(text):
            pieces.append(text[at : token.start()])
            at = token.end()
            if token[0] == "{{":
                opened += 1
                pieces.append("{")
            elif token[0] == "}}":
                # Without an opening pair, these close two objects of a JSON text.
                pieces.append("}" if opened else "}}")
                opened -= bool(opened)
            else:
                pieces.append(Placeholder(_known(token[1], place)))
        return cls(_joined([*pieces, text[at:]]))

    @property
    def names(self) -> tuple[str, ...]:
        """The placeholders in it."""
        return tuple(piece.name for piece in self.pieces if isinstance(piece, Placeholder))

    @property
    def is_alone(self) -> bool:
        """Whether it is a placeholder and nothing else."""
        return len(self.pieces) == 1 and bool(self.names)

    def fill(self, values: Values) -> str:
        """The text; what the job leaves open is empty, several values stand on a line each."""
        return "".join(
            "\n".join(values[piece.name]) if isinstance(piece, Placeholder) else piece
            for piece in self.pieces
        )


def values_of(job: Job) -> Values:
    """What each placeholder stands for."""
    return {
        "base_url": (job.base_url,),
        "api_root": (job.api_root,),
        "api_key": (job.api_key,),
        "prompt": (job.prompt,),
        "size": _optional(job.size),
        "n": (str(job.n),),
        "reference": job.references,
        "mask": _optional(job.mask),
        "model": _optional(job.model),
        "reference_file": tuple(str(file) for file in job.reference_files),
        "mask_file": _optional(job.mask_file),
        "out_dir": _optional(job.out_dir),
        "job_id": (job.id,),
        "job": (run_line(job),),
    }


def taken_by(names: frozenset[str]) -> frozenset[str]:
    """The members of an order that these placeholders tell."""
    if "job" in names:
        return EVERYTHING
    return frozenset(member for name, member in _MEMBERS.items() if name in names)


_MEMBERS = {
    "prompt": "prompt",
    "size": "size",
    "n": "n",
    "reference": "references",
    "reference_file": "references",
    "mask": "mask",
    "mask_file": "mask",
    "model": "model",
}


def _optional(value: object) -> tuple[str, ...]:
    return () if value is None else (str(value),)


def _known(name: str, place: str) -> str:
    if name in NAMES:
        return name
    close = nearest(name.lower(), NAMES)
    guess = f" (did you mean {{{close}}}?)" if close else ""
    known = ", ".join(f"{{{one}}}" for one in NAMES)
    raise ClientError(
        f"{place}: expected one of {known}, seen {{{name}}}{guess}."
        f" A text in braces that is no placeholder is written {{{{{name}}}}}."
    )


def _joined(pieces: list[str | Placeholder]) -> tuple[str | Placeholder, ...]:
    """The pieces with texts that stand side by side in one, and without empty ones."""
    joined: list[str | Placeholder] = []
    for piece in pieces:
        if isinstance(piece, str) and joined and isinstance(joined[-1], str):
            joined[-1] += piece
        elif piece != "":
            joined.append(piece)
    return tuple(joined)
