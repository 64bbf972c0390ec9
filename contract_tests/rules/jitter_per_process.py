"""BOF-04: each process draws its own jitter."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from contract_tests.finding import Finding, Verdict, Words
from contract_tests.rules.base.chance import spread
from contract_tests.rules.base.pauses import Pause, pauses
from contract_tests.rules.base.refused_rows import refused_by_processes
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.rules.base.sameness import judge_sameness
from contract_tests.trace import Trace


class JitterPerProcess(Rule):
    """Two processes do not wait alike, refusal by refusal."""

    id = "jitter-per-process"
    number = "BOF-04"
    title = "Two processes of the client do not draw the same jitter"
    grade = Grade.SHOULD
    origin = Origin.SAFETY
    why = (
        "With a fixed seed every copy of a program draws the same numbers: a hundred machines keep"
        " in step, as if there were no jitter."
    )
    source = "the kit: rules for clients, BOF-04"
    mend = (
        "Let the system seed the random numbers that backoff draws.",
        "Seed a generator of its own where the rest of the program needs a fixed seed.",
    )

    def judge(self, trace: Trace) -> Finding:
        """The pauses of each process from its start on, compared with those of the others."""
        jobs = [done for run in trace.all_runs for done in run.jobs]
        if not any(done.process for done in jobs):
            seen = Words("the client: no process of its own")
            return self.verdict(Verdict.NOT_APPLICABLE, seen)
        idle = "no two processes were refused"
        apart = spread(_places(pauses(trace, "submit")), trace.timing)
        return judge_sameness(self, trace, apart, "in several processes", idle)

    @property
    def innocent(self) -> Trace:
        """Two processes, and two draws."""
        return refused_by_processes((1.1, 2.1, 4.9), (1.2, 2.4, 4.1))

    @property
    def guilty(self) -> Trace:
        """Two processes, and the same jitter in both."""
        return refused_by_processes((1.13, 2.37, 4.02), (1.13, 2.37, 4.02))


def _places(found: Sequence[Pause]) -> Iterator[tuple[tuple[int, int], float]]:
    """Each pause with the number of its row since the start of its process, and its place there."""
    rows: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for pause in found:
        if pause.process and pause.is_plain:
            row = (pause.run, pause.chain)
            known = rows[pause.process]
            if row not in known:
                known.append(row)
            yield (known.index(row), pause.place), pause.seconds
