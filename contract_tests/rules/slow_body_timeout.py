"""OUT-07: a body that comes very slowly does not hold a client for ever."""

from contract_tests.finding import Finding, Violation, Words
from contract_tests.rules.base import samples
from contract_tests.rules.base.jobs import patience
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Exchange, Trace, is_shorter


class SlowBodyTimeout(Rule):
    """No single call takes longer than a whole job may."""

    id = "slow-body-timeout"
    number = "OUT-07"
    title = "A body that comes drop by drop is given up in time"
    grade = Grade.SHOULD
    origin = Origin.SAFETY
    why = (
        "Most libraries count only the silence between two bytes: at one byte a second that timeout"
        " never strikes, and one poll holds the client for as long as the server likes."
    )
    source = "kit: read timeouts of httpx, requests and aiohttp's sock_read start anew at each byte"
    mend = (
        "Put a limit on each call as a whole, not only on the silence between bytes.",
        "Let the job's deadline also end a call that is under way.",
    )
    is_ceiling = True

    def judge(self, trace: Trace) -> Finding:
        """Every reply whose body would take longer than a client's patience may last."""
        most = patience(trace) + trace.calls.polling.interval
        slow = [
            (one, seconds)
            for one in trace.calls.exchanges
            if one.total_wait > max(most, one.head_wait)
            and ((seconds := _lasted(trace, one)) > most or one.ended is not None)
        ]
        return self.judged(
            trace,
            chances=len(slow),
            idle="no body came so slowly",
            violations=[
                _violation(one, seconds, most)
                for one, seconds in slow
                if is_shorter(most + trace.timing.noise, seconds)
            ],
            expected=Words("no call takes longer than {most:g} s", {"most": most}),
        )

    @property
    def innocent(self) -> Trace:
        """A call that is left after thirty seconds."""
        return samples.trace(samples.submit(1, 0), _drip(30, aborted=True))

    @property
    def guilty(self) -> Trace:
        """A call that is listened to until the last byte."""
        return samples.trace(samples.submit(1, 0), _drip(180))


def _drip(seconds: float, *, aborted: bool = False) -> Exchange:
    ended = samples.START + 5 + seconds
    return samples.poll(2, 5, total_wait=180.0, ended=ended, aborted=aborted, fault="drip(rate=1)")


def _lasted(trace: Trace, call: Exchange) -> float:
    return (trace.calls.taken if call.ended is None else call.ended) - call.started


def _violation(call: Exchange, seconds: float, most: float) -> Violation:
    facts = {"call": call.number, "seconds": seconds, "most": most}
    words = "call {call} was listened to for {seconds:.3f} s, {most:g} s are the most"
    return Violation((call.number,), Words(words, facts))
