"""What callers order: prompts in all scripts, and numbers at and beyond the bounds."""

from collections.abc import Iterator

from contract_tests.stories.order_bounds import OrderBounds
from contract_tests.stories.telling import Teller, Told, slug
from mock_server.core.client_plan import ClientPlan, JobPlan

_INTACT = ("prompt-intact", "valid-request")
_BOUNDS = ("no-silent-clamp",)
_PROMPTS = "What a user wrote has to arrive as written, in whatever script."
_BEYOND = (
    "An order that cannot be had is an error, from the client or from the server. To deliver"
    " something else in silence is not what was paid for."
)
_AT = "The most that is documented must be possible."

# Name, what it is, the prompt, and whether it is in the quick exam.
PROMPTS = (
    ("emoji", "emoji in families", "A \U0001f468\u200d\U0001f469\u200d\U0001f467 by the sea", True),
    (
        "right-to-left",
        "letters from right to left",
        "\u05de\u05d2\u05d3\u05dc\u05d5\u05e8 \u0628\u0627\u0644\u0644\u064a\u0644 abc",
        True,
    ),
    ("combining", "letters with marks of their own", "cafe\u0301 n\u0303andu\u0301", False),
    ("chinese", "Chinese letters", "\u96fe\u4e2d\u7684\u706f\u5854", False),
    ("flags", "signs beyond the first plane", "\U0001f1e9\U0001f1ea \U00020bb7 \U0001d54f", False),
    ("quotes", "quotation marks and backslashes", "\"Hi\" \\n 'it''s' \\u0041 %41 &amp; <b>", True),
    ("lines", "several lines and a tab", "first\n\tsecond\r\nthird\n", False),
    ("blanks", "blanks at both ends", "  a cat  ", False),
    ("invisible", "signs that nobody sees", "a\u00ad\u200b\u2028\ufeffb\u00a0c", False),
    ("direction", "marks that turn the direction", "a \u202e cat \u202c", False),
    ("formula", "what looks like a command", "$(id) ; {{7*7}} ${HOME} -- --help @file", False),
    ("looks-like-json", "what looks like JSON", '{"n": 5}', False),
)


def orders(teller: Teller) -> Iterator[Told]:
    """The corpus of orders."""
    tell = teller.tell
    for name, what, prompt, quick in PROMPTS:
        job = ClientPlan(JobPlan(prompt))
        yield tell(
            f"orders/{name}", f"A prompt has {what}", _PROMPTS, *_INTACT, client=job, quick=quick
        )
    yield from _lengths(teller)
    yield from _counts(teller)
    yield from _images(teller)
    yield from _choices(teller)


def _lengths(teller: Teller) -> Iterator[Told]:
    longest = OrderBounds.of(teller.contract).longest_prompt
    for length in dict.fromkeys((0, 1, 1_000, 1_001, *(n for n in (longest,) if n), 8_000)):
        is_legal = 0 < length <= (longest or length)
        yield teller.tell(
            f"orders/{length}-letters" if length else "orders/no-prompt",
            f"A prompt has {length} letters" if length else "A prompt is empty",
            _AT if is_legal else _BEYOND,
            *(_INTACT if is_legal else _BOUNDS),
            client=ClientPlan(JobPlan(_letters(length))),
            quick=length in (0, 1_001),
        )


def _letters(length: int) -> str:
    """A text of so many letters; no part of it is like another, so that a cut shows."""
    words = " ".join(f"word{number}" for number in range(length // 5 + 1))
    return words[:length].rstrip() + "s" * (length - len(words[:length].rstrip()))


def _counts(teller: Teller) -> Iterator[Told]:
    counts = OrderBounds.of(teller.contract).counts
    beyond = (max(counts) + 1, -1, 50)
    for count in (0, *beyond, *(n for n in range(min(counts), max(counts)) if n not in counts)):
        yield teller.tell(
            f"orders/{slug(str(count))}-images",
            f"{count} images are ordered",
            _BEYOND,
            *_BOUNDS,
            client=ClientPlan(JobPlan(n=count)),
            quick=count in (0, max(counts) + 1),
        )


def _images(teller: Teller) -> Iterator[Told]:
    most = OrderBounds.of(teller.contract).most_references
    for count in dict.fromkeys((1, most, most + 1)):
        yield teller.tell(
            f"orders/{count}-references",
            f"{count} reference images come with the order"
            if count != 1
            else "A reference image comes with the order",
            _AT if count <= most else _BEYOND,
            *(_INTACT if count <= most else _BOUNDS),
            client=ClientPlan(JobPlan(references=count)),
            quick=count > most,
        )
    yield teller.tell(
        "orders/mask",
        "A mask comes with the order",
        "Local edits need a mask; a client that drops it repaints the whole image.",
        "valid-request",
        client=ClientPlan(JobPlan(references=1, mask=True)),
        quick=False,
    )


def _choices(teller: Teller) -> Iterator[Told]:
    bounds = OrderBounds.of(teller.contract)
    for size in bounds.sizes:
        yield teller.tell(
            f"orders/size-{size.replace(':', '-to-')}",
            f"The size {size} is ordered",
            _AT,
            "valid-request",
            client=ClientPlan(JobPlan(size=size)),
            quick=False,
        )
    yield teller.tell(
        "orders/unknown-size",
        "A size is ordered that nobody sells",
        _BEYOND,
        "no-silent-clamp",
        client=ClientPlan(JobPlan(size="17:3")),
        quick=False,
    )
    first = next(iter(bounds.sizes), None)
    everything = JobPlan(PROMPTS[0][2], first, max(bounds.counts), bounds.most_references)
    yield teller.tell(
        "orders/all-at-once",
        "Everything is ordered at once: many images, references, a size",
        _AT,
        *(*_INTACT, "exact-results"),
        client=ClientPlan(everything),
        quick=False,
    )
