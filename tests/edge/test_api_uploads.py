"""Uploading images: judged by what is in them, served again, and referred to by their URLs."""

import re
import socket

import pytest

from mock_server.core.world import Bounds
from tests.edge.callers import FOX, ORIGIN, SUBMIT, Caller, caller, picture

UPLOADS = "/v1/uploads/images"
MEGABYTE = 1024 * 1024
TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/gif"}
ENDINGS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "GIF": "gif"}


def upload(one: Caller, content: bytes, name: str = "a.png") -> str:
    """The URL of an upload that must succeed."""
    reply = one.post(UPLOADS, files={"file": (name, content)})
    assert reply.status_code == 200, reply.text
    return str(reply.json()["data"]["url"])


@pytest.mark.parametrize("kind", TYPES)
def test_an_upload_is_answered_as_documented(guide: Caller, kind: str) -> None:
    content = picture(kind)
    reply = guide.post(UPLOADS, files={"file": ("x", content)}, data={"purpose": "generation"})
    told = reply.json()
    data = told["data"]
    assert (told["success"], told["message"]) == (True, "")
    assert (data["mime_type"], data["size"]) == (TYPES[kind], len(content))
    name = re.fullmatch("upload_([0-9a-f]{8})", data["id"])
    assert name is not None
    path = rf"{ORIGIN}/uploads/123/\d{{10}}_{name[1]}\.{ENDINGS[kind]}"
    assert re.fullmatch(path, data["url"])


def test_an_uploaded_file_can_be_fetched_again_without_the_key(guide: Caller) -> None:
    content = picture("JPEG")
    url = upload(guide, content)
    reply = guide.bare("GET", url.removeprefix(ORIGIN))
    assert (reply.content, reply.headers["content-type"]) == (content, "image/jpeg")


def test_the_content_of_a_file_counts_and_its_name_and_type_do_not(guide: Caller) -> None:
    reply = guide.post(UPLOADS, files={"file": ("a.txt", picture("WEBP"), "text/plain")})
    assert reply.json()["data"]["mime_type"] == "image/webp"


@pytest.mark.parametrize(
    "content",
    [b"", b"GIF", b"%PDF-1.7", b"<svg xmlns='http://www.w3.org/2000/svg'/>", picture("BMP")],
    ids=["nothing", "three letters", "PDF", "SVG", "BMP"],
)
def test_what_is_no_image_is_refused_whatever_it_is_called(guide: Caller, content: bytes) -> None:
    reply = guide.post(UPLOADS, files={"file": ("a.png", content, "image/png")})
    assert reply.status_code == 400
    assert reply.json() == {
        "success": False,
        "message": "Unsupported image type. Allowed: JPEG, PNG, WebP, GIF",
    }
    assert len(guide.world.uploads) == 0


def test_ten_megabytes_are_taken_and_one_byte_more_is_not(guide: Caller) -> None:
    small = picture()
    upload(guide, small + bytes(10 * MEGABYTE - len(small)))
    reply = guide.post(UPLOADS, files={"file": small + bytes(10 * MEGABYTE - len(small) + 1)})
    assert reply.status_code == 400
    assert reply.json() == {"success": False, "message": "Image too large. Maximum size is 10MB"}
    assert len(guide.world.uploads) == 1


@pytest.mark.parametrize("files", [{"image": picture()}, {"files": picture()}])
def test_a_form_without_the_file_is_refused(guide: Caller, files: dict[str, bytes]) -> None:
    reply = guide.post(UPLOADS, files=files)
    assert (reply.status_code, reply.json()["success"]) == (400, False)
    assert "'file'" in reply.json()["message"]


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b"{}"),
        ("image/png", picture()),
        ("multipart/form-data", b"--x--"),
        ("multipart/form-data; boundary=x", b"--x\r\nhello"),
    ],
)
def test_what_is_no_form_is_refused(guide: Caller, content_type: str, body: bytes) -> None:
    reply = guide.post(UPLOADS, content=body, headers={"Content-Type": content_type})
    assert (reply.status_code, reply.json()["success"]) == (400, False)


def test_an_upload_can_be_a_reference_and_a_mask(guide: Caller) -> None:
    image, mask = (upload(guide, picture(size=(30, 20))) for _ in range(2))
    guide.submit(reference_images=[image], mask_url=mask)


def test_an_uploaded_gif_is_no_reference(guide: Caller) -> None:
    url = upload(guide, picture("GIF"))
    reply = guide.post(SUBMIT, json={**FOX, "reference_images": [url]})
    assert (reply.status_code, reply.json()["error"]["param"]) == (400, "reference_images")
    assert "image/gif" in reply.json()["error"]["message"]


@pytest.mark.parametrize(
    ("mask", "complaint"),
    [
        (picture(size=(31, 20)), "31x20"),
        (picture("WEBP", (30, 20)), "image/webp"),
        (picture(size=(30, 20)) + bytes(4 * MEGABYTE), "4MB"),
    ],
    ids=["other size", "WebP", "over 4 MB"],
)
def test_a_mask_must_be_a_small_png_of_the_size_of_the_reference(
    guide: Caller, mask: bytes, complaint: str
) -> None:
    image, mask_url = upload(guide, picture(size=(30, 20))), upload(guide, mask)
    reply = guide.post(SUBMIT, json={**FOX, "reference_images": [image], "mask_url": mask_url})
    assert (reply.status_code, reply.json()["error"]["param"]) == (400, "mask_url")
    assert complaint in reply.json()["error"]["message"]


def test_the_reference_takes_uploads_by_both_names_and_in_both_forms() -> None:
    with caller("reference") as one:
        url = upload(one, picture())
        for field in ("image_urls", "reference_images"):
            for item in (url, {"url": url}):
                one.submit(**{field: [item]})
        gif = upload(one, picture("GIF"))
        reply = one.post(SUBMIT, json={**FOX, "image_urls": [{"url": gif}]})
    assert (reply.status_code, reply.json()["error"]["param"]) == (400, "image_urls")


def test_an_unknown_upload_is_not_found(guide: Caller) -> None:
    reply = guide.get("/uploads/123/1795374711_00000000.png")
    assert (reply.status_code, reply.json()["error"]["code"]) == (404, "not_found")


def test_uploads_make_room_for_newer_ones() -> None:
    with caller(bounds=Bounds(uploads=2)) as one:
        urls = [upload(one, picture(size=(8, 8 + number))) for number in range(3)]
        assert [one.get(url).status_code for url in urls] == [404, 200, 200]


def test_uploads_are_kept_within_a_number_of_bytes() -> None:
    with caller(bounds=Bounds(upload_bytes=3 * MEGABYTE)) as one:
        urls = [upload(one, picture() + bytes(MEGABYTE)) for _ in range(4)]
        assert [one.get(url).status_code for url in urls] == [404, 404, 200, 200]


def test_the_part_of_an_uploaded_file_that_is_asked_for_is_served(guide: Caller) -> None:
    content = picture()
    reply = guide.get(upload(guide, content), headers={"Range": "bytes=1-3"})
    assert (reply.status_code, reply.content) == (206, content[1:4])


def test_no_url_that_a_client_sends_is_ever_fetched(guide: Caller) -> None:
    with socket.create_server(("127.0.0.1", 0)) as elsewhere:
        elsewhere.setblocking(False)
        url = f"http://127.0.0.1:{elsewhere.getsockname()[1]}/a.png"
        guide.finished(reference_images=[url], mask_url=url)
        with pytest.raises(BlockingIOError):
            elsewhere.accept()
