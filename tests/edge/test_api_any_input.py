"""Whatever is sent, the mock answers in an envelope of the vendor, and no bug of its own shows."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.edge.callers import FOX, SUBMIT, Caller, caller, picture

# Three profiles, five questions: enough in all, and quick in each.
FEW = settings(max_examples=40)

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | st.sampled_from(["1:1", "gpt-4o-image", "https://a.test/b.png", "http://", "//", "\ufeff"])
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=7) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
FIELDS = st.sampled_from(
    [
        *("model", "prompt", "n", "size", "reference_images", "image_urls", "mask_url"),
        *("metadata", "client_business_id", "callback_url", "resolution", "url", "x"),
    ]
)
BODIES = st.dictionaries(FIELDS, VALUES, max_size=5).map(lambda changes: {**FOX, **changes})
PATHS = st.sampled_from(
    [
        *(SUBMIT, f"{SUBMIT}/", f"{SUBMIT}/task_img_1", "/v1/uploads/images", "/v1/models"),
        *("/v1/balance", "/v1/v1/models", "/", "/generated/1_2.png", "/images/a/1_2.png"),
        *("/uploads/123/1_a.png", "/s/default/v1/models", "/s/nobody/v1/models"),
    ]
) | st.text(max_size=20).map(lambda text: f"/{text}")
TYPES = st.sampled_from(
    [
        *("application/json", "multipart/form-data; boundary=x", "multipart/form-data"),
        *("text/plain", "application/json; charset=x", ""),
    ]
)
FIELD_VALUES = st.binary(max_size=30).filter(lambda data: not set(data) & set(b"\r\n\0"))


@pytest.fixture(scope="module", params=["guide", "reference", "live"])
def one(request: pytest.FixtureRequest) -> Iterator[Caller]:
    with caller(request.param) as found:
        yield found


def is_answered(one: Caller, reply: Any) -> bool:
    """Whether a reply is one that the vendor or, where it says so, the mock itself could give."""
    assert list(one.app.endpoint.bugs) == []
    # Live calls are answered 503 where they name a model that nobody knows.
    assert reply.status_code < 500 or reply.json()["error"]["code"] == "model_not_found"
    if reply.status_code >= 400 and "x-mock-error" not in reply.headers and reply.content:
        json.loads(reply.content)
    return True


@FEW
@given(body=BODIES)
@example(body={**FOX, "model": "x"})
def test_any_json_is_accepted_or_refused_with_a_reason(one: Caller, body: object) -> None:
    before = one.world.submitted
    reply = one.post(SUBMIT, json=body)
    assert is_answered(one, reply)
    assert one.world.submitted - before == (reply.status_code == 200)


@FEW
@given(body=st.binary(max_size=200) | VALUES.map(json.dumps).map(str.encode), kind=TYPES)
def test_any_bytes_are_answered(one: Caller, body: bytes, kind: str) -> None:
    for path in (SUBMIT, "/v1/uploads/images"):
        assert is_answered(one, one.post(path, content=body, headers={"Content-Type": kind}))


@FEW
@given(data=st.data(), cut=st.integers(0, 400), flip=st.binary(max_size=8))
def test_any_damage_to_a_form_is_answered(
    one: Caller, data: st.DataObject, cut: int, flip: bytes
) -> None:
    file = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
    whole = file + picture() + b'\r\n--x\r\nContent-Disposition: form-data; name="n"\r\n\r\n1\r\n'
    place = data.draw(st.integers(0, len(whole)))
    spoiled = (whole[:place] + flip + whole[place:] + b"--x--\r\n")[: len(whole) + 20 - cut]
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    for path in (SUBMIT, "/v1/uploads/images"):
        assert is_answered(one, one.post(path, content=spoiled, headers=headers))


@FEW
@given(
    method=st.sampled_from(["GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "BREW"]),
    path=PATHS,
    query=st.text(max_size=20),
    field=st.sampled_from(["Authorization", "Range", "If-None-Match", "If-Range", "Origin"]),
    value=FIELD_VALUES,
)
def test_any_request_is_answered(
    one: Caller, method: str, path: str, query: str, field: str, value: bytes
) -> None:
    encoded = "".join(f"%{byte:02x}" for byte in query.encode("utf-8", "surrogatepass"))
    path = "".join(c if (c.isascii() and c.isalnum()) or c in "/_." else "%c3%a9" for c in path)
    reply = one.call(method, f"{path}?{encoded}", headers={field: value})
    assert is_answered(one, reply)


@pytest.fixture(scope="module")
def url(one: Caller) -> str:
    """Where an uploaded image is served."""
    reply = one.post("/v1/uploads/images", files={"file": picture()})
    return str(reply.json()["data"]["url"])


@FEW
@given(asked=st.text("0123456789-,= bytes", max_size=20).map(lambda text: f"bytes={text}"))
def test_any_range_is_answered(one: Caller, url: str, asked: str) -> None:
    reply = one.get(url, headers={"Range": asked})
    assert reply.status_code in (200, 206, 416)
    assert len(reply.content) == int(reply.headers["content-length"])
