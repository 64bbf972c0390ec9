"""Checks of servers: any server that claims this API, held against a profile."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from contract_tests.server.check import CheckError, check_server
    from contract_tests.server.money import CostError

__all__ = ["CheckError", "CostError", "check_server"]


def __getattr__(name: str) -> Any:
    # Imported on demand, so that a part of it can be used without the rest.
    if name in ("CheckError", "check_server"):
        from contract_tests.server import check

        return getattr(check, name)
    if name == "CostError":
        from contract_tests.server.money import CostError

        return CostError
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
