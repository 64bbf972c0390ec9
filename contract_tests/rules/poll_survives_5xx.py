"""RET-09: a failed poll is not a failed task."""

from collections.abc import Sequence

from contract_tests.finding import Finding, Violation, Words
from contract_tests.rules.base import samples
from contract_tests.rules.base.patience import has_given_up, is_passing
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Exchange, Trace, by_call
from mock_server.core.lifecycle import Phase

_SURVIVED = 2


class PollSurvives5xx(Rule):
    """A server error or a broken connection on a poll is tolerated, twice at least."""

    id = "poll-survives-5xx"
    number = "RET-09"
    title = "A poll that meets a server error or no reply is made again, at least twice in a row"
    grade = Grade.SHOULD
    origin = Origin.SAFETY
    why = "A read changes nothing and may be repeated; giving up throws away a paid image."
    source = "RFC 9110, 9.2.2: GET is idempotent, and may be repeated after a failure"
    mend = (
        "Look at the status code before you parse: gateways answer in HTML.",
        "After a 5xx or a broken connection wait as after a 429, and poll the same id again.",
    )

    def judge(self, trace: Trace) -> Finding:
        """Every task whose polls failed, and how polling went on."""
        polls = [one for one in trace.exchanges if one.operation == "status"]
        tasks = [one for one in by_call(polls).values() if any(map(_is_failure, one))]
        given_up = [one for one in tasks if _is_given_up(trace, one)]
        shown = [one for one in tasks if _longest(one) >= _SURVIVED and not _is_failure(one[-1])]
        persisted = [one for one in tasks if _is_failure(one[-1]) and _longest(one) > _SURVIVED]
        return self.judged(
            trace,
            chances=len(given_up) + len(shown) + len(persisted),
            idle="no task had two polls in a row that failed",
            violations=[
                Violation(
                    (one[-1].number,),
                    Words(
                        "given up at call {call}, poll {count} of the task that failed",
                        {"call": one[-1].number, "count": sum(map(is_passing, one))},
                    ),
                )
                for one in given_up
            ],
            needs_all=True,
        )

    @property
    def innocent(self) -> Trace:
        """Two pages of a gateway, then the result."""
        gateway = [samples.poll(n, 5 * n, status=502, content=b"<html>") for n in (2, 3)]
        end = samples.poll(4, 20, Phase.SUCCEEDED)
        return samples.trace(samples.submit(1, 0), *gateway, end, outcome=samples.succeeded())

    @property
    def guilty(self) -> Trace:
        """Given up at the first."""
        gateway = samples.poll(2, 5, status=502, content=b"<html>")
        return samples.trace(samples.submit(1, 0), gateway, outcome=samples.failed("e502"))


def _is_failure(poll: Exchange) -> bool:
    return poll.heard_status is None or poll.heard_status >= 500


def _is_given_up(trace: Trace, polls: Sequence[Exchange]) -> bool:
    """Whether a failure was the end, though clients that count all trouble had room for more."""
    failures = sum(map(is_passing, polls))
    is_early = _is_failure(polls[-1]) and failures <= _SURVIVED
    return is_early and has_given_up(trace, polls[-1], failures - 1)


def _longest(polls: Sequence[Exchange]) -> int:
    """The most failures in a row."""
    longest = row = 0
    for poll in polls:
        row = row + 1 if _is_failure(poll) else 0
        longest = max(longest, row)
    return longest
