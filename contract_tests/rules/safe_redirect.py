"""SEC-04: redirects are followed with care."""

from collections.abc import Iterator

from contract_tests.finding import Finding, Violation, Words
from contract_tests.rules.base import samples
from contract_tests.rules.base.key import key_place
from contract_tests.rules.base.patience import has_false_success
from contract_tests.rules.base.redirect import Redirect, redirects
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Trace

_BACK = ((b"location", f"{samples.ORIGIN}{samples.SUBMIT}/t1".encode()),)


class SafeRedirect(Rule):
    """A redirect within the API keeps the key, one to plain http never has it."""

    id = "safe-redirect"
    number = "SEC-04"
    title = (
        "A redirect within the API is followed with the key or is an error; to http never with it"
    )
    grade = Grade.MUST
    origin = Origin.RFC
    why = "Without the key the new address refuses; in plain http everyone on the way reads it."
    source = "RFC 9110, 15.4: redirects; RFC 6750, 5.3: bearer tokens travel over TLS only"
    mend = (
        "Follow redirects to the same scheme, host and port with all header fields, or not at all.",
        "Treat a redirect that you do not follow as an error, not as an answer.",
    )

    def judge(self, trace: Trace) -> Finding:
        """Every redirect that was heard of, and what was done with it."""
        found = redirects(trace)
        return self.judged(
            trace,
            chances=len(found),
            idle="nothing was redirected",
            violations=list(_violations(trace, found)),
            needs_all=True,
        )

    @property
    def innocent(self) -> Trace:
        """A poll is redirected to itself and made again with the key."""
        poll = samples.poll(2, 5, status=308, reply_headers=_BACK)
        return samples.trace(samples.submit(1, 0), poll, samples.poll(3, 5))

    @property
    def guilty(self) -> Trace:
        """It is made again without the key."""
        poll = samples.poll(2, 5, status=308, reply_headers=_BACK)
        again = samples.poll(3, 5, status=401, key="", headers=())
        return samples.trace(samples.submit(1, 0), poll, again)


def _violations(trace: Trace, found: tuple[Redirect, ...]) -> Iterator[Violation]:
    guarded = {route.operation for route in trace.terms.routes.all if route.auth}
    for one in found:
        follower = one.follower
        if follower is None:
            continue
        has_key = key_place(follower, trace) is not None
        facts = {"call": follower.number, "reply": one.reply.number}
        numbers = (one.reply.number, follower.number)
        if one.is_downgrade and has_key:
            yield Violation(numbers, Words("call {call} took the key to plain http", facts))
        elif not one.goes_elsewhere and not has_key and follower.operation in guarded:
            words = "call {call} followed the redirect of call {reply} without the key"
            yield Violation(numbers, Words(words, facts))
    if found and has_false_success(trace):
        last = found[-1].reply.number
        words = "a success was reported, though all that came was the redirect of call {reply}"
        yield Violation((last,), Words(words, {"reply": last}))
