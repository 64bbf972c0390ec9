"""REQ-04: calls go to the documented paths, as documented."""

import re
from urllib.parse import unquote

from contract_tests.finding import Finding, Violation, Words
from contract_tests.rules.base import samples
from contract_tests.rules.base.payload import payload
from contract_tests.rules.base.redirect import redirects
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Exchange, Trace
from mock_server.core.verification.json_match import texts_in

# One segment of a path (RFC 3986, 3.3).
_SEGMENT = re.compile(r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@]|%[0-9A-Fa-f]{2})+")


class ExactPath(Rule):
    """Method and path are documented ones, a GET has no body, an id is percent-encoded."""

    id = "exact-path"
    number = "REQ-04"
    title = "Each call has a documented method and path, a GET no body, an id its percent-encoding"
    grade = Grade.MUST
    origin = Origin.DOCUMENTED
    why = (
        "A doubled /v1, or the chat endpoint, is answered in words that lead nowhere near the slip."
    )
    source = "GUIDE FAQ 3: check the actual request code, URL and payload; RFC 3986, 3.3 for ids"
    mend = (
        "Join the base URL and the documented path in one place, and log the URL that comes out.",
        "Percent-encode the task id as one segment of the path; never send a body with a GET.",
    )

    def judge(self, trace: Trace) -> Finding:
        """Every call to the API."""
        calls = [one for one in trace.exchanges if one.method != "OPTIONS"]
        followers = {one.follower.number for one in redirects(trace) if one.follower is not None}
        ids = _ids(trace)
        seen = [
            (one, reason)
            for one in calls
            if (reason := _problem(one, trace, ids, is_led=one.number in followers)) is not None
        ]
        return self.judged(
            trace,
            chances=len(calls),
            idle="no call was made",
            violations=[
                Violation(
                    (one.number,),
                    Words(
                        "call {call}, {method} {path}: {reason}",
                        {
                            "call": one.number,
                            "method": one.method,
                            "path": one.path,
                            "reason": reason,
                        },
                    ),
                )
                for one, reason in seen
            ],
        )

    @property
    def innocent(self) -> Trace:
        """A submit, a poll and a download."""
        return samples.trace(samples.submit(1, 0), samples.poll(2, 5), samples.download(3, 10))

    @property
    def guilty(self) -> Trace:
        """The base URL has a /v1, and the path as well."""
        return samples.trace(
            samples.submit(1, 0, operation="nowhere", path=f"/v1{samples.SUBMIT}", status=404)
        )


def _problem(call: Exchange, trace: Trace, ids: frozenset[str], *, is_led: bool) -> str | None:
    if call.method in ("GET", "HEAD") and call.body:
        return "it has a body"
    if _is_badly_encoded(call, trace, ids):
        return "the task's id is not percent-encoded"
    if call.operation == "nowhere" and not is_led:
        return "nothing is documented there"
    if call.operation == "text" and _names_image_model(call, trace):
        return "an image model does not belong there"
    return None


def _names_image_model(call: Exchange, trace: Trace) -> bool:
    model = (payload(call, trace.terms) or {}).get("model")
    return isinstance(model, str) and model in trace.terms.models


def _ids(trace: Trace) -> frozenset[str]:
    """All that replies to submits said, the ids of tasks among it."""
    submits = (one for one in trace.exchanges if one.operation == "submit")
    return frozenset(text for one in submits for text in texts_in(one.reply_json))


def _is_badly_encoded(call: Exchange, trace: Trace, ids: frozenset[str]) -> bool:
    heads = (r.path.partition("{")[0] for r in trace.terms.routes.all if r.operation == "status")
    head = next((one for one in heads if call.path.startswith(one)), None)
    if head is None:
        return False
    query = f"?{call.query}" if call.query else ""
    sent = f"{call.path.removeprefix(head)}{query}"
    written = sent.encode("latin-1", "replace").decode("utf-8", "replace")
    is_encoded = _SEGMENT.fullmatch(sent) is not None and unquote(sent) in ids
    return written in ids and not is_encoded
