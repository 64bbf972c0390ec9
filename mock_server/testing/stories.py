"""Stories of a project's own: where the files are that its tests name."""

from collections.abc import Sequence
from pathlib import Path

from mock_server.control.session import Story

_ENDINGS = (".yaml", ".yml")


def located(story: Story, folders: Sequence[Path]) -> Story:
    """The story; a file, told as a path or by a name with its ending, in the first of ``folders``.

    Raises FileNotFoundError for a file that is in none of them.
    """
    if not isinstance(story, str | Path):
        return story
    if isinstance(story, str) and ("\n" in story or not story.endswith(_ENDINGS)):
        return story
    for folder in folders:
        file = folder / story
        if file.is_file():
            return file
    places = " or ".join(dict.fromkeys(str(folder.resolve()) for folder in folders))
    raise FileNotFoundError(f"expected a scenario file in {places}, seen no {str(story)!r} there")
