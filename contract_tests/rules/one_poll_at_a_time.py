"""POL-05: polls of one task do not overtake each other."""

from dataclasses import replace

from contract_tests.finding import Finding
from contract_tests.rules.base import samples
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Exchange, Trace
from mock_server.core.verification.checks.in_flight import InFlight


class OnePollAtATime(Rule):
    """No poll of a task begins while another one waits for its reply."""

    id = "one-poll-at-a-time"
    number = "POL-05"
    title = "A task is not polled again while the last poll still waits for its reply"
    grade = Grade.SHOULD
    origin = Origin.SAFETY
    why = (
        "When a server gets slow, timers that do not wait for replies pile polls upon polls, and"
        " make it slower; replies then arrive out of order."
    )
    source = "the kit: rules for clients, POL-05"
    mend = (
        "Start the next interval when the reply is there, not when the poll was sent.",
        "Give polls a timeout, and close their connection before the next one.",
    )

    def judge(self, trace: Trace) -> Finding:
        """The most polls of a task that were under way at once, where replies were held back."""
        blur = trace.timing.grace + (0.0 if trace.timing.virtual else trace.timing.noise)
        exchanges = tuple(_seen_to_end(one, blur) for one in trace.calls.exchanges)
        calls = replace(trace.calls, exchanges=exchanges)
        return self.adopted(InFlight(operation="status").judge(calls))

    @property
    def innocent(self) -> Trace:
        """A reply that takes four seconds, and a poll five seconds later."""
        held = samples.poll(2, 5, head_wait=4.0, total_wait=4.0)
        return samples.trace(samples.submit(1, 0), held, samples.poll(3, 10))

    @property
    def guilty(self) -> Trace:
        """A reply that takes eight seconds, and another poll meanwhile."""
        held = samples.poll(2, 5, head_wait=8.0, total_wait=8.0)
        return samples.trace(samples.submit(1, 0), held, samples.poll(3, 10))


def _seen_to_end(exchange: Exchange, blur: float) -> Exchange:
    """The call as its client knows it, who has left it a little before the server notices."""
    if not exchange.aborted or exchange.ended is None:
        return exchange
    return replace(exchange, ended=max(exchange.started, exchange.ended - blur))
