"""REQ-02: a body is labelled as what it is."""

from contract_tests.finding import Finding, Violation, Words
from contract_tests.rules.base import samples
from contract_tests.rules.base.payload import media_types
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Exchange, Trace


class JsonContentType(Rule):
    """A submit says that it is JSON, or what else its endpoint is documented to take."""

    id = "json-content-type"
    number = "REQ-02"
    title = "A submit is labelled application/json, or as another type that is documented for it"
    grade = Grade.MUST
    origin = Origin.DOCUMENTED
    why = "A correct body under the wrong label is refused like a wrong one."
    source = "REF images/gpt-4o/generation: Content-Type: application/json"
    mend = (
        "Let the HTTP library encode the order as JSON, or set Content-Type: application/json.",
        "Beware of defaults: curl -d and many form helpers label a body as a web form.",
    )

    def judge(self, trace: Trace) -> Finding:
        """Every submit and its label."""
        submits = [one for one in trace.exchanges if one.operation == "submit"]
        allowed = _allowed(trace)
        wrong = [one for one in submits if not _is_labelled(one, allowed)]
        return self.judged(
            trace,
            chances=len(submits),
            idle="nothing was submitted",
            violations=[
                Violation(
                    (one.number,),
                    Words(
                        "call {call} is labelled {seen}",
                        {"call": one.number, "seen": ", ".join(media_types(one)) or "nothing"},
                    ),
                )
                for one in wrong
            ],
            expected=Words("Content-Type: {allowed}", {"allowed": " or ".join(sorted(allowed))}),
        )

    @property
    def innocent(self) -> Trace:
        """JSON, with a charset."""
        label = (b"content-type", b"application/json; charset=utf-8")
        return samples.trace(samples.submit(1, 0, headers=(label, *samples.authorized())))

    @property
    def guilty(self) -> Trace:
        """The same body as a web form."""
        label = (b"content-type", b"application/x-www-form-urlencoded")
        headers = (label, *samples.authorized())
        return samples.trace(samples.refused(1, 0, 400, headers=headers, fault=None))


def _allowed(trace: Trace) -> frozenset[str]:
    routes = (route for route in trace.terms.routes.all if route.operation == "submit")
    return frozenset(kind for route in routes for kind in route.content_types)


def _is_labelled(submit: Exchange, allowed: frozenset[str]) -> bool:
    seen = media_types(submit)
    return bool(seen) and allowed.issuperset(seen)
