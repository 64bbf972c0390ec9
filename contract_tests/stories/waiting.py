"""All that a server can say in ``Retry-After`` (RFC 9110, 10.2.3), sense and nonsense."""

from collections.abc import Iterator

from contract_tests.stories.telling import Teller, Told, slug

_HONOURED = "A server that says how long it will be busy is right more often than any formula."
_DATES = "Proxies like to send a date; read as a number it is a crash, or a retry at once."
_NONSENSE = (
    "A header field is what a stranger says. Nonsense there must leave the client with its own"
    " backoff: no crash, no retry at once, no wait of years."
)
_SECONDS = ("retry-after-seconds", "retry-429-submit")
_DATE = ("retry-after-date", "retry-429-submit")
_BAD = ("bad-retry-after", "backoff-floor", "retry-429-submit")
# In real time a poll would take as long as the wait itself, and what is to be seen is over by then.
_SHORT = ("400",)
# Value, how it is written in a fault, its rules, why, and whether it is in the quick exam.
_TABLE = (
    ("1", "retry_after=1", _SECONDS, _HONOURED, False),
    ("7", "retry_after=7", _SECONDS, _HONOURED, True),
    ("20", "retry_after=20", _SECONDS, _HONOURED, False),
    ("a date in 7 seconds", "retry_after_date=7", _DATE, _DATES, True),
    (
        "a date of RFC 850",
        "retry_after_date=7, date_form=rfc850",
        _DATE,
        "RFC 9110 obliges readers of dates to know this old form as well.",
        False,
    ),
    (
        "a date as C writes it",
        "retry_after_date=7, date_form=asctime",
        _DATE,
        "RFC 9110 obliges readers of dates to know this old form as well.",
        False,
    ),
    ("0", "retry_after=0", _BAD, _NONSENSE, True),
    ("-5", "retry_after=-5", _BAD, _NONSENSE, False),
    ("a date that is past", "retry_after_date=-30", _BAD, _NONSENSE, True),
    ("soon", "retry_after=soon", _BAD, _NONSENSE, True),
    ("nothing", 'retry_after=""', _BAD, _NONSENSE, False),
    ("1.5", "retry_after=1.5", _BAD, _NONSENSE, False),
    ("7, 9", 'retry_after="7, 9"', _BAD, _NONSENSE, False),
    ("0x10", 'retry_after="0x10"', _BAD, _NONSENSE, False),
    ("half a date", 'retry_after="Wed, 21 Oct"', _BAD, _NONSENSE, False),
    ("10^35", f"retry_after={10**35}", _BAD, _NONSENSE, True),
)


def waiting(teller: Teller) -> Iterator[Told]:
    """The table of values, and what else can be wrong with a wait that was asked for."""
    for value, option, rules, why, quick in _TABLE:
        yield teller.tell(
            f"waits/{slug(value)}",
            f"A busy server asks to wait, and says: {value}",
            why,
            *rules,
            submit=[f"429({option})", *(() if rules is _BAD else _SHORT)],
            quick=quick,
        )
    yield teller.tell(
        "waits/once",
        "A busy server asks to wait once, and then says nothing",
        "What was asked for holds for one reply. Later waits are the client's own again.",
        *("retry-after-once", "retry-after-seconds", "retry-429-submit"),
        submit=["429(retry_after=7)", "429", *_SHORT],
    )
    yield teller.tell(
        "waits/polls",
        "A busy server asks polls to wait",
        _HONOURED,
        *("retry-after-seconds", "retry-429-poll", "poll-trouble-no-submit"),
        status=["429(retry_after=7)"],
        quick=False,
    )
