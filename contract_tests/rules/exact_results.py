"""OUT-03: the results are handed on as they were served."""

from collections import Counter
from collections.abc import Mapping

from contract_tests.finding import Finding, Violation, Words
from contract_tests.outcome import OutcomeStatus
from contract_tests.rules.base import samples
from contract_tests.rules.base.jobs import JobCalls, calls_by_job, is_late
from contract_tests.rules.base.replies import results_in
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Ability, Trace
from mock_server.core.lifecycle import Phase

# The URLs of each task, by the number of the call that told them.
Served = Mapping[int, tuple[str, ...]]


class ExactResults(Rule):
    """The caller gets every result, in order, by its exact URL."""

    id = "exact-results"
    number = "OUT-03"
    title = "The results are the served ones: as many, in the same order, each URL to the letter"
    grade = Grade.MUST
    origin = Origin.DOCUMENTED
    why = (
        "Result URLs are signed: one that was decoded, encoded again or cut is refused. Images that"
        " get lost or change places have been paid for and belong to the wrong caption."
    )
    source = "REF tasks/image-status: result.data, one entry per image; GUIDE Key Parameters: n"
    mend = (
        "Hand on every URL of the list in its order, not only the first.",
        "Keep the text of a URL as it is: no decoding, no sorting, no cutting of its query.",
    )
    needs = frozenset({Ability.REPORTS})

    def judge(self, trace: Trace) -> Finding:
        """Every job whose results were told, against its report."""
        found = ((job, _served(trace, job)) for job in calls_by_job(trace))
        told = [(job, served) for job, served in found if _must_be_told(trace, job, served)]
        return self.judged(
            trace,
            chances=len(told),
            idle="no results were told",
            violations=[
                _violation(job, served) for job, served in told if not _are_handed_on(job, served)
            ],
        )

    @property
    def innocent(self) -> Trace:
        """The one result, to the letter."""
        calls = samples.submit(1, 0), samples.poll(2, 5, Phase.SUCCEEDED)
        return samples.trace(*calls, outcome=samples.succeeded())

    @property
    def guilty(self) -> Trace:
        """The same URL, decoded on the way."""
        calls = samples.submit(1, 0), samples.poll(2, 5, Phase.SUCCEEDED)
        decoded = samples.RESULT.replace("%2F", "/")
        return samples.trace(*calls, outcome=samples.succeeded(decoded))


def _served(trace: Trace, job: JobCalls) -> Served:
    ends = job.ends(Phase.SUCCEEDED)
    return {one.number: urls for one in ends if (urls := results_in(trace.terms, one))}


def _must_be_told(trace: Trace, job: JobCalls, served: Served) -> bool:
    """A success always; where a job failed, only if nothing that was served can be the reason."""
    if not served or job.outcome is None or job.done.stopped is not None:
        return False
    if job.claims_success:
        return True
    is_whole = sum(map(len, served.values())) == job.done.job.n
    is_calm = all(one.fault is None and one.heard_status in _FINE for one in job.calls)
    return is_whole and is_calm and not is_late(trace, job.done)


_FINE = frozenset({200, 206, 304})


def _are_handed_on(job: JobCalls, served: Served) -> bool:
    """Whether the caller has those of one task, or those of all tasks, each task's in order."""
    if job.outcome is None or job.outcome.status is not OutcomeStatus.SUCCEEDED:
        return False
    urls, lists = job.outcome.urls, list(served.values())
    if urls in lists:
        return True
    is_complete = Counter(urls) == Counter(url for one in lists for url in one)
    return is_complete and all(tuple(url for url in urls if url in one) == one for one in lists)


def _violation(job: JobCalls, served: Served) -> Violation:
    urls = () if job.outcome is None else job.outcome.urls
    expected = [url for one in served.values() for url in one]
    strange = next((url for url in urls if url not in expected), None)
    lost = next((url for url in expected if url not in urls), None)
    facts = {
        "told": len(urls),
        "served": len(expected),
        "status": "nothing" if job.outcome is None else job.outcome.status.value,
        "url": strange or lost,
    }
    words = "{status}: {told} URLs reported, {served} served"
    if strange is not None:
        words += ", {url} was not among them"
    elif lost is not None:
        words += ", {url} is missing"
    else:
        words += ", in another order"
    return Violation(tuple(served), Words(words, facts))
