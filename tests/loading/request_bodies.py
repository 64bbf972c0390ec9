"""Hypothesis strategies for request bodies of a model: right, wrong, and at every boundary."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from hypothesis import strategies as st

Schema = Mapping[str, Any]

URLS = ("http://a.example/1.png", "https://a", "HTTPS://a.example/\u00e9?x=1#y")
NOT_URLS = (
    "",
    "http://",
    "http:///a",
    "ftp://a/b",
    "data:image/png;base64,AA",
    "http://a b",
    "a\n",
)
LINES = ("http://a/1\n", "http://a/\x7f", " http://a", "http://a/\u2028")
# Of each JSON type, with those that one reader takes for another: 1 and true, 1 and 1.0.
ODD: tuple[Any, ...] = (
    *(None, True, False, 0, 1, 2, 4, -1, 1.0, 2.5, -0.0, 1e300, 10**400, -(10**400), 2**53 + 1),
    *("", "1", "true", "x", "\u00e9", "\U0001f600" * 3),
    *([], [None], [[]], {}, {"url": None}, {"url": "http://a/1"}, {"": 0}),
)
# The longest text that is worth sending: longer limits are tested at this length.
MOST = 70_000

odd_values = st.sampled_from(ODD) | st.text(max_size=4) | st.integers() | st.floats(allow_nan=False)


def hints(schema: Schema) -> Mapping[str, list[Schema]]:
    """What a schema says of each property, wherever in it that stands."""
    found: dict[str, list[Schema]] = defaultdict(list)
    for node in _nodes(schema):
        for name, inner in node.get("properties", {}).items():
            found[name].append(inner)
    return found


def _nodes(value: Any) -> Iterator[Schema]:
    if isinstance(value, Mapping):
        yield value
    inner = value.values() if isinstance(value, Mapping) else value
    for part in inner:
        if isinstance(part, (Mapping, list)):
            yield from _nodes(part)


def bodies(schema: Schema) -> st.SearchStrategy[Any]:
    """Bodies for one model: mostly objects with the fields that it knows."""
    known = hints(schema)
    right = {
        name: st.one_of(*(_around(known, hint) for hint in known[name]))
        for name in schema["properties"]
    }
    required = {name: right[name] for name in schema["required"]}
    optional = {name: right[name] for name in right if name not in required}
    usual = st.fixed_dictionaries(required, optional=optional)
    spoiled = st.builds(
        lambda body, changes: {**body, **changes},
        usual,
        st.dictionaries(st.sampled_from(sorted(right)), odd_values, max_size=2),
    )
    strange = st.dictionaries(st.sampled_from((*right, "colour", "", "n ")), odd_values, max_size=4)
    unknown = st.builds(lambda body, more: {**more, **body}, usual, strange)
    return st.one_of(usual, spoiled, unknown, strange, odd_values)


def _around(known: Mapping[str, list[Schema]], hint: Schema) -> st.SearchStrategy[Any]:
    """Values at, within and just beyond what a subschema allows."""
    choices: list[st.SearchStrategy[Any]] = [st.sampled_from(_samples(hint))]
    if "items" in hint or "maxItems" in hint or "minItems" in hint:
        item = _around(known, hint.get("items", {})) | st.sampled_from(URLS)
        most, least = hint.get("maxItems", 3), hint.get("minItems", 0)
        sizes = st.sampled_from(sorted({max(0, least - 1), least, 1, most, most + 1}))
        choices.append(sizes.flatmap(lambda size: st.lists(item, min_size=size, max_size=size)))
    if "properties" in hint:
        inner = {name: _around(known, part) for name, part in hint["properties"].items()}
        choices.append(st.fixed_dictionaries({}, optional=inner))
    return st.one_of(choices)


def _samples(hint: Schema) -> list[Any]:
    found: list[Any] = [*hint.get("enum", ()), *hint.get("examples", ())]
    found += [hint[key] for key in ("const", "default") if key in hint]
    for key in ("minimum", "maximum"):
        if key in hint:
            found += [hint[key] - 1, hint[key], float(hint[key]), hint[key] + 1, hint[key] + 0.5]
    for key in ("minLength", "maxLength"):
        length = min(MOST, hint.get(key, MOST))
        if key in hint:
            found += ["x" * max(0, length - 1), "\U0001f600" * length, "x" * (length + 1)]
    if "pattern" in hint:
        found += [*URLS, *NOT_URLS, *LINES, "100x4096", "4097x100", "standard", "fast\n"]
    return found or ["a red kite", 1, URLS[0]]
