"""Every documented statement is told whole, and there is a defect that breaks it."""

import pytest

from contract_tests.server.promises import Promises
from contract_tests.server.statement import Means, Statement
from contract_tests.server.statements import all_statements
from mock_server.loading.profiles import profile_names
from tests.contract_tests.server.defects import DEFECTS

EVERY = pytest.mark.parametrize("statement", all_statements(), ids=lambda one: one.id)


@EVERY
def test_a_statement_says_what_why_and_how_to_mend_it(statement: Statement) -> None:
    told = (statement.title, statement.group, statement.why, statement.idle, *statement.mend)
    assert all(text.strip() == text and text for text in told)
    assert not statement.title.endswith(".")
    assert statement.grade in ("MUST", "SHOULD")


@pytest.mark.parametrize("profile", profile_names())
def test_every_statement_says_where_the_profile_has_it_from(profile: str) -> None:
    promises = Promises.of(profile)
    assert [one.id for one in all_statements() if not one.row(promises).source] == []


@EVERY
def test_a_statement_says_what_was_missing_to_see_anything_of_it(statement: Statement) -> None:
    assert statement.missing(Means(other_key=False, stories=False))


def test_statements_have_ids_and_numbers_of_their_own() -> None:
    ids = [statement.id for statement in all_statements()]
    numbers = [statement.number for statement in all_statements()]
    assert (len(set(ids)), len(set(numbers))) == (len(ids), len(numbers))


def test_for_every_statement_there_is_a_defect_that_breaks_it() -> None:
    broken = {statement for defect in DEFECTS for statement in defect.statements}
    assert broken == {statement.id for statement in all_statements()}


def test_there_are_at_least_30_defects_with_ids_of_their_own() -> None:
    ids = {defect.id for defect in DEFECTS}
    assert len(ids) == len(DEFECTS) >= 30
