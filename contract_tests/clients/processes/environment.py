"""The environment of a client's process: the caller's own, and what the exam adds to it."""

import os
from collections.abc import Mapping
from pathlib import Path

# Where the usual libraries look for the certificate authority to trust: OpenSSL and Go, requests,
# Node, curl.
CA_VARIABLES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "CURL_CA_BUNDLE")


def environment(
    ca: Path | None, own: Mapping[str, str | None], added: Mapping[str, str] | None = None
) -> dict[str, str]:
    """All variables of a process.

    ``ca`` is the file of a certificate authority to be trusted. ``own`` are those that the
    client's author asked for, None taking one away. ``added`` come last.
    """
    variables = dict(os.environ)
    if ca is not None:
        variables |= dict.fromkeys(CA_VARIABLES, str(ca))
    for name, value in own.items():
        if value is None:
            variables.pop(name, None)
        else:
            variables[name] = value
    return variables | dict(added or {})
