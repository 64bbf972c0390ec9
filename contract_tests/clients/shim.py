"""Clients to start from: small, well-behaved ones that are written into a folder."""

import shlex
from dataclasses import dataclass
from pathlib import Path

from contract_tests.clients.client import ClientError
from mock_server.loading.data_error import nearest

_SHIMS = Path(__file__).parent / "shims"

# Where the mock is and the key go through the environment: command lines can be seen by everyone.
_ENVIRONMENT = {"BASE_URL": "{base_url}", "API_KEY": "{api_key}"}
# As --name={value}: a prompt may begin with a hyphen.
_ARGUMENTS = (
    "--prompt={prompt}",
    "--n={n}",
    "--size={size}",
    "--model={model}",
    "--reference_images={reference}",
    "--mask_url={mask}",
    "--out-dir={out_dir}",
)


@dataclass(frozen=True, slots=True)
class _Language:
    """``file`` is the template's name, ``words`` come before it; ``build`` makes it a command."""

    file: str
    words: tuple[str, ...] = ()
    build: tuple[str, ...] = ()


_LANGUAGES = {
    "python": _Language("client.py", ("python3",)),
    "node": _Language("client.mjs", ("node",)),
    "go": _Language("client.go", build=("go", "build", "-o")),
    "bash": _Language("client.sh", ("bash",)),
}


@dataclass(frozen=True, slots=True)
class Shim:
    """A client that was written: its file, and the command line that examines it.

    ``words`` and ``env`` are what that command says of the client itself.
    """

    file: Path
    command: str
    words: tuple[str, ...]
    env: dict[str, str]


def init_client(language: str, folder: Path) -> Shim:
    """Write a client in ``python``, ``node``, ``go`` or ``bash`` into a folder.

    Raises :class:`ClientError` for another language, and where there is such a file already.
    """
    known = _LANGUAGES.get(language)
    if known is None:
        close = nearest(language, _LANGUAGES)
        guess = f" (did you mean {close!r}?)" if close else ""
        expected = ", ".join(_LANGUAGES)
        raise ClientError(f"expected one of {expected}, seen {language!r}{guess}")
    file = folder / known.file
    if file.exists():
        raise ClientError(f"{file}: there is such a file already; it stays as it is")
    folder.mkdir(parents=True, exist_ok=True)
    file.write_bytes((_SHIMS / known.file).read_bytes())
    program = file.with_suffix("") if known.build else file
    # Without a separator, a shell would look for a program elsewhere than here.
    place = str(program) if program.is_absolute() or not known.build else f"./{program}"
    words = (*known.words, place, *_ARGUMENTS)
    built = shlex.join((*known.build, str(program), str(file))) + " && " if known.build else ""
    return Shim(file, built + _examining(words), words, dict(_ENVIRONMENT))


def _examining(words: tuple[str, ...]) -> str:
    variables = [word for pair in _ENVIRONMENT.items() for word in ("--env", "=".join(pair))]
    return shlex.join(("safelight", "check-client", *variables, "--", *words))
