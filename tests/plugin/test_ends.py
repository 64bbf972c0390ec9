"""What is said at the end of a test: of faults that did not strike, and of calls that were made."""

from collections.abc import Callable

import pytest

from tests.plugin.conftest import SABOTAGE

pytest_plugins = ("pytester",)

Suite = Callable[..., pytest.RunResult]

UNSPENT = """
import pytest
from wire import submit

@pytest.mark.faults(submit=["429", "reset x2"], status="503")
def test_too_short(mock_session):
    assert submit(mock_session)[0] == 429

@pytest.mark.scenario("faults/lost-reply")
def test_no_call_at_all(mock_session):
    pass
"""


def test_a_test_fails_on_unspent_faults_and_is_told_which(suite: Suite) -> None:
    run = suite(UNSPENT)
    run.assert_outcomes(passed=2, errors=2)
    run.stdout.fnmatch_lines_random(
        [
            "*ERROR at teardown of test_too_short*",
            "2 planned faults did not strike: submit: reset x2, status: 503",
            "calls that were made: submit 1",
            "1 planned fault did not strike: submit: lost_reply",
            "calls that were made: none",
        ]
    )
    run.stdout.no_fnmatch_line("*judging.py*")


def test_unspent_faults_are_allowed_by_a_marker(suite: Suite) -> None:
    suite(
        """
        import pytest

        @pytest.mark.faults(submit="429", unspent="allowed")
        def test_allowed(mock_session): pass

        @pytest.mark.scenario("faults/lost-reply")
        @pytest.mark.faults(unspent="allowed")
        def test_allowed_in_a_story(mock_session): pass
        """
    ).assert_outcomes(passed=2)


def test_unspent_faults_are_allowed_by_a_setting_and_refused_by_a_marker(suite: Suite) -> None:
    run = suite(
        UNSPENT
        + """
@pytest.mark.faults(submit="429", unspent="fail")
def test_refused(mock_session): pass
        """,
        ini="safelight_unspent = allowed",
    )
    run.assert_outcomes(passed=3, errors=1)


def test_a_test_that_did_not_pass_is_not_blamed_for_unspent_faults_too(suite: Suite) -> None:
    run = suite(
        """
        import pytest

        pytestmark = pytest.mark.faults(submit="429")

        def test_fails(mock_session): raise AssertionError("for a reason of its own")

        def test_is_skipped(mock_session): pytest.skip("not today")

        @pytest.mark.xfail(strict=True, reason="known")
        def test_is_known_to_fail(mock_session): raise AssertionError
        """
    )
    run.assert_outcomes(failed=1, skipped=1, xfailed=1)
    run.stdout.no_fnmatch_line("*did not strike*")


def test_the_calls_of_a_test_that_failed_are_shown(suite: Suite) -> None:
    run = suite(
        """
        import pytest
        from wire import submit

        @pytest.mark.faults(submit="429")
        def test_fails(mock_session):
            submit(mock_session)
            assert submit(mock_session)[0] == 201
        """
    )
    run.assert_outcomes(failed=1)
    run.stdout.fnmatch_lines(
        [
            "*Safelight: calls of this session*",
            "#1 *POST /v1/images/generations  429  fault 429",
            "#2 *POST /v1/images/generations  200  queued",
        ]
    )


def test_an_expectation_that_is_not_met_fails_with_its_evidence(suite: Suite) -> None:
    run = suite(
        """
        import pytest
        from wire import submit

        @pytest.mark.faults(submit="429(retry_after=30)")
        def test_hurries(mock_session):
            submit(mock_session)
            submit(mock_session)
            mock_session.require("submit-once")
            mock_session.require("retry-after", {"check": "count", "operation": "upload"})
        """
    )
    run.assert_outcomes(failed=1)
    run.stdout.fnmatch_lines(
        [
            ">       mock_session.require(*",
            "E       AssertionError: retry-after: failed",
            "E         expected no call before Retry-After has passed",
            "E         seen * from call 1 to call 2, 30 s were due",
            "E       count: *",
            "E       #1 *fault 429(retry_after=30)",
            "E       #2 *200  queued",
        ]
    )


def test_a_mistake_of_the_mock_fails_the_test_that_met_it(
    suite: Suite, pytester: pytest.Pytester
) -> None:
    pytester.makepyfile(sitecustomize=SABOTAGE)
    run = suite(
        """
        from wire import submit

        def test_meets_it(mock_session):
            assert submit(mock_session, "break")[0] == 500

        def test_does_not(mock_session):
            assert submit(mock_session)[0] == 200
        """
    )
    run.assert_outcomes(passed=2, errors=1)
    run.stdout.fnmatch_lines(
        [
            "*ERROR at teardown of test_meets_it*",
            "the mock itself made a mistake while this test ran*",
            "LookupError: a mistake of the mock",
        ]
    )


def test_a_mistake_that_no_session_met_fails_the_run(
    suite: Suite, pytester: pytest.Pytester
) -> None:
    pytester.makepyfile(sitecustomize=SABOTAGE)
    run = suite(
        """
        from wire import submit

        def test_of_the_shared_session(mock_server):
            assert submit(mock_server, "break")[0] == 500
        """
    )
    run.assert_outcomes(passed=1, errors=1)
    run.stdout.fnmatch_lines(["the mock itself made a mistake during this run:"])
