"""Makes a conversation that shows a breach as small as it can be and still show it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from contract_tests.server.bodies import TEXT
from contract_tests.server.conversation import Conversation, JsonBody, Send
from contract_tests.server.slicing import Case, closed

# Holds a conversation; the case that it makes, None if nothing was broken in it.
Show = Callable[[Conversation], Case | None]

_SHORT = 12


def shrink(case: Case, show: Show, most: int) -> Case:
    """The smallest case found with at most so many conversations."""
    left = most
    is_changed = True
    while is_changed and left > 0:
        is_changed = False
        for smaller in (*_without_steps(case.conversation), *_with_less(case.conversation)):
            if left == 0:
                break
            left -= 1
            found = show(smaller)
            if found is not None:
                case, is_changed = found, True
                break
    return case


def _without_steps(conversation: Conversation) -> Iterator[Conversation]:
    """The conversation without one step, and without what refers to it; the largest part first."""
    steps = conversation.steps
    if len(steps) > 4:
        half = range(len(steps) // 2, len(steps))
        yield replace(conversation, steps=closed(steps, half, has_time=False))
    for index in range(len(steps)):
        kept = [i for i in range(len(steps)) if i != index]
        smaller = closed(steps, kept, has_time=False)
        if len(smaller) < len(steps) and smaller:
            yield replace(conversation, steps=smaller)


def _with_less(conversation: Conversation) -> Iterator[Conversation]:
    """The conversation with less in one of its calls."""
    steps = conversation.steps
    for index, step in enumerate(steps):
        if isinstance(step, Send):
            for smaller in _smaller_calls(step):
                changed = (*steps[:index], smaller, *steps[index + 1 :])
                yield replace(conversation, steps=changed)


def _smaller_calls(step: Send) -> Iterator[Send]:
    if step.headers:
        yield replace(step, headers=())
    if isinstance(step.body, JsonBody) and isinstance(step.body.value, Mapping):
        for value in _smaller_objects(step.body.value):
            yield replace(step, body=JsonBody(value))


def _smaller_objects(value: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for name in value:
        if len(value) > 1:
            yield {key: member for key, member in value.items() if key != name}
    for name, member in value.items():
        for smaller in _smaller(member):
            yield {**value, name: smaller}


def _smaller(value: Any) -> Iterator[Any]:
    if isinstance(value, str) and len(value) > _SHORT and value != TEXT:
        yield value[: len(value) // 2]
        yield value[len(value) // 2 :]
        yield value[:-1]
    elif isinstance(value, list) and value:
        yield value[:1]
        yield value[:-1]
    elif isinstance(value, Mapping) and value:
        yield from _smaller_objects(value)
