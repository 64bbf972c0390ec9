"""The images behind result URLs: real, repeatable, signed, and served as RFC 9110 says."""

import re
from io import BytesIO
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import httpx
import pytest
from PIL import Image

from tests.edge.callers import ORIGIN, SUBMIT, Caller, caller


@pytest.fixture
def url(guide: Caller) -> str:
    """The URL of the one image of a task that has just ended."""
    task = guide.submit()["id"]
    guide.clock.advance(4)
    return str(guide.status(task)["result"]["data"][0]["url"])


def urls(status: dict[str, dict[str, list[dict[str, str]]]]) -> list[str]:
    return [item["url"] for item in status["result"]["data"]]


def opened(reply: httpx.Response) -> Image.Image:
    assert reply.status_code == 200, reply.text
    image = Image.open(BytesIO(reply.content))
    image.load()
    return image


@pytest.mark.parametrize(("size", "ratio"), [("1:1", 1.0), ("2:3", 2 / 3), ("3:2", 3 / 2)])
def test_images_have_the_ratio_that_was_asked_for(guide: Caller, size: str, ratio: float) -> None:
    (url,) = urls(guide.finished(size=size))
    image = opened(guide.get(url))
    assert image.format == "PNG"
    assert image.width / image.height == pytest.approx(ratio, rel=0.01)


@pytest.mark.parametrize(
    ("output", "kind", "media_type"), [("png", "PNG", "image/png"), ("jpeg", "JPEG", "image/jpeg")]
)
def test_images_have_the_format_that_was_asked_for(output: str, kind: str, media_type: str) -> None:
    with caller("reference") as one:
        (url,) = urls(one.finished(model="gpt-image-2-official", output_format=output))
        reply = one.get(url)
    assert (opened(reply).format, reply.headers["content-type"]) == (kind, media_type)


def test_every_image_of_a_task_is_another_one(guide: Caller) -> None:
    assert len({guide.get(url).content for url in urls(guide.finished(n=4))}) == 4


def test_an_image_is_the_same_whenever_it_is_fetched(guide: Caller, url: str) -> None:
    first = guide.get(url)
    assert first.content == guide.get(url).content
    assert first.headers["etag"] == guide.get(url).headers["etag"]


def test_a_url_that_was_read_early_works_as_well_as_one_read_late(guide: Caller, url: str) -> None:
    guide.clock.advance(86_000)
    assert guide.get(url).status_code == 200


def test_an_image_needs_no_key(guide: Caller, url: str) -> None:
    assert guide.bare("GET", url.removeprefix(ORIGIN)).status_code == 200


def test_the_url_looks_as_the_profile_says(url: str) -> None:
    assert re.fullmatch(r"http://mock\.test/generated/\d{10}_[0-9a-f]{8}\.png\?.+", url)


def test_head_tells_what_get_would_bring(guide: Caller, url: str) -> None:
    whole, head = guide.get(url), guide.call("HEAD", url)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers == whole.headers


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("bytes=0-9", 0, 9), ("bytes=5-", 5, -1), ("bytes=-7", -7, -1), ("bytes=3-999999999", 3, -1)],
)
def test_a_range_brings_that_part(
    guide: Caller, url: str, asked: str, first: int, last: int
) -> None:
    whole = guide.get(url).content
    size = len(whole)
    part = guide.get(url, headers={"Range": asked})
    begin, end = first % size, last % size
    assert part.status_code == 206
    assert part.content == whole[begin : end + 1]
    assert part.headers["content-range"] == f"bytes {begin}-{end}/{size}"


def test_a_download_can_be_taken_up_where_it_broke_off(guide: Caller, url: str) -> None:
    whole = guide.get(url)
    half = len(whole.content) // 2
    headers = {"Range": f"bytes={half}-", "If-Range": whole.headers["etag"]}
    rest = guide.get(url, headers=headers)
    assert whole.content[:half] + rest.content == whole.content


def test_a_range_of_another_image_brings_the_whole(guide: Caller, url: str) -> None:
    headers = {"Range": "bytes=0-9", "If-Range": '"something-else"'}
    assert guide.get(url, headers=headers).status_code == 200


