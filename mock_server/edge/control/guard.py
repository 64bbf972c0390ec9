"""Who may use the control plane: this machine, or whoever has the token."""

import hmac
import secrets
from collections.abc import Collection
from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

from mock_server.edge.control.refused import Refused

_LOCAL = "localhost"
# Who sits behind a proxy on this machine is not on this machine.
_FORWARDING = ("x-forwarded-for", "forwarded", "x-real-ip", "via")


def new_token() -> str:
    """A token that nobody can guess, for a server that other machines can reach.

    The only thing in the server that is drawn: what is decided by a seed can be found out.
    """
    return secrets.token_urlsafe(24)


def is_loopback(host: str) -> bool:
    """Whether a name or address means this machine alone."""
    name = host.strip("[]").rstrip(".").lower()
    if name == _LOCAL or name.endswith(f".{_LOCAL}"):
        return True
    try:
        address = ip_address(name)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped.is_loopback
    return address.is_loopback


def token_for(host: str, wished: str | None) -> str | None:
    """The control token of a server bound to ``host``: the one wished for, or a new one if needed.

    None for a server that other machines cannot reach.
    """
    return wished or (None if is_loopback(host) else new_token())


class Guard:
    """Decides about one request; ``token`` is the control token, ``hosts`` the bound names."""

    def __init__(self, token: str | None, hosts: Collection[str]) -> None:
        self._token = token
        self._hosts = hosts

    def refusal(self, scope: Scope) -> Refused | None:
        """Why the caller is not let in, None if it is.

        With the right token everything is open. Without it, the caller has to be on this machine,
        and be no page of another site: such a page either names that site as the origin (cross-site
        request) or asks for it as the host (DNS rebinding).
        """
        headers = Headers(scope=scope)
        presented = _bearer(headers.get("authorization", ""))
        if presented is not None and self._is_token(presented):
            return None
        return (
            self._wrong_host(headers)
            or self._wrong_origin(headers)
            or self._stranger(scope, headers)
        )

    def _is_token(self, presented: str) -> bool:
        known = self._token
        return known is not None and hmac.compare_digest(presented.encode(), known.encode())

    def _wrong_host(self, headers: Headers) -> Refused | None:
        named = headers.getlist("host")
        if len(named) == 1 and self._is_ours(named[0]):
            return None
        return Refused(
            421,
            "the control plane answers to this machine's names and addresses only, so that no"
            " web site can reach it under its own name; a control token lifts this",
            path="Host",
            expected="localhost, an IP address or the host that the server was bound to",
            seen=", ".join(named)[:200] or "nothing",
        )

    def _is_ours(self, authority: str) -> bool:
        try:
            host = urlsplit(f"//{authority}").hostname or ""
        except ValueError:
            return False
        return is_loopback(host) or host in self._hosts or _is_address(host)

    def _wrong_origin(self, headers: Headers) -> Refused | None:
        origin = headers.get("origin")
        if origin is None or origin.partition("://")[2].lower() == headers["host"].lower():
            return None
        return Refused(
            403,
            "the control plane is not open to pages of other origins",
            path="Origin",
            expected="none, or the server's own",
            seen=origin[:200],
        )

    def _stranger(self, scope: Scope, headers: Headers) -> Refused | None:
        client = scope.get("client")
        is_forwarded = any(name in headers for name in _FORWARDING)
        if client is not None and is_loopback(client[0]) and not is_forwarded:
            return None
        hint = "" if self._token else "; the server has none: give it one with --control-token"
        return Refused(
            401,
            f"the control plane is open to callers on this machine, others need its token{hint}",
            path="Authorization",
            expected="Bearer and the control token",
            seen="no such token",
            headers={"www-authenticate": "Bearer"},
        )


def _bearer(field: str) -> str | None:
    scheme, _, token = field.partition(" ")
    return token.strip(" ") if scheme.lower() == "bearer" else None


def _is_address(host: str) -> bool:
    try:
        ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True
