"""REQ-03: each call carries the key, once."""

from contract_tests.finding import Finding, Violation, Words
from contract_tests.rules.base import samples
from contract_tests.rules.base.key import is_key_of
from contract_tests.rules.base.payload import values_of
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Exchange, Trace


class BearerOnce(Rule):
    """Each call to an endpoint that asks for the key has it in one Authorization field."""

    id = "bearer-once"
    number = "REQ-03"
    title = "Each call to the API carries exactly one Authorization: Bearer with the caller's key"
    grade = Grade.MUST
    origin = Origin.DOCUMENTED
    why = "A poll or a retry without the key is refused, and a task that was paid for is lost."
    source = "REF, all endpoints: Authorization: Bearer <key>; GUIDE Common Errors: 401"
    mend = (
        "Set the header once, on the client or session that all calls go through.",
        "Do not add it again in hooks or retries: a second one makes both worthless.",
    )

    def judge(self, trace: Trace) -> Finding:
        """Every call to an endpoint that asks for the key."""
        guarded = {route.operation for route in trace.terms.routes.all if route.auth}
        calls = [one for one in trace.exchanges if one.operation in guarded]
        wrong = [(one, seen) for one in calls if (seen := _problem(one, trace)) is not None]
        return self.judged(
            trace,
            chances=len(calls),
            idle="no call that needs the key was made",
            violations=[
                Violation(
                    (one.number,), Words("call {call} carries {seen}", {"call": one.number, **seen})
                )
                for one, seen in wrong
            ],
        )

    @property
    def innocent(self) -> Trace:
        """The key with the submit and the poll, and none for the file."""
        calls = samples.submit(1, 0), samples.poll(2, 5), samples.download(3, 6)
        return samples.trace(*calls, outcome=samples.succeeded())

    @property
    def guilty(self) -> Trace:
        """A poll without it."""
        lost = samples.poll(2, 5, headers=(), key="", status=401)
        return samples.trace(samples.submit(1, 0), lost)


def _problem(call: Exchange, trace: Trace) -> dict[str, object] | None:
    """What the call carries in place of the one field with the key."""
    fields = values_of(call.headers, b"authorization")
    if len(fields) != 1:
        return {"seen": f"{len(fields) or 'no'} Authorization fields"}
    scheme = fields[0].partition(" ")[0]
    if scheme.lower() != "bearer":
        return {"seen": f"the scheme {scheme or 'nothing'}"}
    if trace.secrets and not is_key_of(call, scheme, trace.secrets):
        return {"seen": "another key than the caller's"}
    return None
