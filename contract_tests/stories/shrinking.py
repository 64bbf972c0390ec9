"""The smallest story that still breaks a rule: fewest faults, counts, stages, and a plain order."""

from collections.abc import Callable, Generator, Iterator
from dataclasses import replace

from contract_tests.stories.smaller import SHAPES
from contract_tests.stories.telling import content_of, plot
from contract_tests.stories.weight import Weight, weight_of
from mock_server.core.scenario import Scenario

MOST_PLAYS = 150


def shrink(
    story: Scenario, still_breaks: Callable[[Scenario], bool], *, most_plays: int = MOST_PLAYS
) -> Scenario:
    """The smallest story that was found to break it, too, by playing at most so many.

    The same story and the same answers give the same result. It keeps the name, and is the story
    itself where nothing smaller breaks it.
    """
    tries = shrinking(story, most_plays)
    try:
        candidate = next(tries)
        while True:
            candidate = tries.send(still_breaks(candidate))
    except StopIteration as end:
        found: Scenario = end.value
        return found


def shrinking(story: Scenario, most_plays: int = MOST_PLAYS) -> Generator[Scenario, bool, Scenario]:
    """The same for callers who play in their own way: yields stories, is sent whether they break.

    Returns the smallest one.
    """
    best, tried, is_smaller = story, {content_of(story)}, True
    while is_smaller:
        is_smaller = False
        for shape in SHAPES:
            candidates = _lighter(best, shape)
            for candidate in candidates:
                told = content_of(candidate)
                if told in tried:
                    continue
                if len(tried) > most_plays:
                    return _retold(best, story)
                tried.add(told)
                if (yield _retold(candidate, story)):
                    best, is_smaller = candidate, True
                    break
    return _retold(best, story)


def _lighter(
    story: Scenario, shape: Callable[[Scenario], Iterator[Scenario]]
) -> Iterator[Scenario]:
    """What a shape makes of a story, as far as it is smaller: so there is an end to it."""
    weight: Weight = weight_of(story)
    return (one for one in shape(story) if weight_of(one) < weight)


def _retold(story: Scenario, original: Scenario) -> Scenario:
    """The story under a title that is still true of it."""
    return story if story is original else replace(story, title=plot(story))
