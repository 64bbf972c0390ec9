"""What random stories found: clients that were right, and were blamed all the same."""

from contract_tests.finding import Verdict
from contract_tests.rules import rule_named
from contract_tests.rules.base import samples
from mock_server.core.lifecycle import Phase


def test_progress_that_stood_still_makes_no_success_of_a_task_without_images() -> None:
    nothing = samples.task_text(Phase.SUCCEEDED, result={"type": "image", "data": []})
    trace = samples.trace(
        samples.submit(1, 0),
        samples.poll(2, 5, content=samples.task_text(Phase.RUNNING, progress=100)),
        samples.poll(3, 10, Phase.SUCCEEDED, content=nothing),
        outcome=samples.failed("no_images"),
    )
    assert rule_named("odd-progress").check(trace).verdict is not Verdict.FAILED


def test_a_refusal_that_is_the_fault_itself_counts() -> None:
    refused = {"status": 403, "told": False, "fault": "403", "moment": "before"}
    trace = samples.trace(
        samples.submit(1, 0),
        samples.poll(2, 5, Phase.SUCCEEDED),
        *(samples.download(number, 6 + number, **refused) for number in (3, 4, 5)),
        outcome=samples.failed(403),
    )
    assert rule_named("expired-result-handled").check(trace).verdict is Verdict.ADVICE


def test_a_refusal_that_broke_off_may_be_asked_for_again() -> None:
    broken = {"status": 403, "told": False, "fault": "cut", "moment": "after"}
    trace = samples.trace(
        samples.submit(1, 0),
        samples.poll(2, 5, Phase.SUCCEEDED),
        samples.download(3, 6, **broken),
        samples.download(4, 8, **broken),
        samples.download(5, 11, status=403),
        outcome=samples.failed(403),
    )
    assert rule_named("expired-result-handled").check(trace).verdict is Verdict.PASSED
