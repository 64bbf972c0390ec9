"""One job of a long-lived process: what is noted of it on the way, and what came of it."""

from contract_tests.clients.client import Now
from contract_tests.clients.conversation import Conversation, Talk
from contract_tests.clients.processes.crashes import crash, is_mistake
from contract_tests.clients.processes.printed import status_by_custom
from contract_tests.clients.reported import Reported
from contract_tests.outcome import Job, Outcome, OutcomeStatus
from contract_tests.trace import Done, SavedFile


class JsonLinesRun:
    """The notes on one job; times are seconds of the session's clock.

    ``stopped`` is when it was told to stop. ``leftovers`` is how many connections the process had
    open when it last had nothing to do.
    """

    def __init__(self, job: Job, now: Now, speed: float) -> None:
        self.job = job
        self.now = now
        self.speed = speed
        self.started = self.ended = now()
        self.stopped: float | None = None
        self.talk: Talk | None = None
        self.is_over = False
        self.leftovers = 0
        self.files: tuple[SavedFile, ...] = ()
        self._process = ""

    def begin(self, conversation: Conversation) -> Talk:
        """Hand the job over: its time counts from now on."""
        self.started = self.now()
        self.talk = conversation.run(self.job)
        self._process = "" if conversation.process is None else str(conversation.process.pid)
        return self.talk

    def done(self, conversation: Conversation) -> Done:
        """What came of it."""
        assert self.talk is not None
        if not self.is_over:
            return self._done(None)
        result, status = self._result(), conversation.exit_status
        if result is not None:
            raised = self.talk.raised
            typed = raised is None or not is_mistake(raised)
            return self._done(self._outcome(result, status), raised, typed=typed)
        if status is None:
            return self._done(None)
        return self._died(self.talk, status)

    def not_begun(self, why: str) -> Done:
        """What is said of a job for which there was no process."""
        return self._done(Outcome(OutcomeStatus.UNKNOWN, message=f"not begun: {why}"))

    def _died(self, talk: Talk, exit_status: int) -> Done:
        was_told = self.stopped is not None
        status = status_by_custom(exit_status, was_told=was_told)
        if was_told:
            return self._done(self._outcome(Reported(status), exit_status))
        why = f"the process ended with status {exit_status} in the middle of the job"
        raised = crash(exit_status, talk.stderr.end()) or f"exit status {exit_status}"
        ended = Reported(OutcomeStatus.FAILED, message=why)
        return self._done(self._outcome(ended, exit_status), raised, typed=False)

    def _outcome(self, reported: Reported, exit_status: int | None) -> Outcome:
        assert self.talk is not None
        stdout, stderr = self.talk.stdout.text(), self.talk.stderr.text()
        return reported.outcome(exit_status, stdout, stderr, self.ended - self.started)

    def _done(
        self, outcome: Outcome | None, raised: str | None = None, *, typed: bool = True
    ) -> Done:
        progress = [] if self.talk is None else self.talk.progress
        if not progress and (result := self._result()) is not None:
            progress = list(result.progress)
        return Done(
            self.job,
            outcome,
            self.started,
            self.ended,
            raised,
            typed,
            tuple(progress),
            self.stopped,
            self.files,
            self.leftovers,
            self._process,
            self._printed() if outcome is None else "",
        )

    def _printed(self) -> str:
        """What was printed meanwhile; an outcome has it too."""
        return "" if self.talk is None else self.talk.stdout.text() + self.talk.stderr.text()

    def _result(self) -> Reported | None:
        is_known = self.talk is not None and self.talk.over.done()
        return self.talk.over.result() if self.talk is not None and is_known else None
