"""One server for a run, one session for each test."""

from collections.abc import Callable

import pytest

from tests.plugin.conftest import IN_WORKERS, shuffled

pytest_plugins = ("pytester",)

Suite = Callable[..., pytest.RunResult]

ALONE = """
import pytest
from wire import submit

@pytest.mark.parametrize("number", range(4))
def test_of_many(mock_session, number):
    assert submit(mock_session)[0] == 200
    assert len(list(mock_session.tasks)) == 1
"""

SHARED = """
from pathlib import Path

def test_where(mock_server, mock_session, worker_id):
    Path(FOLDER, worker_id).write_text(mock_server.url)
"""

IDS = """
import pytest
from pathlib import Path
from wire import submit

@pytest.mark.parametrize("name", "abcd")
def test_order(mock_session, name):
    with Path(FOLDER, name).open("a") as file:
        file.write(submit(mock_session)[1]["id"] + " ")
"""


def test_every_test_has_a_session_of_its_own(suite: Suite) -> None:
    suite(ALONE).assert_outcomes(passed=4)


def test_workers_and_a_random_order_change_nothing(suite: Suite) -> None:
    suite(ALONE, *IN_WORKERS, *shuffled(7)).assert_outcomes(passed=4)


def test_all_workers_share_one_server(suite: Suite, pytester: pytest.Pytester) -> None:
    # Each worker runs the test, at about the same time, under the same name.
    folder = pytester.mkdir("seen")
    source = SHARED.replace("FOLDER", repr(str(folder)))
    suite(source, "-p", "xdist", "--dist", "each", "--tx", "2*popen").assert_outcomes(passed=2)
    urls = [file.read_text("utf-8") for file in folder.iterdir()]
    assert len(urls) == 2
    assert len(set(urls)) == 1


def test_a_test_sees_the_same_ids_in_every_run_and_order(
    suite: Suite, pytester: pytest.Pytester
) -> None:
    folder = pytester.mkdir("seen")
    source = IDS.replace("FOLDER", repr(str(folder)))
    for options in (shuffled(1), (*shuffled(2), *IN_WORKERS)):
        suite(source, *options).assert_outcomes(passed=4)
    ids = [file.read_text("utf-8").split() for file in folder.iterdir()]
    assert [first for first, _ in ids] == [second for _, second in ids]
    assert len({first for first, _ in ids}) == 4


def test_a_session_offers_all_that_the_control_api_does(suite: Suite) -> None:
    suite(
        """
        import pytest
        from wire import status, submit

        @pytest.mark.scenario(frozen=True)
        def test_offers(mock_session):
            mock_session.faults.add(submit=["429", "pass"])
            assert submit(mock_session)[0] == 429
            task = submit(mock_session)[1]["id"]
            mock_session.clock.advance(10)
            assert status(mock_session, task)[1]["status"] == "succeeded"
            assert mock_session.faults.account().spent
            assert [entry.status for entry in mock_session.journal] == [429, 200, 200]
            assert mock_session.ledger().charges.count == 1
            assert mock_session.tasks.get(task).phase == "succeeded"
            assert mock_session.verify({"check": "submit-once"}).passed
        """
    ).assert_outcomes(passed=1)


def test_a_session_is_gone_after_its_test(suite: Suite) -> None:
    suite(
        """
        import pytest

        @pytest.fixture(scope="module")
        def names():
            return []

        def test_first(mock_session, mock_server, names):
            names.append(mock_session.name)
            assert len(list(mock_server.control.sessions())) == 2

        def test_then(mock_server, names):
            (left,) = mock_server.control.sessions()
            assert names and left.name == "default"
        """
    ).assert_outcomes(passed=2)


def test_the_key_of_a_session_leads_to_it_without_its_url(suite: Suite) -> None:
    suite(
        """
        from types import SimpleNamespace
        from wire import submit

        def test_by_key(mock_server, mock_session):
            caller = SimpleNamespace(base_url=mock_server.base_url, api_key=mock_session.api_key)
            submit(caller)
            assert len(list(mock_session.tasks)) == 1
        """
    ).assert_outcomes(passed=1)
