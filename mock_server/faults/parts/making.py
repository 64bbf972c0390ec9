"""From a name and options to a fault, with everything that is wrong with them."""

from collections.abc import Iterable
from dataclasses import dataclass

from mock_server.faults import PASS, fault_types
from mock_server.faults.parts.base_fault import BaseFault
from mock_server.faults.parts.notation import Argument
from mock_server.faults.parts.options import Option, OptionError, kept, options_of, seen_as


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a fault as it is written.

    ``option`` is the option that it is about (None: the fault as a whole, ``fault``: its name);
    where a word was seen that is not one of the ``known`` ones, ``word`` is that word.
    """

    option: str | None
    expected: str
    seen: str
    word: str = ""
    known: tuple[str, ...] = ()


class FaultError(ValueError):
    """A fault that cannot be made, for all these reasons."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"expected {p.expected}, seen {p.seen}" for p in self.problems))


def make_fault(name: str, arguments: Iterable[Argument]) -> BaseFault:
    """The fault of that name with these options; those without a name come in their order.

    A number in place of the name is a status code. Raises :class:`FaultError`.
    """
    if name.isdecimal():
        # A code of more digits is wrong in any case, and Python refuses to read very long ones.
        code = int(name) if len(name) < 10 else name
        name, arguments = "status", [(None, code), *arguments]
    fault = fault_types().get(name)
    if name == PASS:
        raise FaultError([Problem("fault", "pass by itself, without options", "pass with more")])
    if fault is None:
        known = (*fault_types(), PASS)
        raise FaultError([Problem("fault", "the name of a fault", repr(name), name, known)])
    options: dict[str, object] = {}
    problems = list(_read(fault, arguments, options))
    if problems:
        raise FaultError(problems)
    try:
        return fault(**options)
    except OptionError as error:
        raise FaultError([Problem(error.option, error.expected, error.seen)]) from None


def _read(
    fault: type[BaseFault], arguments: Iterable[Argument], options: dict[str, object]
) -> Iterable[Problem]:
    """Put the options that are right into ``options`` and tell what is wrong with the others."""
    known = options_of(fault)
    names = tuple(known)
    for place, (key, value) in enumerate(arguments):
        name = names[place] if key is None and place < len(names) else key
        if name is None or name not in known:
            expected = f"an option of {fault.name()} ({', '.join(names)})"
            yield Problem(None, expected, seen_as(name or value), name or "", names)
        elif name in options:
            yield Problem(name, "it once", "it twice")
        else:
            try:
                options[name] = kept(known[name], value)
            except OptionError as error:
                yield _unfit(known[name], error, value)


def _unfit(option: Option, error: OptionError, value: object) -> Problem:
    choices = option.kind.schema.get("enum")
    words = choices if isinstance(choices, list) else []
    known = tuple(word for word in words if isinstance(word, str))
    word = value if isinstance(value, str) else ""
    return Problem(error.option, error.expected, error.seen, word, known)
