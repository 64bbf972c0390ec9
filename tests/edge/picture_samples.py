"""Pictures that several tests draw, and how they are opened."""

import io

from hypothesis import strategies as st
from PIL import Image, ImageFile

from mock_server.core.picture import Picture

PICTURE = Picture(
    seed=7,
    prompt="A lighthouse at dusk, painted in gouache",
    size="2:3",
    width=128,
    height=192,
    index=2,
    count=4,
    task_id="tsk_img_01KZQCGAHER4ZP0PZGTJFWGX7A",
    media_type="image/png",
)
LONG_PROMPT = ("harbour town with lanterns, fishing boats and a tram; " * 20)[:1000]

# Any code point, lone surrogates included: by default Hypothesis leaves those out.
any_text = st.text(st.characters(exclude_categories=()), max_size=300)


@st.composite
def sides(draw_from: st.DrawFn) -> tuple[int, int]:
    """Width and height with a long side of 64 to 511 and a ratio of 1:8 to 8:1."""
    long = draw_from(st.sampled_from((64, 65, 127, 256, 511)))
    short = draw_from(st.integers(long // 8, long))
    return draw_from(st.sampled_from(((long, short), (short, long))))


def opened(data: bytes) -> ImageFile.ImageFile:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image