@pytest.mark.parametrize("asked", ["bytes=999999999-", "bytes=-0"])
def test_a_range_beyond_the_end_cannot_be_satisfied(guide: Caller, url: str, asked: str) -> None:
    size = len(guide.get(url).content)
    reply = guide.get(url, headers={"Range": asked})
    assert (reply.status_code, reply.content) == (416, b"")
    assert reply.headers["content-range"] == f"bytes */{size}"


@pytest.mark.parametrize(
    "asked", ["bytes=", "bytes=-", "bytes=5-2", "bytes=a-b", "lines=1-2", "bytes=0-1,4-5", ""]
)
def test_a_range_that_makes_no_sense_is_passed_over(guide: Caller, url: str, asked: str) -> None:
    reply = guide.get(url, headers={"Range": asked})
    assert (reply.status_code, reply.content) == (200, guide.get(url).content)


@pytest.mark.parametrize("form", ["{}", "W/{}", '"a", {}', "*"])
def test_an_image_that_is_known_is_not_sent_again(guide: Caller, url: str, form: str) -> None:
    etag = guide.get(url).headers["etag"]
    reply = guide.get(url, headers={"If-None-Match": form.format(etag)})
    assert (reply.status_code, reply.content) == (304, b"")
    assert reply.headers["etag"] == etag


def test_an_image_that_is_not_known_is_sent(guide: Caller, url: str) -> None:
    assert guide.get(url, headers={"If-None-Match": '"another"'}).status_code == 200


def test_an_expired_url_is_refused(guide: Caller, url: str) -> None:
    expires = int(dict(parse_qsl(urlsplit(url).query))["expires"])
    guide.clock.set(expires - 1)
    assert guide.get(url).status_code == 200
    guide.clock.set(expires)
    reply = guide.get(url)
    assert (reply.status_code, reply.json()["error"]["code"]) == (403, "access_denied")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("changed", ["task", "image", "expires", "signature"])
def test_a_url_that_was_changed_is_refused(
    guide: Caller, url: str, changed: str, method: str
) -> None:
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    query[changed] = {"image": "1", "expires": "9999999999"}.get(changed, query[changed][:-1])
    forged = urlunsplit(parts._replace(query=urlencode(query)))
    assert guide.call(method, forged).status_code == 403


@pytest.mark.parametrize(
    "query", ["", "task=a", "image=x&expires=y&signature=z", "&&=&", "%ff=1", "a&signature=%C3%A9"]
)
def test_a_url_without_a_signature_is_refused(guide: Caller, url: str, query: str) -> None:
    assert guide.get(urlunsplit(urlsplit(url)._replace(query=query))).status_code == 403


def test_the_signature_of_one_image_does_not_open_another(guide: Caller) -> None:
    one, other = map(urlsplit, urls(guide.finished(n=2)))
    assert guide.get(urlunsplit(one._replace(query=other.query))).status_code == 403


def test_a_url_of_one_session_does_not_open_the_images_of_another(guide: Caller, url: str) -> None:
    mock = guide.app.mock
    mock.sessions.add(mock.make_session("other", mock.scenario, ()))
    forged = url.replace(ORIGIN, f"{ORIGIN}/s/other")
    assert guide.get(forged).status_code == 403


def test_urls_keep_the_way_by_which_the_caller_reaches_the_mock(guide: Caller) -> None:
    mock = guide.app.mock
    mock.sessions.add(mock.make_session("a", mock.scenario, tuple(mock.settings.api_keys)))
    session = mock.sessions.get("a")
    assert session is not None
    session.clock.run(0)
    headers = {"Host": "images.example:81"}
    task = guide.post(f"/s/a{SUBMIT}", json={"model": "gpt-4o-image", "prompt": "a"}).json()["id"]
    session.clock.advance(10)
    status = guide.get(f"/s/a{SUBMIT}/{task}", headers=headers).json()
    (url,) = urls(status)
    assert url.startswith("http://images.example:81/s/a/generated/")
    image = opened(guide.get(url.replace("http://images.example:81", ORIGIN), headers=headers))
    assert image.size == (1024, 1024)


def test_results_may_not_be_read_by_pages_of_other_origins(guide: Caller, url: str) -> None:
    reply = guide.get(url, headers={"Origin": "https://page.test"})
    assert "access-control-allow-origin" not in reply.headers
