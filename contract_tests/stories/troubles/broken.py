"""Connections that break, and replies that cannot be used."""

from contract_tests.stories.troubles.trouble import (
    CUT,
    FILE,
    GARBLED,
    LOST,
    MUTE,
    POLL,
    POLL_BROKEN,
    Trouble,
)

CONNECTIONS = (
    Trouble(
        "reset",
        "is reset before it is read",
        ("retry-unread-submit", "retries-bounded"),
        POLL,
        POLL,
        "spr",
    ),
    Trouble("lost_reply", "takes effect, and its reply is lost", LOST, POLL, quick="s"),
    Trouble(
        "lost_reply(close)", "takes effect, and the connection is closed", LOST, POLL, quick="2"
    ),
    Trouble(
        "lost_reply(hang)",
        "takes effect, and is never answered",
        ("submit-once", *MUTE),
        POLL,
        quick="s",
    ),
    Trouble("reset(moment=after, at=20)", "is reset in the middle of its reply", CUT, POLL),
    Trouble(
        "close", "meets a connection that is closed", ("retry-unread-submit",), POLL, POLL, "2"
    ),
    Trouble(
        "close(headers, moment=after)",
        "takes effect, and its reply ends within its head",
        LOST,
        POLL,
        quick="s",
    ),
    Trouble(
        "not_http", "is answered in another protocol", ("retry-unread-submit",), POLL, POLL, "p"
    ),
    Trouble(
        "not_http(moment=after)", "takes effect, and is answered in another protocol", LOST, None
    ),
)


def _content(what: str, words: str, quick: str = "") -> Trouble:
    return Trouble(f"body({what})", f"is answered with {words}", GARBLED, POLL_BROKEN, None, quick)


CONTENTS = (
    _content("empty", "nothing at all", "sp"),
    _content("null", "a JSON null", "p"),
    _content("array", "a JSON list"),
    _content("object", "an empty JSON object"),
    _content("string", "a JSON text"),
    _content("text", "plain text"),
    _content("truncated", "the first half of its JSON", "sp"),
    _content("invalid_utf8", "bytes that are no UTF-8", "p"),
    Trouble("body(bom)", "is answered behind a byte order mark", None, POLL),
    Trouble(
        "error_body(500)",
        "is answered with an error under status 200",
        GARBLED,
        POLL_BROKEN,
        quick="2",
    ),
    Trouble(
        "error_body(500, moment=after)",
        "takes effect, and is answered with an error in 200",
        GARBLED,
    ),
)
PACKAGES = (
    Trouble("cut", "is answered with a reply that is cut", CUT, POLL_BROKEN, FILE, "spr"),
    Trouble("broken_chunk(end)", "lacks the last chunk of its reply", CUT, POLL_BROKEN, FILE),
    Trouble("broken_chunk(data)", "is answered with a short chunk", CUT, POLL_BROKEN, FILE),
    Trouble(
        "broken_chunk(size)",
        "is answered with a chunk of no size",
        CUT,
        POLL_BROKEN,
        FILE,
        "2",
    ),
    Trouble("wrong_length(20)", "is told a length that is too long", MUTE, POLL, FILE),
    Trouble("wrong_length(-20)", "is told a length that is too short", MUTE, POLL, POLL, "2"),
    Trouble("content_type(text/plain)", "is answered with JSON under a wrong label", (), POLL),
    Trouble('content_type("")', "is answered with JSON under no label", (), POLL, quick="2"),
    Trouble("gzip", "is answered with sound gzip", ("gzip-decoded",), ("gzip-decoded",), quick="p"),
    Trouble(
        "gzip(deflate)", "is answered with sound deflate", ("gzip-decoded",), ("gzip-decoded",)
    ),
    Trouble(
        "429 + gzip",
        "comes in a busy moment, told in gzip",
        ("retry-429-submit", "backoff-floor"),
        ("retry-429-poll", *POLL),
        quick="s",
    ),
    *(
        Trouble(f"gzip({how})", f"is answered with {words}", submit, poll, None, quick)
        for how, words, submit, poll, quick in (
            ("plain", "plain text that is called gzip", MUTE, POLL, ""),
            ("cut", "gzip without its end", CUT, POLL_BROKEN, ""),
            ("wrong_sum", "gzip whose check sum is wrong", CUT, POLL_BROKEN, "p"),
            ("unknown", "a coding that nobody knows", (), POLL, ""),
        )
    ),
    Trouble(
        'headers(set={"retry-after": "3600"})',
        "succeeds, with a Retry-After of an hour",
        ("bad-retry-after",),
        ("bad-retry-after",),
        quick="2",
    ),
    Trouble('headers(drop=["date"])', "is answered without a date", (), POLL),
)
