"""On a mock without a defect, nothing is found, whatever is drawn."""

from collections.abc import Callable

import pytest

from contract_tests.examination import Overall
from contract_tests.finding import Verdict
from contract_tests.server import check_server
from mock_server import create_app
from mock_server.loading.profiles import profile_names

Size = Callable[[int, int], int]
pytestmark = pytest.mark.xdist_group("schemathesis")


@pytest.mark.proof
@pytest.mark.parametrize("profile", profile_names())
def test_every_promise_of_a_profile_is_kept_by_its_mock(profile: str, proof_size: Size) -> None:
    # Calls that are generated and walks take long; a few of them are in tests of their own.
    level = ("quick", "usual")[proof_size(0, 1)]
    for seed in range(proof_size(1, 20)):
        examination = check_server(create_app(profile), level=level, seed=seed)
        verdicts = {one.statement.id: one.verdict for one in examination.rulings}
        fine = (Verdict.PASSED, Verdict.NOT_APPLICABLE)
        assert {name: v for name, v in verdicts.items() if v not in fine} == {}, seed
        assert examination.overall is Overall.CONFORMANT


def test_what_the_profile_does_not_promise_is_not_applicable() -> None:
    examination = check_server(create_app("guide"), level="quick")
    verdicts = {one.statement.id: one for one in examination.rulings}
    ruling = verdicts["own-id-finds-task"]
    assert ruling.verdict is Verdict.NOT_APPLICABLE
    assert ruling.finding is not None
    assert str(ruling.finding.seen) == "the profile has no id of the client's own"


def test_a_mock_of_another_profile_breaks_its_promises() -> None:
    examination = check_server(create_app("live"), profile="reference", level="quick")
    broken = {one.statement.id for one in examination.rulings if one.counterexample is not None}
    assert {"reply-obeys-schema", "documented-envelope"} <= broken
    assert examination.profile == "reference"
