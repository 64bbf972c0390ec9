"""Calls that are turned down: for good, or for the moment."""

from contract_tests.stories.troubles.trouble import (
    BROKEN,
    CANARY,
    FILE,
    GIVEN_UP,
    LOST,
    POLL,
    POLL_BROKEN,
    REFUSED,
    Trouble,
)


def _refusal(code: int, what: str, quick: str = "") -> Trouble:
    fault = f'{code}(message="{CANARY}")'
    return Trouble(fault, what, REFUSED, GIVEN_UP, ("expired-result-handled",), quick)


REFUSALS = (
    Trouble(
        f'400(message="{CANARY}")',
        "is called a bad request (400)",
        ("no-retry-after-400", "error-details-told", "failure-is-an-error"),
        ("poll-stops-on-refusal", "poll-trouble-no-submit"),
        quick="sp",
    ),
    Trouble(
        f'401(message="{CANARY}")',
        "is refused for its key (401)",
        ("no-retry-after-401", "error-details-told", "key-not-printed"),
        ("poll-stops-on-refusal", "no-retry-after-401", "poll-trouble-no-submit"),
        quick="sp",
    ),
    _refusal(402, "is refused for want of credit (402)", "s"),
    _refusal(403, "is forbidden (403)", "spr"),
    Trouble(
        "404",
        "is answered that there is no such thing (404)",
        ("no-retry-after-refusal",),
        ("early-404", "poll-trouble-no-submit"),
        ("expired-result-handled",),
        "p",
    ),
    _refusal(410, "is answered that it is gone (410)"),
    _refusal(422, "is refused for its content (422)"),
)
OUTAGES = (
    Trouble(
        "429",
        "comes in a busy moment (429)",
        ("retry-429-submit", "backoff-floor", "same-body-on-retry", "bearer-once"),
        ("retry-429-poll", "backoff-on-polls", "poll-trouble-no-submit"),
        ("retries-bounded",),
        "spr",
    ),
    *(
        Trouble(
            f'{code}(message="{CANARY}")',
            f"meets an error of the server ({code})",
            ("submit-5xx-policy", "submit-once-after-5xx"),
            ("poll-survives-5xx", "poll-trouble-no-submit"),
            ("retries-bounded",),
            "sp" if code == 503 else "p" if code == 500 else "",
        )
        for code in (500, 502, 503, 504)
    ),
    *(
        Trouble(
            f"{code}",
            f"is turned away for the moment ({code})",
            ("submit-5xx-policy",),
            ("poll-trouble-no-submit",),
        )
        for code in (408, 409, 425)
    ),
    Trouble(
        "status(500, moment=after)",
        "takes effect, and is answered with an error (500)",
        ("submit-once-after-5xx", "unknown-outcome-told"),
        POLL,
    ),
    Trouble(
        "html(502, moment=after)",
        "takes effect, and is answered by a gateway's page (502)",
        ("submit-once-after-5xx", "unknown-outcome-told", *BROKEN),
        ("poll-survives-5xx", *POLL_BROKEN),
        quick="s",
    ),
    Trouble(
        "html(502)",
        "is answered by a gateway's page (502)",
        ("submit-5xx-policy", *BROKEN),
        ("poll-survives-5xx", *POLL_BROKEN),
        FILE,
        "p",
    ),
    Trouble("html(200)", "is answered by a login page", LOST, POLL_BROKEN, FILE, "p"),
    Trouble(
        "status(reason=limiter_unavailable)",
        "meets a limiter that is down, so that nothing is created",
        ("submit-5xx-policy",),
        reason="limiter_unavailable",
    ),
)
