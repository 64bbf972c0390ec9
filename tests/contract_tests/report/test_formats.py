"""What each format promises beyond its words: well-formed, readable by others, and harmless."""

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from html.parser import HTMLParser

import pytest

from contract_tests.examination import Examination
from contract_tests.report import ReportError, formats, render
from tests.contract_tests.report.samples import HOSTILE, SAMPLES, bad, good, incomplete
from tests.contract_tests.report.server_sample import server

SVG = "{http://www.w3.org/2000/svg}"


def test_there_is_each_format_that_readers_are_told_of() -> None:
    assert list(formats()) == ["badge", "har", "html", "json", "junit", "markdown", "text"]


def test_an_unknown_format_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(ReportError, match=r"seen 'markdwon' \(did you mean markdown\?\)"):
        render("markdwon", good())


@pytest.mark.parametrize("form", list(formats()))
def test_what_a_client_said_can_neither_steer_a_terminal_nor_turn_the_writing(form: str) -> None:
    text = render(form, bad())
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)


@pytest.mark.parametrize("form", list(formats()))
@pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)
def test_every_report_can_be_written_as_utf_8(form: str, sample: Callable[[], Examination]) -> None:
    assert render(form, sample()).encode()


def test_the_text_has_no_line_beyond_80_columns_but_those_to_be_copied() -> None:
    long = [line for line in render("text", bad(), server()).splitlines() if len(line) > 80]
    assert [line for line in long if "check-client" not in line] == []


def test_junit_counts_failures_and_skips_what_was_not_judged() -> None:
    root = ET.fromstring(render("junit", bad(), incomplete(), server()))
    told = [(one.get("tests"), one.get("failures"), one.get("skipped")) for one in root]
    assert told == [("3", "1", "0"), ("3", "0", "3"), ("3", "1", "1")]
    assert [root.get(name) for name in ("tests", "failures", "skipped")] == ["9", "2", "4"]


def test_a_stale_waiver_is_a_failed_test_case() -> None:
    root = ET.fromstring(render("junit", SAMPLES["waived"]()))
    assert [one.get("type") for one in root.iter("failure")] == ["stale"]


def test_a_badge_is_an_image_with_a_name_and_a_row_for_each_subject() -> None:
    root = ET.fromstring(render("badge", good(), server()))
    assert root.get("role") == "img"
    told = "safelight · good client: conformant; safelight · http://127.0.0.1:9000: not conformant"
    assert root.get("aria-label") == root.findtext(f"{SVG}title") == told
    assert len(root.findall(f".//{SVG}text")) == 4


def test_an_archive_has_a_page_for_each_story_and_its_entries_name_it() -> None:
    log = json.loads(render("har", bad(), bad()))["log"]
    assert log["version"] == "1.2"
    pages = [page["id"] for page in log["pages"]]
    assert len(pages) == len(set(pages)) == 2
    assert [entry["pageref"] for entry in log["entries"]] == [pages[0]] * 2 + [pages[1]] * 2
    for page in log["pages"]:
        assert set(page) == {"startedDateTime", "id", "title", "pageTimings", "comment"}
        assert page["startedDateTime"] == "2025-06-15T15:06:40.000+00:00"


def test_an_archive_of_nothing_is_an_archive() -> None:
    log = json.loads(render("har", good()))["log"]
    assert log["pages"] == log["entries"] == []


def test_the_page_is_well_formed_and_names_nothing_that_lies_elsewhere() -> None:
    reader = _Tags()
    reader.feed(render("html", bad(), server()))
    reader.close()
    assert reader.open == []
    assert not {"src", "href", "srcset"} & reader.attributes
    assert reader.scripts == 2


def test_no_tag_can_begin_in_the_data_of_the_page() -> None:
    page = render("html", bad())
    data = page.split('id="data">')[1].split("</script>")[0]
    assert "<" not in data
    visible = HOSTILE.replace("\x1b", r"\x1b").replace("\u202e", r"\u202e")
    assert json.loads(data)[0]["stories"][0]["output"] == visible.replace("\udc80", r"\udc80")


class _Tags(HTMLParser):
    """Which tags are open, and what attributes there are."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: set[str] = set()
        self.scripts = 0

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes |= {name for name, _ in attrs}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.scripts += tag == "script"

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
