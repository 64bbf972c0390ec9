"""What clients are held to comes from the profile's own files."""

from dataclasses import replace

import pytest

from contract_tests.terms import Terms
from mock_server.core.contract import Contract
from mock_server.loading.profiles import load_profile, profile_names


@pytest.fixture(params=profile_names())
def contract(request: pytest.FixtureRequest) -> Contract:
    return load_profile(request.param)


def test_the_members_of_a_task_are_those_of_its_schema(contract: Contract) -> None:
    members = Terms.of(contract).task_members
    assert {"id", "status", "progress", "result", "error"} <= members
    assert "eta" not in members


def test_one_error_promises_that_nothing_was_made(contract: Contract) -> None:
    assert Terms.of(contract).harmless == {(503, "rate_limit_unavailable")}


def test_a_profile_without_such_an_error_promises_nothing() -> None:
    contract = load_profile("guide")
    entries = dict(contract.catalogue.entries)
    del entries["limiter_unavailable"]
    bare = replace(contract, catalogue=replace(contract.catalogue, entries=entries))
    assert Terms.of(bare).harmless == frozenset()
