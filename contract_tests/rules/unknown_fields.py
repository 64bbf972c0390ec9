"""POL-08: members of replies that nobody knows are overlooked."""

from collections.abc import Iterator

from contract_tests.finding import Finding
from contract_tests.rules.base import samples
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.rules.base.tolerance import Odd, is_sound, judge_tolerance
from contract_tests.trace import Ability, Trace
from mock_server.core.lifecycle import Phase

_SHOWN = 3


class UnknownFields(Rule):
    """A reply with members that no document names is taken as the same reply without them."""

    id = "unknown-fields"
    number = "POL-08"
    title = "Members of replies that are not documented are overlooked"
    grade = Grade.MUST
    origin = Origin.DOCUMENTED
    why = "APIs grow. A strict parser turns every new feature of the vendor into its own outage."
    source = "REF tasks/image-status: members differ between models, states and pages"
    mend = (
        "Read the members that you need and leave the rest alone.",
        "Switch your parser's strictness about unknown members off for replies.",
    )
    needs = frozenset({Ability.REPORTS})

    def judge(self, trace: Trace) -> Finding:
        """Every reply to a submit or a poll that has more than is documented."""
        return judge_tolerance(self, trace, _odd(trace), "no reply had unknown members")

    @property
    def innocent(self) -> Trace:
        """An estimate that nobody asked for, and a success."""
        odd = samples.poll(2, 5, content=samples.task_text(Phase.RUNNING, eta=8))
        last = samples.poll(3, 10, Phase.SUCCEEDED)
        return samples.trace(samples.submit(1, 0), odd, last, outcome=samples.succeeded())

    @property
    def guilty(self) -> Trace:
        """An estimate that nobody asked for, and a failure of the parser."""
        odd = samples.poll(2, 5, content=samples.task_text(Phase.RUNNING, eta=8))
        return samples.trace(samples.submit(1, 0), odd, outcome=samples.failed())


def _odd(trace: Trace) -> Iterator[Odd]:
    documented = trace.terms.task_members
    for one in trace.calls.exchanges:
        body = one.reply_json
        if one.task is None or one.operation not in ("submit", "status"):
            continue
        unknown = sorted(body.keys() - documented) if isinstance(body, dict) else []
        if unknown and documented and is_sound(trace, one):
            yield Odd(one, f"the unknown {', '.join(unknown[:_SHOWN])}")
