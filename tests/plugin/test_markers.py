"""What the markers make of a session, and what they say when they cannot."""

from collections.abc import Callable

import pytest

pytest_plugins = ("pytester",)

Suite = Callable[..., pytest.RunResult]


def test_faults_strike_in_their_order(suite: Suite) -> None:
    suite(
        """
        import pytest
        from wire import status, submit

        @pytest.mark.faults(submit=["429", "pass"], status="503")
        def test_struck(mock_session):
            assert submit(mock_session)[0] == 429
            task = submit(mock_session)[1]["id"]
            assert status(mock_session, task)[0] == 503
        """
    ).assert_outcomes(passed=1)


def test_faults_of_class_and_test_add_up_and_the_nearest_scenario_holds(suite: Suite) -> None:
    suite(
        """
        import pytest
        from wire import submit

        @pytest.mark.scenario("faults/lost-reply")
        @pytest.mark.faults(submit="429")
        class TestBusy:
            @pytest.mark.scenario("faults/submit-server-error")
            @pytest.mark.faults(submit="503")
            def test_all(self, mock_session):
                assert mock_session.scenario().name == "faults/submit-server-error"
                planned = [one.fault for one in mock_session.faults.account().planned]
                assert planned[-2:] == ["429", "503"]
                mock_session.faults.withdraw()
        """
    ).assert_outcomes(passed=1)


def test_a_scenario_may_be_a_name_a_file_a_text_or_a_value(
    suite: Suite, pytester: pytest.Pytester
) -> None:
    story = "title: Busy\nwhy: To be read from a file.\nfaults: {submit: [429]}\n"
    pytester.path.joinpath("busy.yaml").write_text(story, "utf-8")
    suite(
        """
        import pathlib
        import pytest
        from wire import submit

        TEXT = "title: Busy\\nwhy: As a text.\\nfaults: {submit: [429]}"
        VALUE = {"title": "Busy", "why": "As a value.", "faults": {"submit": [429]}}
        BUSY = ["faults/busy-then-ok", "busy.yaml", pathlib.Path("busy.yaml"), TEXT, VALUE]

        @pytest.mark.parametrize(
            "story", [pytest.param(one, marks=pytest.mark.scenario(one)) for one in BUSY]
        )
        def test_busy(mock_session, story):
            assert submit(mock_session)[0] == 429
            mock_session.faults.withdraw()
        """
    ).assert_outcomes(passed=5)


def test_a_scenario_marker_decides_about_seed_and_clock(suite: Suite) -> None:
    suite(
        """
        import pytest

        @pytest.mark.scenario(seed=7, speed=20)
        def test_fast(mock_session):
            assert mock_session.clock.facts().speed == 20
            assert mock_session.scenario().seed == 7

        @pytest.mark.scenario("lifecycle/slow-queue", frozen=True)
        def test_frozen(mock_session):
            assert mock_session.clock.facts().frozen
        """
    ).assert_outcomes(passed=2)


# A marker, and words that must stand in the line that tells what is wrong with it.
WRONG = {
    'scenario("faults/lost-replie")': ("'faults/lost-replie'", "mean 'faults/lost-reply'?"),
    'scenario("faults/lost-reply", sped=2)': ("$.sped: ", "mean 'speed'?"),
    'scenario("nowhere.yaml")': ("a scenario file in ", "seen no 'nowhere.yaml' there"),
    'scenario("a", "b")': ("mark.scenario: expected one story", "seen 2 of them"),
    'scenario({"title": "a"})': ("$.why: expected a value, seen nothing",),
    'faults(sumbit="429")': ("$.sumbit: ", "mean 'submit'?"),
    'faults(submit=["pass", "resett"])': ("$.submit[1]: expected the name", "mean 'reset'?"),
    'faults(submit="429(after=2)")': ("$.submit: expected an option of status", "'after'"),
    'faults("429")': ("mark.faults: expected operations by name", "seen '429'"),
    'faults(unspent="maybe")': ("mark.faults: expected unspent to be fail or allowed", "'maybe'"),
}


def test_every_wrong_marker_is_told_with_the_nearest_name_and_no_traceback(suite: Suite) -> None:
    tests = (
        f"@pytest.mark.{marker}\ndef test_{number}(mock_session): raise AssertionError\n"
        for number, marker in enumerate(WRONG)
    )
    run = suite("import pytest\n" + "\n".join(tests))
    run.assert_outcomes(errors=len(WRONG))
    start = "the mock cannot do what this test wants: "
    told = [line for line in run.outlines if line.startswith(start)]
    for words in WRONG.values():
        assert any(all(word in line for word in words) for line in told), words
    run.stdout.no_fnmatch_line("*Traceback*")


def test_markers_are_refused_where_the_test_asks_for_the_shared_server_only(suite: Suite) -> None:
    run = suite(
        """
        import pytest

        @pytest.mark.faults(submit="429")
        def test_shared(mock_server): pass

        @pytest.mark.scenario("of somebody else's plugin")
        def test_of_others(): pass
        """
    )
    run.assert_outcomes(passed=1, errors=1)
    run.stdout.fnmatch_lines(
        ["*its markers are about mock_session, and it asks for mock_server only"]
    )


@pytest.mark.parametrize(
    ("option", "line"),
    [
        ("--markers", "@pytest.mark.scenario(story=None, *, seed, speed, frozen): *"),
        ("--markers", "@pytest.mark.faults(*, unspent='fail', [*][*]queues): *"),
        ("--fixtures", "mock_server [[]session scope[]] -- *"),
        ("--fixtures", "mock_session -- *"),
    ],
)
def test_pytest_itself_describes_the_markers_and_fixtures(
    suite: Suite, option: str, line: str
) -> None:
    suite("", option).stdout.fnmatch_lines([line])
