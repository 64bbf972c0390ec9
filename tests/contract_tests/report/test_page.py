"""The page in a real browser: what readers click, what they do by keyboard, and what it loads."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from contract_tests.report import render
from tests.contract_tests.report.browser import Browser, browser
from tests.contract_tests.report.samples import bad, good

SHOWN = "[...document.querySelectorAll('.rule-row')].map(e => e.dataset.rule)"
IN_FOCUS = "document.activeElement"


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Browser, str]]:
    """One browser for all tests of this module, and the page that each opens anew."""
    folder = tmp_path_factory.mktemp("browser")
    page = folder / "page.html"
    page.write_text(render("html", good(), bad()), "utf-8")
    with browser(folder / "profile") as one:
        yield one, page.as_uri()


@pytest.fixture
def page(opened: tuple[Browser, str]) -> Iterator[Browser]:
    one, url = opened
    one.troubles.clear()
    one.requested.clear()
    one.tell("Emulation.clearDeviceMetricsOverride")
    one.open("about:blank")
    one.open(url)
    yield one
    assert one.troubles == []
    assert {told.split("#")[0] for told in one.requested} <= {url, "about:blank"}


# One group for all: with tests side by side, they would else start a browser each.
pytestmark = pytest.mark.xdist_group("browser")


def test_the_subjects_stand_side_by_side_with_their_verdicts(page: Browser) -> None:
    told = page.look("[...document.querySelectorAll('.card .overall')].map(e => e.textContent)")
    assert told == ["conformant", "not conformant"]
    assert page.look("document.querySelectorAll('.rules thead th').length") == 4


def test_the_filter_leaves_the_rules_with_the_verdicts_that_were_clicked(page: Browser) -> None:
    assert page.look(SHOWN) == ["submit-once", "backoff-floor", "poll-jitter"]
    page.click("#matrix-choice button:nth-child(2)")
    page.click("[data-letter=F]")
    assert page.look(SHOWN) == ["backoff-floor"]
    assert page.look("document.querySelectorAll('#matrix tbody tr').length") == 1
    page.click("[data-letter=A]")
    assert page.look(SHOWN) == ["backoff-floor", "poll-jitter"]
    assert page.look("document.querySelector('#shown').textContent") == "2 of 3 rules"


def test_the_search_finds_rules_by_their_words(page: Browser) -> None:
    page.look("document.querySelector('#search').focus()")
    page.tell("Input.insertText", text="JITTER")
    assert page.look(SHOWN) == ["poll-jitter"]


def test_a_rule_opens_to_what_was_seen_and_how_to_mend_it(page: Browser) -> None:
    page.click("[data-rule=backoff-floor] button")
    told = page.look("document.querySelector('#rule-backoff-floor').innerText")
    for part in ("came after 0.250 s", "at least 1 s after call 1", "Wait for 1, 2 and 4 seconds."):
        assert part in told


def test_a_story_opens_with_a_picture_for_each_subject_on_one_scale(page: Browser) -> None:
    page.look("document.querySelector('#stories').scrollIntoView()")
    page.click("#stories tbody tr .link")
    assert page.look("document.querySelector('dialog').open") is True
    assert page.look("document.querySelector('#story-title').textContent") == "All goes well"
    pictures = "[...document.querySelectorAll('dialog svg.time-line')]"
    assert page.look(f"{pictures}.map(e => e.querySelectorAll('.mark').length)") == [3, 3]
    ends = page.look(f"{pictures}.map(e => e.querySelector('.axis path').getAttribute('d'))")
    assert ends[0] == ends[1]
    told = page.look(f"{pictures}[0].getAttribute('aria-label')")
    assert told.startswith("Time line: 3 calls, 0 of them with trouble, in 10.3 s")
    states = f"{pictures}[0].querySelectorAll('.state title')"
    assert page.look(f"[...{states}].map(e => e.textContent.split(',')[0])") == [
        "queued",
        "running",
        "succeeded",
    ]


def test_a_story_can_be_linked_to_and_is_closed_by_escape(page: Browser) -> None:
    page.look("location.hash = 'story=submit%2F429'; 1")
    page.look("new Promise(done => setTimeout(done))")
    assert page.look("document.querySelector('#story-title').textContent") == (
        "The first submit is refused"
    )
    assert page.look("document.querySelectorAll('.time-line .mark.trouble').length") == 1
    assert "429" in page.look("document.querySelector('dialog .fault-label').textContent")
    page.press("Escape")
    assert page.look("document.querySelector('dialog').open") is False


def test_the_matrix_is_walked_and_opened_by_keyboard(page: Browser) -> None:
    page.click("#matrix-choice button:nth-child(2)")
    page.look("document.querySelector('#matrix td[tabindex=\"0\"]').focus()")
    page.press("ArrowDown")
    told = page.look(f"{IN_FOCUS}.dataset.told")
    assert told == "BOF-01 backoff-floor, 1 story of submit: failed"
    page.press("Enter")
    page.press("ArrowRight")
    assert page.look(f"{IN_FOCUS}.dataset.told") == "BOF-01 backoff-floor, submit/429: failed"
    assert "came after 0.250 s" in page.look("document.querySelector('#told').textContent")
    page.press("Enter")
    assert page.look("document.querySelector('dialog').open") is True


def test_what_a_client_said_is_shown_as_text(page: Browser) -> None:
    assert "<script>alert(1)</script>" in page.look("document.body.innerText")
    assert page.look("document.scripts.length") == 2


@pytest.mark.parametrize("width", [400, 1280])
def test_the_page_is_no_wider_than_the_window(page: Browser, width: int) -> None:
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    page.tell("Emulation.setDeviceMetricsOverride", **size)
    page.click("[data-rule=backoff-floor] button")
    page.look("document.querySelectorAll('details').forEach(e => { e.open = true; })")
    assert page.look("document.documentElement.scrollWidth") <= width


def test_dark_and_light_are_what_the_reader_prefers(page: Browser) -> None:
    colours = set()
    for scheme in ("light", "dark"):
        wish = [{"name": "prefers-color-scheme", "value": scheme}]
        page.tell("Emulation.setEmulatedMedia", features=wish)
        colours.add(page.look("getComputedStyle(document.body).backgroundColor"))
    assert len(colours) == 2


def test_a_page_that_asks_for_something_is_noticed(page: Browser, tmp_path: Path) -> None:
    other = tmp_path / "other.html"
    other.write_text("<img src='picture.png'>", "utf-8")
    page.open(other.as_uri())
    assert (tmp_path / "picture.png").as_uri() in page.requested
    page.requested.clear()
    page.troubles.clear()
