"""The words on pictures: which are shown, in which room, and what stands for the unshowable."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageFont

from mock_server.edge.picture_caption import lay_out
from mock_server.edge.picture_text import glyphs
from mock_server.edge.pictures import draw
from tests.edge.picture_samples import LONG_PROMPT, PICTURE, any_text, opened, sides


class TestCaption:
    """The words of a picture and the room that they are given."""

    @given(any_text | st.just(LONG_PROMPT), any_text, sides())
    def test_no_line_leaves_the_panel_and_the_panel_does_not_leave_the_picture(
        self, prompt: str, task_id: str, pixels: tuple[int, int]
    ) -> None:
        width, height = pixels
        caption = lay_out(
            replace(PICTURE, prompt=prompt, task_id=task_id, width=width, height=height)
        )
        if caption is None:
            assert min(pixels) < 34
            return
        left, top, right, bottom = caption.box
        assert 0 < left < right < width
        assert 0 < top < bottom < height
        room = right - left - 2 * caption.pad
        assert all(caption.prompt_face.width(line) <= room for line in caption.prompt)
        for item in (item for row in caption.rows for item in row):
            assert item.x + caption.detail_face.width(item.line) <= room

    @pytest.mark.parametrize("prompt", [LONG_PROMPT, "W" * 1000, "日本語" * 300, "j" * 1000])
    @pytest.mark.parametrize("pixels", [(512, 512), (128, 1024), (1024, 128), (64, 64)])
    def test_no_ink_reaches_the_right_and_lower_padding_of_the_panel(
        self, prompt: str, pixels: tuple[int, int]
    ) -> None:
        width, height = pixels
        picture = replace(PICTURE, prompt=prompt, width=width, height=height)
        caption = lay_out(picture)
        assert caption is not None
        left, top, right, bottom = caption.box
        pad, margin = caption.pad, caption.pad // 2
        image = opened(draw(picture))
        at_the_right = image.crop((right - margin, top + pad, right, bottom - pad))
        below = image.crop((left + pad, bottom - margin, right - pad, bottom))
        assert [len(part.getcolors() or ()) for part in (at_the_right, below)] == [1, 1]

    def test_a_prompt_that_is_cut_ends_in_an_ellipsis(self) -> None:
        caption = lay_out(replace(PICTURE, prompt=LONG_PROMPT))
        assert caption is not None
        assert caption.prompt[-1][-1] == "…"

    def test_a_prompt_of_1000_characters_is_shown_whole_at_1024_pixels(self) -> None:
        caption = lay_out(replace(PICTURE, prompt=LONG_PROMPT, width=1024, height=1024))
        assert caption is not None
        shown = " ".join("".join(line) for line in caption.prompt)
        assert shown == LONG_PROMPT.strip()

    def test_the_details_name_index_size_pixels_task_and_the_mock(self) -> None:
        caption = lay_out(replace(PICTURE, width=1024, height=1536))
        assert caption is not None
        shown = ["".join(item.line) for row in caption.rows for item in row]
        assert shown == [
            "image 2 of 4",
            "2:3",
            "1024 x 1536 px",
            "tsk_img_01KZQCGAHER4ZP0PZGTJFWGX7A",
            "Safelight mock",
        ]

    def test_where_room_is_scarce_the_prompt_is_kept_and_the_last_details_go(self) -> None:
        caption = lay_out(replace(PICTURE, width=64, height=64))
        assert caption is not None
        assert "".join(caption.prompt[0]).startswith("A ")
        assert ["".join(item.line) for row in caption.rows for item in row] == [
            "image 2 of 4",
            "2:3",
        ]

    @pytest.mark.parametrize("prompt", ["", " \n ", "\u200b\u0301"])
    def test_a_prompt_without_visible_text_is_named_as_such(self, prompt: str) -> None:
        caption = lay_out(replace(PICTURE, prompt=prompt, width=512, height=512))
        assert caption is not None
        shown = " ".join("".join(line) for line in caption.prompt)
        assert shown == "(a prompt without visible text)"


class TestGlyphs:
    """What is shown for a character."""

    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            ("plain (text), 100%", list("plain (text), 100%")),
            ("café naïve Ångström", list("cafe naive Angstrom")),
            ("straße – 3×4 • ﬁn", list("strasse - 3x4 · fin")),
            ("日", ["65E5"]),
            ("😀", ["01F600"]),
            ("\ud800", ["D800"]),
            ("\x00", ["0000"]),
            ("א", ["05D0"]),
            ("a\u0301\u200d\u202e", ["a"]),
        ],
    )
    def test_a_character_is_shown_by_itself_by_its_base_letter_or_by_its_code(
        self, text: str, shown: list[str]
    ) -> None:
        assert list(glyphs(text)) == shown

    @given(st.characters(exclude_categories=()))
    def test_every_single_glyph_is_one_that_the_font_holds(self, character: str) -> None:
        font = ImageFont.load_default(20)
        missing = bytes(font.getmask("\ufffe"))
        for glyph in glyphs(character):
            assert len(glyph) in (4, 6) or bytes(font.getmask(glyph)) != missing
