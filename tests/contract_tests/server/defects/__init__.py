"""Servers with one planted defect each: small variants around the mock's application."""

from tests.contract_tests.server.defects import access, account, files, replies, requests, tasks
from tests.contract_tests.server.defects.defect import Defect

__all__ = ["DEFECTS", "Defect", "defect_named"]

DEFECTS: tuple[Defect, ...] = (
    *replies.DEFECTS,
    *requests.DEFECTS,
    *access.DEFECTS,
    *tasks.DEFECTS,
    *files.DEFECTS,
    *account.DEFECTS,
)


def defect_named(name: str) -> Defect:
    """The defect of that id."""
    return {defect.id: defect for defect in DEFECTS}[name]
