"""CON-02: jobs that run at the same time keep their results apart."""

from collections import Counter
from collections.abc import Iterator, Mapping

from contract_tests.finding import Finding, Violation, Words
from contract_tests.outcome import Outcome, OutcomeStatus
from contract_tests.rules.base import samples
from contract_tests.rules.base.jobs import JobCalls, calls_by_prompt
from contract_tests.rules.base.replies import results_in
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Ability, Done, Exchange, Trace
from mock_server.core.lifecycle import Phase


class ResultsNotMixed(Rule):
    """Each caller gets the images of the own prompt."""

    id = "results-not-mixed"
    number = "CON-02"
    title = "Jobs at the same time never get each other's tasks or results"
    grade = Grade.MUST
    origin = Origin.SAFETY
    why = (
        "One customer is shown another's picture. It happens only under load, and no error tells"
        " of it."
    )
    source = "kit: tasks finish in another order than they were submitted"
    mend = (
        "Keep the task's id in the call that submitted it, not in a shared variable.",
        "Give results back by their task, not by the order in which they arrive.",
    )
    needs = frozenset({Ability.REPORTS, Ability.PARALLEL})

    def judge(self, trace: Trace) -> Finding:
        """Every job that succeeded beside others, against the tasks of its own prompt."""
        owners = _owners(trace)
        beside = [done for done in trace.jobs if _has_succeeded(done)]
        known = [job for job in calls_by_prompt(trace) if _has_succeeded(job.done)]
        strange = [one for job in known for one in _strange(job, owners)]
        return self.judged(
            trace,
            chances=len(beside) if len(trace.jobs) > 1 and owners else 0,
            idle="no job succeeded beside another one",
            violations=[*strange, *([] if strange else _shared(beside, owners))],
        )

    @property
    def innocent(self) -> Trace:
        """Two jobs, each with its own result."""
        return _trace("a", "b")

    @property
    def guilty(self) -> Trace:
        """Two jobs with their results exchanged."""
        return _trace("b", "a")


def _trace(*reported: str) -> Trace:
    calls = [
        samples.submit(1, 0, {"prompt": "cat a"}, task="ta"),
        samples.submit(2, 0, {"prompt": "cat b"}, task="tb"),
        *(_success(number, name) for number, name in enumerate("ba", 3)),
    ]
    jobs = [
        samples.done(
            Outcome(OutcomeStatus.SUCCEEDED, f"t{told}", (_url(told),)),
            job=samples.job(prompt=f"cat {name}", id=name),
        )
        for name, told in zip("ab", reported, strict=True)
    ]
    return samples.trace(*calls, jobs=tuple(jobs))


def _url(name: str) -> str:
    return f"{samples.ORIGIN}/generated/{name}.png"


def _success(number: int, name: str) -> Exchange:
    result = {"type": "image", "data": [{"url": _url(name)}]}
    content = samples.task_text(Phase.SUCCEEDED, f"t{name}", result=result)
    return samples.poll(number, 5 + number, Phase.SUCCEEDED, task=f"t{name}", content=content)


def _has_succeeded(done: Done) -> bool:
    return JobCalls(done, ()).claims_success


def _owners(trace: Trace) -> Mapping[str, str]:
    """The task that each served URL belongs to."""
    polls = (one for one in trace.calls.polls() if one.phase is Phase.SUCCEEDED and one.task)
    return {url: str(one.task) for one in polls for url in results_in(trace.terms, one)}


def _strange(job: JobCalls, owners: Mapping[str, str]) -> Iterator[Violation]:
    """A report that names a task which another prompt made, or a result of such a task."""
    assert job.outcome is not None
    own = {one.task for one in job.calls if one.created}
    told = [*(owners.get(url) for url in job.outcome.urls), job.outcome.task_id]
    found = [task for task in told if task in set(owners.values()) and task not in own]
    if found:
        facts = {"job": job.done.job.id, "task": found[0]}
        numbers = tuple(one.number for one in job.calls if one.created)
        yield Violation(numbers, Words("job {job} got what belongs to task {task}", facts))


def _shared(beside: list[Done], owners: Mapping[str, str]) -> Iterator[Violation]:
    """Results that two jobs have got; jobs with one prompt cannot be told apart otherwise."""
    reports = [set(done.outcome.urls) for done in beside if done.outcome is not None]
    counted = Counter(url for urls in reports for url in urls if url in owners)
    for url, times in counted.items():
        if times > 1:
            yield Violation((), Words("{times} jobs got {url}", {"times": times, "url": url}))
