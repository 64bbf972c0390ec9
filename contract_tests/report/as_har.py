"""All traffic that was kept, as one HTTP Archive 1.2 with a page for each story."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from contract_tests.examination import Examination, Story
from contract_tests.report.plain import json_text, one_line


def render(examinations: Sequence[Examination]) -> str:
    """The archive; the traffic of several examinations one after the other."""
    pages: list[dict[str, Any]] = []
    entries: list[dict[str, Any]] = []
    for prefix, examination, story, har in _kept(examinations):
        page = f"{prefix}{story.name}"
        own = har["log"]["entries"]
        entries.extend({"pageref": page, **one} for one in own)
        pages.append(_page(page, story, own, examination))
    version = examinations[0].version if examinations else ""
    creator = {"name": "Safelight", "version": version}
    log = {"version": "1.2", "creator": creator, "pages": pages, "entries": entries}
    return json_text({"log": log}, indent=1) + "\n"


def _kept(
    examinations: Sequence[Examination],
) -> Iterator[tuple[str, Examination, Story, Mapping[str, Any]]]:
    """The stories with traffic; where there are several subjects, a prefix tells them apart."""
    for number, one in enumerate(examinations, 1):
        prefix = f"{number} {one_line(one.subject)}: " if len(examinations) > 1 else ""
        for story in one.stories:
            if story.har is not None:
                yield prefix, one, story, story.har


def _page(
    page: str, story: Story, entries: Sequence[Mapping[str, Any]], examination: Examination
) -> dict[str, Any]:
    """The page of a story, which begins with its first call by the session's clock."""
    began = datetime.fromtimestamp(examination.began, UTC).isoformat(timespec="milliseconds")
    starts = [entry["startedDateTime"] for entry in entries]
    return {
        "startedDateTime": min(starts, default=began),
        "id": page,
        "title": f"{page}: {story.title}",
        "pageTimings": {},
        "comment": f"time: {story.timing}",
    }
