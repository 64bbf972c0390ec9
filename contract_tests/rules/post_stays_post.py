"""SEC-05: an order that is redirected stays an order."""

from contract_tests.finding import Finding, Violation, Words
from contract_tests.rules.base import samples
from contract_tests.rules.base.redirect import Redirect, redirects
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Exchange, Trace


class PostStaysPost(Rule):
    """A POST that is redirected is made again as a POST, or not at all."""

    id = "post-stays-post"
    number = "SEC-05"
    title = "A POST that is redirected is repeated as a POST or is an error, never made into a GET"
    grade = Grade.SHOULD
    origin = Origin.RFC
    why = "The body is gone, the GET is refused, and nothing tells why the order did not arrive."
    source = "RFC 9110, 15.4.2 and 15.4.3: clients may change POST to GET; 15.4.9: 308 forbids it"
    mend = (
        "Do not let the HTTP library follow redirects of a POST by itself.",
        "Send the same POST to the new address, or raise an error that names it.",
    )

    def judge(self, trace: Trace) -> Finding:
        """Every redirect of a POST that was heard of."""
        met = [one for one in redirects(trace) if _keeps_method(one)]
        return self.judged(
            trace,
            chances=len(met),
            idle="no POST was redirected",
            violations=[
                Violation(
                    (one.reply.number, one.follower.number),
                    Words(
                        "call {call} made a {method} of the POST of call {reply}",
                        {
                            "call": one.follower.number,
                            "method": one.follower.method,
                            "reply": one.reply.number,
                        },
                    ),
                )
                for one in met
                if one.follower is not None and one.follower.method != "POST"
            ],
        )

    @property
    def innocent(self) -> Trace:
        """The order is sent to where the redirect led."""
        return samples.trace(_moved(), samples.submit(2, 0))

    @property
    def guilty(self) -> Trace:
        """In its place a GET is."""
        lost = samples.poll(2, 0, operation="nowhere", path=samples.SUBMIT, status=405)
        return samples.trace(_moved(), lost)


def _moved() -> Exchange:
    location = (b"location", f"{samples.ORIGIN}{samples.SUBMIT}".encode())
    return samples.submit(1, 0, status=302, reply_headers=(location,))


def _keeps_method(redirect: Redirect) -> bool:
    """Whether it is a POST's; 303 asks for a GET."""
    return redirect.reply.method == "POST" and redirect.reply.heard_status != 303
