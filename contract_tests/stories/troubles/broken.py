"""Connections that break, and replies that cannot be used."""

from contract_tests.stories.troubles.trouble import (
    BROKEN,
    FILE,
    LOST,
    POLL,
    POLL_BROKEN,
    Trouble,
)

CONNECTIONS = (
    Trouble(
        "reset",
        "is reset before it is read",
        ("retry-unread-submit", "same-body-on-retry"),
        POLL,
        FILE,
        "spr",
    ),
    Trouble("lost_reply", "takes effect, and its reply is lost", LOST, POLL, quick="s"),
    Trouble(
        "lost_reply(close)", "takes effect, and the connection is closed", LOST, POLL, quick="p"
    ),
    Trouble(
        "lost_reply(hang)",
        "takes effect, and is never answered",
        ("submit-once", "unknown-outcome-told"),
        POLL,
        quick="s",
    ),
    Trouble("reset(moment=after, at=20)", "is reset in the middle of its reply", LOST, POLL),
    Trouble(
        "close", "meets a connection that is closed", ("retry-unread-submit",), POLL, FILE, "2"
    ),
    Trouble(
        "close(headers, moment=after)",
        "takes effect, and its reply ends within its head",
        LOST,
        POLL_BROKEN,
        quick="s",
    ),
    Trouble("not_http", "is answered in another protocol", BROKEN, POLL_BROKEN, FILE, "p"),
    Trouble(
        "not_http(moment=after)", "takes effect, and is answered in another protocol", LOST, None
    ),
)


def _content(what: str, words: str, quick: str = "") -> Trouble:
    return Trouble(f"body({what})", f"is answered with {words}", LOST, POLL_BROKEN, None, quick)


CONTENTS = (
    _content("empty", "nothing at all", "sp"),
    _content("null", "a JSON null", "p"),
    _content("array", "a JSON list"),
    _content("object", "an empty JSON object", "s"),
    _content("string", "a JSON text"),
    _content("number", "a JSON number"),
    _content("text", "plain text"),
    _content("truncated", "the first half of its JSON", "sp"),
    _content("invalid_utf8", "bytes that are no UTF-8", "p"),
    Trouble("body(bom)", "is answered behind a byte order mark", None, POLL),
    Trouble(
        "error_body(500)", "is answered with an error under status 200", BROKEN, BROKEN, quick="2"
    ),
    Trouble(
        "error_body(500, moment=after)", "takes effect, and is answered with an error in 200", LOST
    ),
)
PACKAGES = (
    Trouble("cut", "is answered with a reply that is cut", LOST, POLL_BROKEN, FILE, "spr"),
    Trouble("broken_chunk(end)", "lacks the last chunk of its reply", LOST, POLL_BROKEN, FILE),
    Trouble("broken_chunk(data)", "is answered with a short chunk", LOST, POLL_BROKEN, FILE),
    Trouble(
        "broken_chunk(size)",
        "is answered with a chunk of no size",
        LOST,
        POLL_BROKEN,
        FILE,
        "p",
    ),
    Trouble("wrong_length(20)", "is told a length that is too long", LOST, POLL_BROKEN, FILE),
    Trouble(
        "wrong_length(-20)", "is told a length that is too short", LOST, POLL_BROKEN, FILE, "p"
    ),
    Trouble("content_type(text/plain)", "is answered with JSON under a wrong label", (), POLL),
    Trouble('content_type("")', "is answered with JSON under no label", (), POLL, quick="p"),
    Trouble("gzip", "is answered with sound gzip", ("gzip-decoded",), ("gzip-decoded",), quick="p"),
    Trouble(
        "gzip(deflate)", "is answered with sound deflate", ("gzip-decoded",), ("gzip-decoded",)
    ),
    Trouble(
        "429 + gzip",
        "comes in a busy moment, told in gzip",
        ("gzip-decoded", "retry-429-submit"),
        ("gzip-decoded", "retry-429-poll"),
        quick="s",
    ),
    *(
        Trouble(f"gzip({how})", f"is answered with {words}", LOST, POLL_BROKEN, None, quick)
        for how, words, quick in (
            ("plain", "plain text that is called gzip", ""),
            ("cut", "gzip without its end", ""),
            ("wrong_sum", "gzip whose check sum is wrong", "p"),
            ("unknown", "a coding that nobody knows", ""),
        )
    ),
    Trouble(
        'headers(set={"retry-after": "3600"})',
        "succeeds, with a Retry-After of an hour",
        ("bad-retry-after",),
        ("poll-promptly",),
        quick="2",
    ),
    Trouble('headers(drop=["date"])', "is answered without a date", (), POLL),
)
