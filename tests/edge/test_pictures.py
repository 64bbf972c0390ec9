"""Result pictures: what their files hold, and that any words can be drawn in any format."""

import hashlib
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageChops

from mock_server.core.picture import Picture
from mock_server.edge.pictures import draw
from tests.edge.picture_samples import LONG_PROMPT, PICTURE, any_text, opened, sides

MEDIA_TYPES = ("image/png", "image/jpeg", "image/webp")


def are_the_same_pixels(one: bytes, other: bytes) -> bool:
    return ImageChops.difference(opened(one), opened(other)).getbbox() is None


class TestDraw:
    """The bytes of one picture."""

    @pytest.mark.parametrize("media_type", MEDIA_TYPES)
    @pytest.mark.parametrize("size", [(1024, 1536), (256, 32), (64, 64), (8, 64), (64, 8), (1, 1)])
    def test_the_file_has_the_media_type_and_pixel_size_that_were_asked_for(
        self, media_type: str, size: tuple[int, int]
    ) -> None:
        width, height = size
        image = opened(draw(replace(PICTURE, media_type=media_type, width=width, height=height)))
        assert (image.get_format_mimetype(), image.size) == (media_type, size)

    @given(any_text, any_text, any_text, sides(), st.sampled_from(MEDIA_TYPES))
    def test_any_words_can_be_drawn_in_any_format(
        self, prompt: str, size: str, task_id: str, pixels: tuple[int, int], media_type: str
    ) -> None:
        width, height = pixels
        picture = Picture(0, prompt, size, width, height, 1, 1, task_id, media_type)
        assert opened(draw(picture)).size == pixels

    @pytest.mark.parametrize(
        "prompt",
        [
            "\ud800 alone",
            "a\x00b\x1b[31m",
            "日本語のポスター",
            "👩‍👩‍👧 family",
            "שלום مرحبا",
            "e\u0301\u0302\u0303" * 50,
            "\u200b\u202e\ufeff",
            "",
            " \n\t\u2028 ",
            "W" * 5000,
            "word " * 5000,
        ],
    )
    def test_a_prompt_that_the_font_cannot_show_or_that_is_too_long_is_drawn_all_the_same(
        self, prompt: str
    ) -> None:
        assert opened(draw(replace(PICTURE, prompt=prompt))).size == (128, 192)

    @pytest.mark.parametrize("pixels", [(4096, 512), (512, 4096)])
    def test_the_longest_sides_can_be_drawn(self, pixels: tuple[int, int]) -> None:
        width, height = pixels
        picture = replace(PICTURE, width=width, height=height, prompt=LONG_PROMPT)
        assert opened(draw(picture)).size == pixels

    @pytest.mark.parametrize("media_type", MEDIA_TYPES)
    def test_equal_pictures_give_equal_bytes(self, media_type: str) -> None:
        one, other = (replace(PICTURE, media_type=media_type) for _ in range(2))
        assert draw(one) == draw(other)

    def test_another_process_draws_the_same_bytes(self) -> None:
        code = (
            "import hashlib; from mock_server.core.picture import Picture;"
            "from mock_server.edge.pictures import draw;"
            f"print(hashlib.sha256(draw({PICTURE!r})).hexdigest())"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
        assert done.stdout.decode().strip() == hashlib.sha256(draw(PICTURE)).hexdigest()

    @pytest.mark.parametrize(
        "other",
        [
            replace(PICTURE, seed=8),
            replace(PICTURE, prompt="A lighthouse at dawn"),
            replace(PICTURE, size="3:2"),
            replace(PICTURE, index=3),
        ],
    )
    def test_another_seed_prompt_size_or_index_is_seen_in_the_pixels(self, other: Picture) -> None:
        assert not are_the_same_pixels(draw(PICTURE), draw(other))

    @pytest.mark.parametrize("media_type", MEDIA_TYPES)
    def test_pictures_too_small_for_words_still_differ_in_their_bytes(
        self, media_type: str
    ) -> None:
        tiny = replace(PICTURE, width=1, height=1, media_type=media_type)
        others = [
            replace(tiny, seed=8),
            replace(tiny, prompt="\x00"),
            replace(tiny, index=1),
            replace(tiny, task_id="task_img_1"),
        ]
        assert len({draw(picture) for picture in (tiny, *others)}) == 5

    @pytest.mark.parametrize("media_type", MEDIA_TYPES)
    @pytest.mark.parametrize("prompt", [PICTURE.prompt, LONG_PROMPT])
    def test_the_file_of_a_large_picture_stays_below_200_kb(
        self, media_type: str, prompt: str
    ) -> None:
        picture = replace(PICTURE, width=1024, height=1024, media_type=media_type, prompt=prompt)
        assert len(draw(picture)) < 200_000

    def test_an_unknown_media_type_is_refused_with_the_known_ones(self) -> None:
        with pytest.raises(ValueError, match=r"image/jpeg.*image/png.*seen 'image/gif'"):
            draw(replace(PICTURE, media_type="image/gif"))

    def test_a_side_without_pixels_is_refused(self) -> None:
        with pytest.raises(ValueError, match="expected 1 or more, seen 0, 192"):
            draw(replace(PICTURE, width=0))

    def test_importing_the_module_does_not_import_pillow(self) -> None:
        code = "import sys, mock_server.edge.pictures; sys.exit('PIL' in sys.modules)"
        assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
