"""Scripts that show a breach to anybody: for the shell with curl and jq, and for pytest."""

from contract_tests.server.promises import Promises
from contract_tests.server.reproduction.curl import curl_script
from contract_tests.server.reproduction.facts import Facts
from contract_tests.server.reproduction.pytest_file import pytest_file
from contract_tests.server.slicing import Case
from contract_tests.server.statement import Breach, Statement

__all__ = ["Facts", "reproductions"]


def reproductions(
    case: Case, statement: Statement, breach: Breach, promises: Promises, *, poll_seconds: float
) -> dict[str, str]:
    """The two scripts by the names of their files."""
    facts = Facts.of(statement, breach, promises, poll_seconds)
    return {
        f"{statement.id}.sh": curl_script(case, facts),
        f"test_{statement.id.replace('-', '_')}.py": pytest_file(case, facts),
    }
