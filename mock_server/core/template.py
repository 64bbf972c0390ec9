"""Reply shapes as data: JSON values with placeholders, filled with facts.

``"$name"`` is replaced by the fact of that name with its type; ``"text ${name}"`` puts it into a
text. ``{"$each": "name", "item": ...}`` repeats ``item`` for each mapping in a list fact. A member
whose fact is absent (None) disappears, and so does an object that has placeholders and lost them
all: an absent field is absent, never null.
"""

import re
from collections.abc import Callable, Mapping
from typing import TypeAlias

Facts: TypeAlias = Mapping[str, object]
Filler: TypeAlias = Callable[[Facts], object]

_EMBEDDED = re.compile(r"\$\{(\w+)\}")


class _Absent:
    """Marks a member that has nothing to say."""


ABSENT = _Absent()


def compile_template(template: object) -> Filler:
    """A function that fills the template; what would be absent at the top is an empty object."""
    filler = _filler(template)

    def fill(facts: Facts) -> object:
        value = filler(facts)
        return {} if value is ABSENT else value

    return fill


def placeholders(template: object) -> frozenset[str]:
    """The names of all facts that the template can show."""
    if isinstance(template, str):
        whole = [template[1:]] if _is_whole(template) else _EMBEDDED.findall(template)
        return frozenset(whole)
    if isinstance(template, Mapping):
        if "$each" in template:
            return frozenset({str(template["$each"])})
        return frozenset().union(*(placeholders(value) for value in template.values()))
    if isinstance(template, (list, tuple)):
        return frozenset().union(*(placeholders(value) for value in template))
    return frozenset()


def _is_whole(text: str) -> bool:
    return text.startswith("$") and text[1:].isidentifier()


def _filler(template: object) -> Filler:
    if isinstance(template, str):
        return _text_filler(template)
    if isinstance(template, Mapping):
        if "$each" in template:
            return _each_filler(str(template["$each"]), _filler(template["item"]))
        return _object_filler(template)
    if isinstance(template, (list, tuple)):
        return _array_filler(template)
    return lambda facts: template


def _text_filler(text: str) -> Filler:
    if _is_whole(text):
        name = text[1:]

        def whole(facts: Facts) -> object:
            value = facts.get(name)
            return ABSENT if value is None else value

        return whole
    if _EMBEDDED.search(text):
        return lambda facts: _EMBEDDED.sub(lambda match: _shown(facts.get(match[1])), text)
    return lambda facts: text


def _shown(value: object) -> str:
    return "" if value is None else str(value)


def _each_filler(name: str, item: Filler) -> Filler:
    def each(facts: Facts) -> object:
        rows = facts.get(name)
        if rows is None:
            return ABSENT
        assert isinstance(rows, (list, tuple))
        items = (item(row) for row in rows)
        return [one for one in items if one is not ABSENT]

    return each


def _array_filler(template: list[object] | tuple[object, ...]) -> Filler:
    fillers = tuple(_filler(value) for value in template)

    def array(facts: Facts) -> object:
        values = (filler(facts) for filler in fillers)
        return [value for value in values if value is not ABSENT]

    return array


def _object_filler(template: Mapping[str, object]) -> Filler:
    if not any(_has_slots(value) for value in template.values()):
        return lambda facts: template
    # A member is a constant, the name of a fact, or a filler with the facts that it can show: what
    # is a look-up or surely absent costs no call.
    members = tuple(_member(key, value) for key, value in template.items())

    def fill(facts: Facts) -> object:
        filled = {}
        shown = False
        for key, name, constant, filler, shows in members:
            if name is not None:
                value = facts.get(name)
                if value is None:
                    continue
                shown = True
            elif filler is None:
                value = constant
            elif shows is not None and shows.isdisjoint(facts):
                continue
            else:
                value = filler(facts)
                if value is ABSENT:
                    continue
                shown = True
            filled[key] = value
        return filled if shown else ABSENT

    return fill


_Member: TypeAlias = tuple[str, str | None, object, Filler | None, frozenset[str] | None]


def _member(key: str, value: object) -> _Member:
    if isinstance(value, str) and _is_whole(value):
        return key, value[1:], None, None, None
    if not _has_slots(value):
        return key, None, value, None, None
    shows = placeholders(value) if _needs_facts(value) else None
    return key, None, None, _filler(value), shows


def _needs_facts(template: object) -> bool:
    """Whether nothing is left of a template with slots when all of its facts are absent."""
    if isinstance(template, str):
        return _is_whole(template) or _EMBEDDED.search(template) is None
    if isinstance(template, Mapping):
        return "$each" in template or all(map(_needs_facts, template.values()))
    return not isinstance(template, (list, tuple))


def _has_slots(template: object) -> bool:
    if isinstance(template, Mapping) and "$each" in template:
        return True
    return bool(placeholders(template))
