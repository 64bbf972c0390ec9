"""JSON texts whose members are pairs, so that a name can stand in them twice."""

import json
from dataclasses import dataclass


@dataclass(slots=True)
class Members:
    """A JSON object as the pairs of its members."""

    pairs: list[tuple[str, object]]

    def find(self, name: str) -> object:
        """The first value of that name; None without one."""
        return next((value for key, value in self.pairs if key == name), None)

    def set(self, name: str, value: object) -> None:
        """Give the member of that name this value, or add it at the end."""
        names = [key for key, _ in self.pairs]
        if name in names:
            self.pairs[names.index(name)] = (name, value)
        else:
            self.pairs.append((name, value))

    def drop(self, name: str) -> None:
        """Remove all members of that name."""
        self.pairs = [pair for pair in self.pairs if pair[0] != name]


def read_members(content: bytes) -> object:
    """The JSON value in these bytes, objects as :class:`Members`; None where there is none."""
    try:
        return json.loads(content, object_pairs_hook=Members)
    except (ValueError, RecursionError):
        return None


def write_members(value: object) -> bytes:
    """The value as JSON text in UTF-8."""
    return _text_of(value).encode("utf-8", "surrogatepass")


def _text_of(value: object) -> str:
    if isinstance(value, Members):
        rows = (f"{_text_of(name)}:{_text_of(member)}" for name, member in value.pairs)
        return f"{{{','.join(rows)}}}"
    if isinstance(value, list):
        return f"[{','.join(map(_text_of, value))}]"
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def set_at(value: object, path: str, new: object) -> None:
    """Put a value at a dotted path; objects on the way are made where they are missing."""
    first, dot, rest = path.partition(".")
    if isinstance(value, Members):
        if not dot:
            value.set(first, new)
            return
        if not isinstance(value.find(first), Members | list):
            value.set(first, Members([]))
        set_at(value.find(first), rest, new)
    elif isinstance(value, list) and (place := _place(value, first)) is not None:
        if dot:
            set_at(value[place], rest, new)
        else:
            value[place] = new


def drop_at(value: object, path: str) -> None:
    """Remove what is at a dotted path, if there is anything."""
    first, dot, rest = path.partition(".")
    if isinstance(value, Members):
        if dot:
            drop_at(value.find(first), rest)
        else:
            value.drop(first)
    elif isinstance(value, list) and (place := _place(value, first)) is not None:
        if dot:
            drop_at(value[place], rest)
        else:
            del value[place]


def repeat_at(value: object, path: str, new: object) -> None:
    """Add a member at a dotted path although, or whether, one of its name is there."""
    first, dot, rest = path.partition(".")
    if isinstance(value, Members):
        if dot:
            repeat_at(value.find(first), rest, new)
        else:
            value.pairs.append((first, new))
    elif dot and isinstance(value, list) and (place := _place(value, first)) is not None:
        repeat_at(value[place], rest, new)


def _place(value: list[object], name: str) -> int | None:
    """The index that a step of a path names, if the list has it."""
    if not name.isdecimal() or len(name) > 9:
        return None
    return int(name) if int(name) < len(value) else None
