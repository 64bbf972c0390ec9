"""Submitting a task as a form: its files become reference images, its texts are read as typed."""

import pytest

from tests.edge.callers import FOX, SUBMIT, Caller, caller, picture


def test_files_of_a_form_become_reference_images(guide: Caller) -> None:
    files = [("reference_images", (f"{kind}.bin", picture(kind))) for kind in ("PNG", "WEBP")]
    reply = guide.post(SUBMIT, data={**FOX, "n": "2", "size": "3:2"}, files=files)
    assert reply.status_code == 200, reply.text
    order = guide.world.tasks[reply.json()["id"]].order
    assert (order.size, order.prompt) == ("3:2", FOX["prompt"])
    kinds = [guide.get(url).headers["content-type"] for url in order.references]
    assert kinds == ["image/png", "image/webp"]


def test_a_number_in_a_form_is_read_as_one(guide: Caller) -> None:
    reply = guide.post(SUBMIT, data={**FOX, "n": "3"}, files={"reference_images": picture()})
    guide.clock.advance(60)
    assert len(guide.status(reply.json()["id"])["result"]["data"]) == 3


@pytest.mark.parametrize("field", ["reference_images", "reference_images[]"])
def test_urls_in_a_form_become_reference_images(guide: Caller, field: str) -> None:
    urls = ["https://a.test/1.png", "https://a.test/2.png"]
    form = {name: (None, value) for name, value in FOX.items()}
    files = [*form.items(), *((field, (None, url)) for url in urls)]
    reply = guide.post(SUBMIT, files=files)
    assert reply.status_code == 200, reply.text
    assert list(guide.world.tasks[reply.json()["id"]].order.references) == urls


def test_six_files_are_too_many(guide: Caller) -> None:
    files = [("reference_images", ("a.png", picture())) for _ in range(6)]
    reply = guide.post(SUBMIT, data=FOX, files=files)
    assert (reply.status_code, reply.json()["error"]["param"]) == (400, "reference_images")


def test_a_file_that_is_no_image_is_refused_and_nothing_of_the_form_is_kept(
    guide: Caller,
) -> None:
    files = [
        ("reference_images", ("a.png", picture())),
        ("reference_images", ("b.png", b"%PDF-1.7", "image/png")),
    ]
    reply = guide.post(SUBMIT, data=FOX, files=files)
    assert (reply.status_code, reply.json()["error"]["param"]) == (400, "reference_images")
    assert (len(guide.world.tasks), len(guide.world.uploads)) == (0, 0)


def test_a_gif_in_a_form_is_refused_as_a_reference(guide: Caller) -> None:
    reply = guide.post(SUBMIT, data=FOX, files=[("reference_images", ("a.gif", picture("GIF")))])
    assert (reply.status_code, reply.json()["error"]["param"]) == (400, "reference_images")


@pytest.mark.parametrize("n", ["x", "1.0", "", " 1", "１", "9" * 5000])
def test_a_number_in_a_form_must_be_written_as_one(guide: Caller, n: str) -> None:
    reply = guide.post(SUBMIT, data={**FOX, "n": n}, files={"reference_images": picture()})
    assert (reply.status_code, reply.json()["error"]["param"]) == (400, "n")


def test_the_reference_takes_no_forms() -> None:
    with caller("reference") as reference:
        reply = reference.post(SUBMIT, data=FOX, files={"reference_images": picture()})
    assert reply.status_code == 400
    assert "Content-Type" in reply.json()["error"]["message"]


BROKEN_FORMS = {
    "no boundary": ("multipart/form-data", b"--x\r\n\r\n--x--\r\n"),
    "an empty boundary": ("multipart/form-data; boundary=", b"--\r\n\r\n----\r\n"),
    "another boundary": ("multipart/form-data; boundary=y", b"--x\r\n\r\nhello\r\n--x--\r\n"),
    "no parts": ("multipart/form-data; boundary=x", b""),
    "no end": (
        "multipart/form-data; boundary=x",
        b'--x\r\ncontent-disposition: form-data; name="prompt"\r\n\r\na fox',
    ),
    "no name": (
        "multipart/form-data; boundary=x",
        b"--x\r\ncontent-disposition: form-data\r\n\r\na fox\r\n--x--\r\n",
    ),
    "no disposition": ("multipart/form-data; boundary=x", b"--x\r\n\r\na fox\r\n--x--\r\n"),
    "bytes": ("multipart/form-data; boundary=x", bytes(range(256)) * 20),
    "a long boundary": (f"multipart/form-data; boundary={'x' * 5000}", b"--x--"),
    "300 fields": (
        "multipart/form-data; boundary=x",
        b'--x\r\ncontent-disposition: form-data; name="a"\r\n\r\n1\r\n' * 300 + b"--x--\r\n",
    ),
    "a long part header": (
        "multipart/form-data; boundary=x",
        b'--x\r\ncontent-disposition: form-data; name="' + b"a" * 100_000 + b'"\r\n\r\n1\r\n--x--',
    ),
}


@pytest.mark.parametrize(("content_type", "body"), BROKEN_FORMS.values(), ids=BROKEN_FORMS)
def test_a_broken_form_is_refused_and_creates_nothing(
    guide: Caller, content_type: str, body: bytes
) -> None:
    reply = guide.post(SUBMIT, content=body, headers={"Content-Type": content_type})
    assert reply.status_code == 400
    assert reply.json()["error"]["message"]
    assert (len(guide.world.tasks), len(guide.world.uploads)) == (0, 0)


def test_a_file_in_a_text_field_is_refused(guide: Caller) -> None:
    form = {"model": (None, "gpt-4o-image"), "prompt": ("prompt.png", picture())}
    reply = guide.post(SUBMIT, files=form)
    assert (reply.status_code, reply.json()["error"]["param"]) == (400, "prompt")
    assert (len(guide.world.tasks), len(guide.world.uploads)) == (0, 0)


def test_a_mask_may_come_as_a_file(guide: Caller) -> None:
    files = {"reference_images": picture(), "mask_url": picture()}
    assert guide.post(SUBMIT, data=FOX, files=files).status_code == 200


@pytest.mark.parametrize(
    ("mask", "complaint"),
    [
        (picture(size=(8, 9)), "8x9"),
        (picture("JPEG"), "image/jpeg"),
        (picture() + bytes(4 * 1024 * 1024), "4MB"),
    ],
    ids=["other size", "JPEG", "over 4 MB"],
)
def test_a_mask_that_does_not_fit_is_refused(guide: Caller, mask: bytes, complaint: str) -> None:
    reply = guide.post(SUBMIT, data=FOX, files={"reference_images": picture(), "mask_url": mask})
    assert (reply.status_code, reply.json()["error"]["param"]) == (400, "mask_url")
    assert complaint in reply.json()["error"]["message"]
    assert (len(guide.world.tasks), len(guide.world.uploads)) == (0, 0)
