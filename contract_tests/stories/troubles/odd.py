"""Replies that are late, lead elsewhere or have drifted, and files that are no images."""

from collections.abc import Iterator

from contract_tests.stories.reply_members import ReplyMembers
from contract_tests.stories.troubles.trouble import (
    AWAY,
    BROKEN,
    FILE,
    GARBLED,
    MUTE,
    OTHER_HOST,
    POLL,
    POLL_BROKEN,
    SAFE,
    Trouble,
)
from mock_server.core.contract import Contract

TIMES = (
    Trouble(
        "delay(6)",
        "is answered later than the next one is due",
        (),
        ("one-poll-at-a-time",),
        POLL,
        "p",
    ),
    Trouble("delay(low=0.1, high=1)", "is answered a little late", (), ("one-poll-at-a-time",)),
    Trouble(
        "drip(30)",
        "is answered drop by drop",
        (),
        ("one-poll-at-a-time",),
    ),
    Trouble(
        "drip(1)",
        "is answered so slowly that it takes minutes",
        ("slow-body-timeout", "submit-once"),
        ("slow-body-timeout", *POLL),
        quick="p",
    ),
    Trouble("stall(3)", "is answered after a silence", (), ("one-poll-at-a-time",), quick="2"),
    Trouble(
        "stall(at=20)",
        "is answered with a reply that stops in its middle for ever",
        ("submit-once", *MUTE),
        POLL,
    ),
    Trouble(
        "stall(2, moment=before)",
        "meets silence, and then the end",
        ("retry-unread-submit",),
        POLL,
    ),
)
ELSEWHERE = (
    *(
        Trouble(
            f"redirect({code})",
            f"is sent to the same place once more ({code})",
            (*SAFE, *(("post-stays-post",) if code != 303 else ())),
            SAFE,
            None,
            {302: "s", 307: "s", 308: "p"}.get(code, ""),
        )
        for code in (301, 302, 303, 307, 308)
    ),
    *(
        Trouble(
            f"redirect({code}, host={OTHER_HOST})",
            f"is sent to another host ({code})",
            (*AWAY, *SAFE),
            (*AWAY, *SAFE),
            (*AWAY, *SAFE),
            {307: "s", 302: "p"}.get(code, ""),
        )
        for code in (302, 307, 308)
    ),
)


def drift(contract: Contract) -> Iterator[Trouble]:
    """Replies whose members are new, missing, or of other types: those of a profile."""
    at = ReplyMembers.of(contract)
    known = ("unknown-fields",)
    yield Trouble(
        'fields(set={"eta": 5, "queue": {"place": 3}})',
        "is answered with fields that nobody documented",
        known,
        known,
        quick="p",
    )
    yield Trouble(
        f"fields(drop=[{at.id}])", "is answered without an id", GARBLED, POLL_BROKEN, quick="s"
    )
    yield Trouble(
        f"fields(drop=[{at.status}])", "is answered without a status", BROKEN, POLL_BROKEN
    )
    yield Trouble(
        f"fields(drop=[{at.progress}])", "is answered without progress", BROKEN, ("odd-progress",)
    )
    yield from _wrong_types(at)
    yield from _odd_progress(at)


def _wrong_types(at: ReplyMembers) -> Iterator[Trouble]:
    wrong = ("wrong-types-handled",)
    yield Trouble(
        f'fields(set={{"{at.id}": 7}})', "gets a number for an id", (*MUTE, *wrong), wrong
    )
    yield Trouble(f'fields(set={{"{at.status}": 3}})', "gets a number for a status", wrong, wrong)
    yield Trouble(
        f'fields(set={{"{at.progress}": "50%"}})',
        "gets a text for progress",
        wrong,
        wrong,
        quick="p",
    )


def _odd_progress(at: ReplyMembers) -> Iterator[Trouble]:
    odd, wrong = ("odd-progress",), ("wrong-types-handled",)
    for value, rules in (
        ("null", (*odd, *wrong)),
        ("-1", odd),
        ("150", odd),
        ("33.3", wrong),
    ):
        yield Trouble(
            f'fields(set={{"{at.progress}": {value}}})',
            f"is told a progress of {value}",
            None,
            rules,
            quick="p" if value == "150" else "",
        )


FILES = (
    *(
        Trouble(f"image({how})", words, None, None, rules, quick)
        for how, words, rules, quick in (
            ("truncated", "brings half an image", FILE, "r"),
            ("empty", "brings an empty file", POLL, ""),
            ("wrong_type", "brings an image under another name", POLL, ""),
            ("damaged", "brings a damaged image", FILE, ""),
            ("page", "brings a web page under the name of an image", FILE, "r"),
        )
    ),
)
