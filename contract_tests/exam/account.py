"""What is left of a story that was played, when its trace is gone."""

from collections.abc import Mapping
from dataclasses import dataclass

from contract_tests.examination import Story
from contract_tests.finding import Finding
from contract_tests.stories.weight import Weight


@dataclass(frozen=True, slots=True)
class Account:
    """What reports tell of a story, and how large it is.

    ``silence`` is how its first job ended, if no call was made in it.
    """

    story: Story
    weight: Weight
    silence: str | None = None

    @property
    def name(self) -> str:
        """The name of the story."""
        return self.story.name

    @property
    def found(self) -> Mapping[str, Finding]:
        """What the rules found, by their ids."""
        return self.story.found
