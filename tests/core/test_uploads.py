"""Uploads are judged by their content, kept within bounds, and given back as they were."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from jsonschema import Draft202012Validator

from mock_server.core.call import FilePart, Form
from mock_server.core.world import Bounds
from tests.core.clients import (
    NOW,
    PROFILES,
    UPLOAD,
    Client,
    Seen,
    belongings,
    client,
    file,
    image,
    profile,
)
from tests.core.refusals import is_refused

every_profile = pytest.mark.parametrize("name", PROFILES)
KINDS = ("image/jpeg", "image/png", "image/webp", "image/gif")
TYPE = "Unsupported image type. Allowed: JPEG, PNG, WebP, GIF"
SIZE = "Image too large. Maximum size is 10MB"


@every_profile
@pytest.mark.parametrize("kind", KINDS)
def test_an_image_is_taken_and_given_back_as_it_was(name: str, kind: str) -> None:
    caller = client(name)
    data = b"the bytes of an image"
    told = caller.upload(file(facts=image(kind), data=data)).json
    assert (
        list(Draft202012Validator(profile(name).schemas["upload.reply.json"]).iter_errors(told))
        == []
    )
    assert (told["success"], told["message"]) == (True, "")
    assert (told["data"]["mime_type"], told["data"]["size"]) == (kind, len(data))
    back = caller.send("GET", told["data"]["url"].removeprefix(caller.base))
    assert (back.status, back.content, back.headers["content-type"]) == (200, data, kind)


@every_profile
def test_the_id_and_the_name_of_the_file_share_their_characters(name: str) -> None:
    told = client(name).upload().json["data"]
    characters = told["id"].removeprefix("upload_")
    assert told["url"].endswith(f"/uploads/123/{int(NOW)}_{characters}.png")


@every_profile
@pytest.mark.parametrize(
    ("form", "reason", "message"),
    [
        (Form(files=(FilePart("file", "a.png", b"not an image", None),)), "upload_type", TYPE),
        (Form(files=(file(facts=image("image/bmp")),)), "upload_type", TYPE),
        (Form(files=(file(data=b"x" * (10 * 2**20 + 1)),)), "upload_too_large", SIZE),
        (Form(), "invalid_upload", "The 'file' field is required."),
        (Form(files=(file("image"),)), "invalid_upload", "The 'file' field is required."),
        (Form(fields=(("file", "kite.png"),)), "invalid_upload", "The 'file' field is required."),
        (Form(broken="The multipart boundary is missing."), "invalid_upload", "is missing."),
    ],
)
def test_what_is_no_upload_is_refused_in_the_words_of_the_upload_page(
    name: str, form: Form, reason: str, message: str
) -> None:
    caller = client(name)
    before = belongings(caller.world)
    seen = caller.post_form(UPLOAD, form)
    is_refused(caller.world, before, seen, reason, "upload")
    assert seen.json["success"] is False
    assert seen.json["message"].endswith(message)


@every_profile
def test_a_body_that_is_no_form_is_refused(name: str) -> None:
    caller = client(name)
    before = belongings(caller.world)
    is_refused(caller.world, before, caller.post(UPLOAD, b"{}"), "wrong_content_type", "upload")
    kind = (b"content-type", b"multipart/form-data; boundary=x")
    empty = caller.send("POST", UPLOAD, headers=(*caller.authorization(), kind))
    is_refused(caller.world, before, empty, "invalid_upload", "upload")
    large = caller.post_form(UPLOAD, Form(), oversized=True)
    is_refused(caller.world, before, large, "body_too_large", "upload")
    assert large.json["message"] == SIZE


def test_an_image_of_the_largest_size_is_taken() -> None:
    assert client().upload(file(data=b"x" * (10 * 2**20))).status == 200


def test_of_several_files_the_first_one_in_the_field_counts() -> None:
    told = client().upload(file("other", data=b"12"), file(data=b"123"), file(data=b"1234")).json
    assert told["data"]["size"] == 3


@every_profile
@pytest.mark.parametrize("path", ["/uploads/123/none.png", "/uploads/1/2", "/uploads/%31/x"])
def test_a_file_that_is_not_there_is_not_found(name: str, path: str) -> None:
    caller = client(name)
    before = belongings(caller.world)
    is_refused(caller.world, before, caller.get(path), "file_not_found", "uploaded_file")


@given(st.binary(min_size=2, max_size=9), st.integers(0, 8))
def test_a_part_of_an_upload_can_be_fetched(data: bytes, first: int) -> None:
    caller = client()
    url = caller.upload(file(data=data)).json["data"]["url"].removeprefix(caller.base)
    seen = caller.get(url, (b"range", b"bytes=%d-" % first))
    assert (seen.status, seen.content) == ((206, data[first:]) if first < len(data) else (416, b""))


class Uploads(RuleBasedStateMachine):
    """However many files come, those that are kept are the latest, within every bound."""

    @initialize(files=st.integers(1, 4), weight=st.integers(4, 30))
    def start(self, files: int, weight: int) -> None:
        self.bounds = Bounds(uploads=files, upload_bytes=weight, upload_lifetime=100)
        self.caller = client(bounds=self.bounds)
        self.sent: list[tuple[str, int, float]] = []

    @rule(size=st.integers(1, 4))
    def upload(self, size: int) -> None:
        seen = self.caller.upload(file(data=b"x" * size))
        url = seen.json["data"]["url"].removeprefix(self.caller.base)
        self.sent.append((url, size, self.caller.now))

    @rule(seconds=st.integers(1, 120))
    def wait(self, seconds: int) -> None:
        self.caller.now += seconds

    @invariant()
    def only_the_latest_are_kept(self) -> None:
        world = self.caller.world
        kept = self.latest()
        assert list(world.uploads) == [url for url, _, _ in kept]
        assert world.upload_bytes == sum(size for _, size, _ in kept)

    def latest(self) -> list[tuple[str, int, float]]:
        """The slow model: drop from the front until all bounds hold; time counts at an upload."""
        kept = list(self.sent)
        while kept and (
            len(kept) > self.bounds.uploads
            or sum(size for _, size, _ in kept) > self.bounds.upload_bytes
            or kept[0][2] <= self.sent[-1][2] - self.bounds.upload_lifetime
        ):
            kept.pop(0)
        return kept

    def seen(self, url: str) -> Seen:
        """What comes back for a URL."""
        return self.caller.get(url)

    @invariant()
    def what_was_let_go_is_not_found(self) -> None:
        kept = {url for url, _, _ in self.latest()}
        for url, _, _ in self.sent:
            assert self.seen(url).status == (200 if url in kept else 404)


TestUploads = Uploads.TestCase
TestUploads.settings = settings(stateful_step_count=20)


def test_the_oldest_uploads_make_room_for_the_latest() -> None:
    caller = client(bounds=Bounds(uploads=2, upload_bytes=10, upload_lifetime=100))
    for size in (1, 2, 3, 9):
        caller.upload(file(data=b"x" * size))
    assert [len(upload.data) for upload in caller.world.uploads.values()] == [9]
    caller.now += 100
    caller.upload(file(data=b"x"))
    assert [len(upload.data) for upload in caller.world.uploads.values()] == [1]
    caller.upload(file(data=b"x" * 11))
    assert (caller.world.uploads, caller.world.upload_bytes) == ({}, 0)


def test_uploads_are_told_apart_though_they_come_in_one_second() -> None:
    caller = client()
    urls = {caller.upload().json["data"]["url"] for _ in range(100)}
    assert len(urls) == 100


def of_session(name: str) -> Client:
    """The first caller of a session of that name."""
    caller = client()
    caller.world.session = name
    return caller


def test_the_names_of_uploads_differ_from_session_to_session() -> None:
    names = {of_session(name).upload().json["data"]["id"] for name in "abc"}
    assert len(names) == 3
