"""OUT-09: a file that is not the whole image does not stay."""

from collections.abc import Iterator
from pathlib import PurePath

from contract_tests.finding import Finding, Violation, Words
from contract_tests.rules.base import samples
from contract_tests.rules.base.jobs import JobCalls, calls_by_job
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Ability, Done, Exchange, SavedFile, Trace
from mock_server.core.lifecycle import Phase

# Notes that a client may keep beside the images.
_NOTES = frozenset({".json", ".jsonl", ".txt", ".log"})


class DownloadChecked(Rule):
    """What is saved is a whole image, or is taken away again."""

    id = "download-checked"
    number = "OUT-09"
    title = "A download is checked, and a file that is cut or no image is removed"
    grade = Grade.MAY
    origin = Origin.SAFETY
    why = (
        "Half a PNG opens in some programs and not in others. The next run finds the file there"
        " and takes it for done."
    )
    source = "kit: Content-Length may fit although the file does not"
    mend = (
        "Save under another name, check length and contents, then rename.",
        "Remove what was saved when the check fails, and report the job as failed.",
    )
    needs = frozenset({Ability.DOWNLOADS})

    def judge(self, trace: Trace) -> Finding:
        """Every job that met a download with something wrong about it, and the files it left."""
        met = [(job, calls) for job in calls_by_job(trace) if (calls := _spoiled(job))]
        left = [(calls, file) for job, calls in met for file in _bad_files(job.done)]
        noticed = [job for job, calls in met if _is_noticed(job, calls)]
        return self.judged(
            trace,
            chances=len(left) + len(noticed),
            idle="no download was spoiled",
            violations=[_violation(calls, file) for calls, file in left],
        )

    @property
    def innocent(self) -> Trace:
        """Half an image, an error, and no file."""
        return _trace(samples.done(samples.failed(message="image 1 is cut")))

    @property
    def guilty(self) -> Trace:
        """Half an image, and it stays."""
        file = SavedFile("image-1.png", 500, is_image=False)
        return _trace(samples.done(samples.succeeded(), files=(file,)))


def _trace(job: Done) -> Trace:
    download = samples.download(3, 6, fault="image(how=truncated)", told=False)
    calls = samples.submit(1, 0), samples.poll(2, 5, Phase.SUCCEEDED), download
    return samples.trace(*calls, jobs=(job,))


def _spoiled(job: JobCalls) -> tuple[Exchange, ...]:
    """Downloads that a fault struck although their status was fine."""
    downloads = (one for one in job.calls if one.operation == "result")
    return tuple(one for one in downloads if one.heard_status == 200 and not one.told)


def _bad_files(done: Done) -> Iterator[SavedFile]:
    for file in done.files:
        if not file.is_image and PurePath(file.name).suffix.lower() not in _NOTES:
            yield file


def _is_noticed(job: JobCalls, spoiled: tuple[Exchange, ...]) -> bool:
    """Whether anything shows that a fault did harm: a job that complained, or fetched anew.

    Not every fault does: a slow image is as good as any.
    """
    paths = {one.path for one in spoiled}
    later = (one for one in job.calls if one.path in paths and one.number > spoiled[0].number)
    return not job.is_silent_success or any(one.told for one in later)


def _violation(calls: tuple[Exchange, ...], file: SavedFile) -> Violation:
    numbers = tuple(one.number for one in calls)
    facts = {"name": file.name, "size": file.size, "call": numbers[-1]}
    words = "{name} ({size} bytes) is no whole image and was left after call {call}"
    return Violation(numbers, Words(words, facts))
