"""One run of a command: what is noted of it on the way, and what came of it."""

import asyncio

from contract_tests.clients.client import Now
from contract_tests.clients.dilation import Dilation
from contract_tests.clients.processes.bounded_text import BoundedText
from contract_tests.clients.processes.printed import Ended, ended
from contract_tests.clients.processes.process import Process
from contract_tests.clients.saved_files import saved_files
from contract_tests.outcome import Job, Outcome, OutcomeStatus
from contract_tests.trace import Done, SavedFile


class CommandRun:
    """The notes on one run; times are seconds of the session's clock.

    ``stopped`` is when it was told to stop. ``word`` is what the process told in the end, None
    where it had to be ended by force; ``left`` counts the processes that it left behind.
    """

    def __init__(self, job: Job, now: Now, dilation: Dilation | None) -> None:
        self.job = job
        self.now = now
        self.started = self.ended = now()
        self.stopped: float | None = None
        self.stdout = BoundedText(secret=job.api_key)
        self.stderr = BoundedText(secret=job.api_key)
        self.word: Ended | None = None
        self.left = 0
        self.files: tuple[SavedFile, ...] = ()
        self._dilation = dilation
        self._pid = 0

    @property
    def speed(self) -> float:
        """How fast the session's clock runs."""
        return 1.0 if self._dilation is None else self._dilation.factor

    def dilated(self) -> dict[str, str]:
        """What has to be in the environment for the process to live by the session's clock."""
        return {} if self._dilation is None else self._dilation.environment(self.now)

    async def clear(self, process: Process, grace: float) -> None:
        """End what is left of the process, ``grace`` seconds after its own end, and look at it."""
        has_ended = process.exited.done()
        self._pid = process.pid
        left = await process.close(grace if has_ended else 0.0)
        self.left = left if has_ended else 0
        if self._dilation is not None:
            await asyncio.to_thread(self._dilation.clean)
        self.files = await asyncio.to_thread(saved_files, self.job.out_dir)
        if has_ended and process.exit_status is not None:
            was_told = self.stopped is not None
            self.word = ended(process.exit_status, self.stdout, self.stderr, was_told=was_told)

    def done(self) -> Done:
        """What came of it."""
        if self.word is None:
            return self._done(None)
        outcome = self.word.outcome(self.ended - self.started)
        progress = () if self.word.reported is None else self.word.reported.progress
        return self._done(outcome, self.word.raised, self.word.typed, progress)

    def not_begun(self, why: str) -> Done:
        """What is said of a job that could not be given to the client."""
        return self._done(Outcome(OutcomeStatus.UNKNOWN, message=f"not begun: {why}"))

    def _done(
        self,
        outcome: Outcome | None,
        raised: str | None = None,
        typed: bool = True,
        progress: tuple[float, ...] = (),
    ) -> Done:
        return Done(
            self.job,
            outcome,
            self.started,
            self.ended,
            raised,
            typed,
            progress,
            self.stopped,
            self.files,
            self.left,
            str(self._pid),
            # Else the outcome has it.
            self.stdout.text() + self.stderr.text() if outcome is None else "",
        )
