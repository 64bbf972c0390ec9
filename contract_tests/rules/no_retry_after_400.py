"""RET-01: a bad request is not sent again."""

from contract_tests.finding import Finding
from contract_tests.rules.base import samples
from contract_tests.rules.base.repeats import followed, same_posts
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Exchange, Trace
from mock_server.core.verification.quiet import broken_quiet


class NoRetryAfter400(Rule):
    """After a 400 on a POST, the same body is not sent again."""

    id = "no-retry-after-400"
    number = "RET-01"
    title = "After a 400 on a POST, the same body is not sent again"
    grade = Grade.MUST
    origin = Origin.DOCUMENTED
    why = "What was wrong stays wrong: each repetition costs time and rate, and hides the reason."
    source = "GUIDE Common Errors: 400 invalid_request_error, retry after fixing payload"
    mend = (
        "Take a 400 as final for this payload, and hand the server's message to the caller.",
        "Send again only what has been mended: check model, prompt, size, n and the images.",
    )

    def judge(self, trace: Trace) -> Finding:
        """Every POST that was answered 400, and the same one later."""
        ends = [end for one in same_posts(trace) if (end := followed(one, _ends, _settles))]
        return self.judged(
            trace,
            chances=len(ends),
            idle="no POST was answered 400",
            violations=broken_quiet(ends, "call {call} sent the same {seconds:.3f} s after"),
        )

    @property
    def innocent(self) -> Trace:
        """A bad order, and then another one."""
        other = {"model": "sample-image", "prompt": "a dog"}
        return samples.trace(samples.refused(1, 0, 400), samples.submit(2, 9, other))

    @property
    def guilty(self) -> Trace:
        """A bad order twice."""
        return samples.trace(samples.refused(1, 0, 400), samples.refused(2, 1, 400))


def _ends(call: Exchange) -> bool:
    return call.heard_status == 400


def _settles(call: Exchange) -> bool:
    return call.created and call.told
