"""A command line with placeholders: what of it is said for a job, and what is left out."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Self

from contract_tests.clients.client import ClientError
from contract_tests.clients.placeholders import Placeholder, Template, Values

_OPTION = re.compile(r"--?[A-Za-z0-9][\w.-]*")
_OPTION_WITH_VALUE = re.compile(r"--?[A-Za-z0-9][\w.-]*=")


@dataclass(frozen=True, slots=True)
class CommandLine:
    """A command, what is added to its environment, and its standard input.

    A placeholder that a job has nothing for takes its argument with it, and the option before it:
    ``--size {size}`` and ``--size={size}`` vanish. An argument without an option keeps its place
    and becomes empty, unless only options follow. In a longer text it is empty. A variable that is
    nothing else is not set. An argument with ``{reference}`` is repeated for each of them.
    """

    arguments: tuple[Template, ...]
    environment: Mapping[str, Template]
    stdin: Template | None

    @classmethod
    def parse(cls, words: Sequence[str], env: Mapping[str, str], stdin: str | None) -> Self:
        """Read all placeholders; raises :class:`ClientError` for unknown ones."""
        if not words:
            raise ClientError("expected a command, seen nothing: safelight check-client -- COMMAND")
        arguments = [Template.parse(word, f"argument {word!r}") for word in words]
        variables = {name: Template.parse(text, f"--env {name}") for name, text in env.items()}
        text = None if stdin is None else Template.parse(stdin, "standard input")
        return cls(tuple(arguments), variables, text)

    @property
    def names(self) -> frozenset[str]:
        """The placeholders that occur anywhere in it."""
        inputs = () if self.stdin is None else (self.stdin,)
        templates = chain(self.arguments, self.environment.values(), inputs)
        return frozenset(chain.from_iterable(template.names for template in templates))

    def words(self, values: Values) -> list[str]:
        """The words of the command for a job."""
        words: list[str] = []
        for index, template in enumerate(self.arguments):
            single = _single(template)
            if single is None:
                words.append(template.fill(values))
                continue
            prefix, name = single
            option = self._option_before(index)
            if given := [prefix + value for value in values[name]]:
                again = () if option is None else (option,)
                words += chain(given[:1], *((*again, value) for value in given[1:]))
            elif option is not None:
                words.pop()
            elif not prefix and self._keeps_place(index, values):
                words.append("")
        return words

    def variables(self, values: Values) -> dict[str, str | None]:
        """What is to be set in the environment, and, as None, what is to be taken out of it."""
        return {
            name: None if _is_open(template, values) else template.fill(values)
            for name, template in self.environment.items()
        }

    def input(self, values: Values) -> str | None:
        """The standard input, None if there is none."""
        return None if self.stdin is None else self.stdin.fill(values)

    def _option_before(self, index: int) -> str | None:
        """The option whose value an argument is, if it is one."""
        if index < 2 or not self.arguments[index].is_alone:
            return None
        text = _plain(self.arguments[index - 1])
        return text if text is not None and _OPTION.fullmatch(text) else None

    def _keeps_place(self, index: int, values: Values) -> bool:
        """Whether an argument behind this one is known by its place."""
        return any(
            not _is_open(one, values)
            and self._option_before(later) is None
            and not (_plain(one) or "").startswith("-")
            for later, one in enumerate(self.arguments)
            if later > index
        )


def _single(template: Template) -> tuple[str, str] | None:
    """What comes before the placeholder, and its name, of ``{size}`` and ``--size={size}``."""
    match template.pieces:
        case [Placeholder(name)]:
            return "", name
        case [str(option), Placeholder(name)] if _OPTION_WITH_VALUE.fullmatch(option):
            return option, name
    return None


def _is_open(template: Template, values: Values) -> bool:
    """Whether a text would say nothing: what it is there for is left to the client."""
    return template.is_alone and not values[template.names[0]]


def _plain(template: Template) -> str | None:
    return None if template.names else template.fill({})
