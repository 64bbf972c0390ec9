"""Throw-away certificates, for clients that insist on https."""

import atexit
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path


class TlsExtraMissingError(RuntimeError):
    """The package that makes certificates is not installed."""


@dataclass(frozen=True, slots=True)
class Certificates:
    """Files of a certificate authority of this run, and of a server certificate signed by it."""

    authority: Path
    chain: Path
    key: Path


def make_certificates(*hosts: str, folder: Path | None = None) -> Certificates:
    """Certificates for these host names and addresses, in files that end with the process.

    Raises :class:`TlsExtraMissingError` without the ``tls`` extra.
    """
    try:
        import trustme
    except ImportError:
        message = "https needs the package trustme: pip install 'safelight[tls]'"
        raise TlsExtraMissingError(message) from None
    place = folder or _throw_away_folder()
    authority = trustme.CA(organization_name="Safelight mock, for tests only")
    certificate = authority.issue_cert(*hosts)
    files = Certificates(place / "ca.pem", place / "server.pem", place / "server.key")
    authority.cert_pem.write_to_path(str(files.authority))
    for index, blob in enumerate(certificate.cert_chain_pems):
        blob.write_to_path(str(files.chain), append=index > 0)
    files.key.touch(mode=0o600)
    certificate.private_key_pem.write_to_path(str(files.key))
    return files


def _throw_away_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="safelight-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
