"""Each profile over a real connection: from a submit to images on the disk, as a client does it."""

import asyncio
from collections.abc import Iterator
from io import BytesIO

import httpx
import pytest
from PIL import Image

from mock_server import start
from mock_server.edge.runner import Running
from tests.edge.callers import FOX, bearer

DONE = {"guide": "succeeded", "reference": "completed", "live": "completed"}
FORMATS = {"guide": "PNG", "reference": "JPEG", "live": "PNG"}
NAMES = {"guide": r"/generated/", "reference": r"/generated/", "live": r"/images/tsk_img_"}


@pytest.fixture(scope="module", params=DONE)
def mock(request: pytest.FixtureRequest) -> Iterator[Running]:
    with start(profile=request.param, speed=50) as running:
        yield running


@pytest.fixture
def client(mock: Running) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=mock.base_url, headers=bearer(mock.api_key)) as one:
        yield one


def test_a_client_gets_the_images_that_it_ordered(mock: Running, client: httpx.Client) -> None:
    order = {**FOX, "n": 2, "size": "2:3"}
    reply = client.post("/images/generations", json=order)
    task = reply.raise_for_status().json()
    while "result" not in task:
        task = client.get(f"/images/generations/{task['id']}").raise_for_status().json()
    profile = mock.mock.contract.name
    urls = [item["url"] for item in task["result"]["data"]]
    images = [Image.open(BytesIO(httpx.get(url).content)) for url in urls]
    assert task["status"] == DONE[profile]
    assert all(url.startswith(mock.url) and NAMES[profile] in url for url in urls)
    assert [image.format for image in images] == [FORMATS[profile]] * 2
    ratios = [image.width / image.height for image in images]
    assert ratios == [pytest.approx(2 / 3, rel=0.01)] * 2


def test_an_upload_becomes_a_reference(mock: Running, client: httpx.Client) -> None:
    content = BytesIO()
    Image.new("RGB", (32, 32)).save(content, "PNG")
    reply = client.post("/uploads/images", files={"file": ("a.png", content.getvalue())})
    url = reply.raise_for_status().json()["data"]["url"]
    assert httpx.get(url).content == content.getvalue()
    name = mock.mock.contract.fields.references[0]
    client.post("/images/generations", json={**FOX, name: [url]}).raise_for_status()


def test_many_callers_at_once_get_tasks_of_their_own(mock: Running) -> None:
    async def ids() -> set[str]:
        async with httpx.AsyncClient(base_url=mock.base_url, headers=bearer(mock.api_key)) as one:
            calls = (one.post("/images/generations", json=FOX) for _ in range(50))
            return {reply.json()["id"] for reply in await asyncio.gather(*calls)}

    assert len(asyncio.run(ids())) == 50
