"""OUT-08: a result that is gone is not fetched for ever."""

from collections.abc import Iterator

from contract_tests.finding import Finding, Violation, Words
from contract_tests.rules.base import samples
from contract_tests.rules.base.jobs import calls_by_job
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Ability, Exchange, Trace
from mock_server.core.lifecycle import Phase

# A URL that has expired may be got anew once, by one more poll.
_SECOND_CHANCES = 1


class ExpiredResultHandled(Rule):
    """A download that is refused for good is an error, or is tried once more."""

    id = "expired-result-handled"
    number = "OUT-08"
    title = "A result URL that has expired is reported, or got anew once, not fetched for ever"
    grade = Grade.SHOULD
    origin = Origin.SAFETY
    why = (
        "Results live for a day. A 403 of a file host never turns into an image, and a success"
        " without the file is found out when it is too late to fetch it."
    )
    source = "REF tasks/image-status: results expire after 24 hours; RFC 9110, 15.5.4 and 15.5.11"
    mend = (
        "Treat 403 and 410 of a download as final; poll once more for a fresh URL at most.",
        "Report the job as failed, or as a success with a message that names the lost file.",
    )
    needs = frozenset({Ability.DOWNLOADS})

    def judge(self, trace: Trace) -> Finding:
        """Every result file that was refused."""
        files = _files(trace)
        refused = {path: calls for path, calls in files.items() if any(map(_is_gone, calls))}
        silent = _silent_tasks(trace)
        return self.judged(
            trace,
            chances=len(refused),
            idle="no download was refused with 403 or 410",
            violations=[one for calls in refused.values() for one in _violations(calls, silent)],
        )

    @property
    def innocent(self) -> Trace:
        """A refused download that is reported."""
        outcome = samples.failed(message="image 1 could not be fetched: 403")
        return samples.trace(*_until_download(), outcome=outcome)

    @property
    def guilty(self) -> Trace:
        """A refused download, again and again."""
        more = [samples.download(4 + index, 15 + index, status=403) for index in range(3)]
        return samples.trace(*_until_download(), *more)


def _until_download() -> tuple[Exchange, ...]:
    return (
        samples.submit(1, 0),
        samples.poll(2, 5, Phase.SUCCEEDED),
        samples.download(3, 6, status=403),
    )


def _files(trace: Trace) -> dict[str, list[Exchange]]:
    found: dict[str, list[Exchange]] = {}
    for one in trace.calls.exchanges:
        if one.operation == "result":
            found.setdefault(one.path, []).append(one)
    return found


def _is_gone(call: Exchange) -> bool:
    # Of a refusal that a later fault breaks off, libraries tell no status.
    is_heard = call.told or call.moment == "before"
    return call.heard_status in (403, 410) and is_heard


def _silent_tasks(trace: Trace) -> frozenset[str | None]:
    """The tasks whose jobs reported a plain success."""
    if Ability.REPORTS not in trace.abilities:
        return frozenset()
    jobs = [job for job in calls_by_job(trace) if job.is_silent_success]
    return frozenset(call.task for job in jobs for call in job.calls if call.task)


def _violations(calls: list[Exchange], silent: frozenset[str | None]) -> Iterator[Violation]:
    gone = [one for one in calls if _is_gone(one)]
    numbers = tuple(one.number for one in gone)
    facts = {"call": numbers[0], "times": len(gone), "path": gone[0].path}
    if len(gone) > 1 + _SECOND_CHANCES:
        yield Violation(numbers, Words("{path} was fetched {times} times in vain", facts))
    is_saved = any(one.heard_status in (200, 206) for one in calls)
    if gone[-1].task in silent and not is_saved:
        words = "{path} was refused in call {call}, a plain success was reported"
        yield Violation(numbers, Words(words, facts))
