"""Calls that are turned down: for good, or for the moment."""

from contract_tests.stories.troubles.trouble import (
    BROKEN,
    CANARY,
    FILE,
    GARBLED,
    GIVEN_UP,
    MUTE,
    POLL,
    POLL_BROKEN,
    REFUSED,
    TOLD,
    Trouble,
)


def _refusal(code: int, what: str, quick: str = "") -> Trouble:
    fault = f'{code}(message="{CANARY}")'
    file = ("expired-result-handled",) if code in (403, 410) else POLL
    return Trouble(fault, what, REFUSED, GIVEN_UP, file, quick)


REFUSALS = (
    Trouble(
        f'400(message="{CANARY}")',
        "is called a bad request (400)",
        ("no-retry-after-400", *TOLD),
        ("poll-stops-on-refusal", *TOLD, *POLL),
        quick="sp",
    ),
    Trouble(
        f'401(message="{CANARY}")',
        "is refused for its key (401)",
        ("no-retry-after-401", *TOLD, "key-not-printed"),
        ("poll-stops-on-refusal", *TOLD, "key-not-printed", *POLL),
        quick="sp",
    ),
    _refusal(402, "is refused for want of credit (402)"),
    _refusal(403, "is forbidden (403)", "pr"),
    Trouble(
        "404",
        "is answered that there is no such thing (404)",
        REFUSED,
        ("early-404", *POLL),
        POLL,
        "sp",
        later=GIVEN_UP,
    ),
    _refusal(410, "is answered that it is gone (410)"),
    _refusal(422, "is refused for its content (422)"),
)
OUTAGES = (
    Trouble(
        "429",
        "comes in a busy moment (429)",
        ("retry-429-submit", "backoff-floor", "same-body-on-retry", "bearer-once"),
        ("retry-429-poll", "backoff-on-polls", *POLL),
        POLL,
        "sp",
    ),
    *(
        Trouble(
            f'{code}(message="{CANARY}")',
            f"meets an error of the server ({code})",
            ("submit-5xx-policy",),
            POLL,
            POLL,
            "sp" if code == 503 else "",
        )
        for code in (500, 503)
    ),
    *(
        Trouble(
            f"{code}",
            f"is turned away for the moment ({code})",
            ("submit-5xx-policy",),
            POLL,
        )
        for code in (408, 425)
    ),
    Trouble(
        "status(500, moment=after)",
        "takes effect, and is answered with an error (500)",
        ("submit-once-after-5xx", *MUTE),
        POLL,
    ),
    Trouble(
        "html(502, moment=after)",
        "takes effect, and is answered by a gateway's page (502)",
        ("submit-once-after-5xx", *GARBLED),
        POLL_BROKEN,
        quick="s",
    ),
    Trouble(
        "html(502)",
        "is answered by a gateway's page (502)",
        ("submit-5xx-policy", *BROKEN),
        POLL_BROKEN,
        POLL,
        "p",
    ),
    Trouble("html(200)", "is answered by a login page", GARBLED, POLL_BROKEN, FILE, "2"),
    Trouble(
        "status(reason=limiter_unavailable)",
        "meets a limiter that is down, so that nothing is created",
        ("submit-5xx-policy",),
        reason="limiter_unavailable",
    ),
)
