"""POL-03: a task that is over is left alone."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from contract_tests.finding import Finding
from contract_tests.rules.base import samples
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Exchange, Trace, by_call
from mock_server.core.lifecycle import Phase
from mock_server.core.verification.quiet import broken_quiet, quiet_time_left
from mock_server.core.verification.scopes import Followed, followed

# The silence that shows the end of polling, in intervals.
_QUIET_INTERVALS = 3


class QuietAfterEnd(Rule):
    """No poll follows a whole reply that told its caller that the task succeeded or failed."""

    id = "quiet-after-end"
    number = "POL-03"
    title = "A task is not polled any more once its end was told"
    grade = Grade.MUST
    origin = Origin.DOCUMENTED
    why = (
        "Nothing will change any more. Loops that do not see the end run until the process ends,"
        " one for each task."
    )
    source = "REF tasks/image-status: stop when the status is completed or failed"
    mend = (
        "Leave the loop at both ends, the success and the failure, before it sleeps again.",
        "Stop timers and background tasks together with it.",
    )

    def judge(self, trace: Trace) -> Finding:
        """The polls after the end, task by task."""
        ends = list(_ends(trace))
        return self.judged(
            trace,
            chances=len(ends),
            idle="nobody was told of the end of a task",
            violations=broken_quiet(ends, "polled again in call {call}, {seconds:.3f} s after"),
            pending=quiet_time_left(trace.calls, ends, _quiet_time(trace)),
        )

    @property
    def innocent(self) -> Trace:
        """Nothing for a minute."""
        calls = samples.submit(1, 0), samples.poll(2, 5, Phase.SUCCEEDED)
        return samples.trace(*calls, taken=65)

    @property
    def guilty(self) -> Trace:
        """Another poll."""
        calls = samples.submit(1, 0), samples.poll(2, 5, Phase.SUCCEEDED)
        return samples.trace(*calls, samples.poll(3, 10, Phase.SUCCEEDED))


def _ends(trace: Trace) -> Iterator[Followed]:
    """The ends that were told by replies that no fault had touched, and the polls after them."""
    for polls in by_call(trace.calls.polls()).values():
        end = followed(polls, lambda poll: poll.says_end and poll.fault is None)
        if end is not None:
            yield replace(end, followers=_without_reason(trace, end.followers))


def _without_reason(trace: Trace, followers: Sequence[Exchange]) -> tuple[Exchange, ...]:
    """The polls that nothing called for; one that ask for new URLs after a failed fetch was."""
    failed = [
        one
        for one in trace.calls.exchanges
        if one.operation == "result" and (one.heard_status is None or one.heard_status >= 400)
    ]
    left = []
    for poll in followers:
        reason = next((one for one in failed if _precedes(one, poll)), None)
        if reason is None:
            left.append(poll)
        else:
            failed.remove(reason)
    return tuple(left)


def _precedes(fetch: Exchange, poll: Exchange) -> bool:
    return fetch.task in (None, poll.task) and fetch.number < poll.number


def _quiet_time(trace: Trace) -> float:
    """The seconds of silence that are due; none after clients that have ended by themselves."""
    has_ended = bool(trace.jobs) and all(done.outcome is not None for done in trace.jobs)
    return 0.0 if has_ended else _QUIET_INTERVALS * trace.calls.polling.interval
