"""How a job ended, as far as a process tells: by its exit status and by what it printed."""

from dataclasses import dataclass

from contract_tests.clients.processes.bounded_text import BoundedText
from contract_tests.clients.processes.crashes import crash, is_mistake
from contract_tests.clients.reported import BadReportError, Reported, reported_at_end
from contract_tests.outcome import Outcome, OutcomeStatus


@dataclass(frozen=True, slots=True)
class Ended:
    """What is known of a process that ended by itself.

    ``reported`` is its own word, None if its last line is no report; ``complaint`` says what is
    wrong with a last line that seems to be one. ``raised`` is the error that it died of.
    """

    exit_status: int
    stdout: str
    stderr: str
    was_told: bool
    reported: Reported | None
    complaint: str | None
    raised: str | None

    @property
    def typed(self) -> bool:
        """Whether the error, if there is one, is more than a mistake of the client."""
        return self.raised is None or not is_mistake(self.raised)

    def outcome(self, duration: float) -> Outcome:
        """The outcome: the client's own word, else what the exit status says by custom."""
        by_custom = status_by_custom(self.exit_status, was_told=self.was_told)
        word = self.reported or Reported(by_custom)
        return word.outcome(self.exit_status, self.stdout, self.stderr, duration)


def ended(exit_status: int, stdout: BoundedText, stderr: BoundedText, *, was_told: bool) -> Ended:
    """What became of a process; ``was_told`` to stop."""
    reported, complaint = _report(stdout)
    errors = stderr.text()
    raised = crash(exit_status, stderr.end()) if reported is None else None
    return Ended(exit_status, stdout.text(), errors, was_told, reported, complaint, raised)


def status_by_custom(exit_status: int, *, was_told: bool) -> OutcomeStatus:
    """What an exit status says where nothing else does; after a word to stop, nothing."""
    if was_told:
        return OutcomeStatus.CANCELLED
    return OutcomeStatus.FAILED if exit_status else OutcomeStatus.SUCCEEDED


def _report(stdout: BoundedText) -> tuple[Reported | None, str | None]:
    try:
        return reported_at_end(stdout.end()), None
    except BadReportError as error:
        return None, str(error)
