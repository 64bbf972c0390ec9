"""POL-12: a new task may be unknown for a moment."""

from collections.abc import Iterator

from contract_tests.finding import Finding, Violation, Words
from contract_tests.rules.base import samples
from contract_tests.rules.base.patience import has_given_up
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Exchange, Trace, by_call


class Early404(Rule):
    """After a 404 for a task that was just made, the client asks at least once more."""

    id = "early-404"
    number = "POL-12"
    title = "A 404 to the first poll of a new task is put up with at least once"
    grade = Grade.MAY
    origin = Origin.SAFETY
    why = (
        "Order and status can be on different machines, and the news of the task is still on its"
        " way. Giving up at once loses a task that is paid for."
    )
    source = "the kit: rules for clients, POL-12"
    mend = (
        "After the first 404 of a task that you have just submitted, wait and ask again.",
        "Report it if it stays unknown, or was known before.",
    )

    def judge(self, trace: Trace) -> Finding:
        """Every first poll of a new task that was answered 404."""
        early = list(_early(trace))
        given_up = [poll for poll, again in early if again is None and has_given_up(trace, poll)]
        return self.judged(
            trace,
            chances=sum(again is not None for _, again in early) + len(given_up),
            idle="no new task was unknown to the first poll, and the client free to ask again",
            violations=[
                Violation(
                    (poll.number,),
                    Words("given up after the 404 of call {call}", {"call": poll.number}),
                )
                for poll in given_up
            ],
            needs_all=True,
        )

    @property
    def innocent(self) -> Trace:
        """404, then the task."""
        calls = samples.submit(1, 0), samples.poll(2, 5, status=404)
        return samples.trace(*calls, samples.poll(3, 10))

    @property
    def guilty(self) -> Trace:
        """404, and an error."""
        calls = samples.submit(1, 0), samples.poll(2, 5, status=404)
        return samples.trace(*calls, outcome=samples.failed("not_found"))


def _early(trace: Trace) -> Iterator[tuple[Exchange, Exchange | None]]:
    """The first polls that did not find a task which had been made, and the next ones."""
    made = {one.task for one in trace.calls.submits() if one.created}
    for polls in by_call(trace.calls.polls()).values():
        first, *later = polls
        if first.heard_status == 404 and first.task in made:
            yield first, later[0] if later else None
