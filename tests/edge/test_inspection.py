"""The inspection of uploaded files: judged by content, at no cost, whatever the bytes."""

import io
import random
import struct
import zlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from mock_server.core.image_facts import ImageFacts
from mock_server.edge.inspection import inspect

FORMATS = {
    "image/png": ("PNG", ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")),
    "image/jpeg": ("JPEG", ("L", "RGB", "CMYK")),
    "image/webp": ("WEBP", ("RGB", "RGBA")),
    "image/gif": ("GIF", ("L", "P", "RGB", "RGBA")),
}
SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF\x10\0\0\0WEBP", b"GIF89a", b"")


def encoded(media_type: str, mode: str, size: tuple[int, int], **options: Any) -> bytes:
    """A file of one colour, but for one transparent pixel where the mode can hold that."""
    image = Image.new(mode, size)
    if mode == "RGBA":
        image.putpixel((0, 0), (90, 80, 70, 0))
    file = io.BytesIO()
    image.save(file, FORMATS[media_type][0], **options)
    return file.getvalue()


def exif() -> Image.Exif:
    tags = Image.Exif()
    tags[0x0112] = 6  # stored lying on its side
    tags[0x010E] = "described"
    return tags


SAMPLES = {
    media_type: encoded(media_type, modes[-1], (9, 7)) for media_type, (_, modes) in FORMATS.items()
}


def png_of(*chunks: tuple[bytes, bytes]) -> bytes:
    parts = [b"\x89PNG\r\n\x1a\n"]
    for kind, body in chunks:
        check = zlib.crc32(kind + body)
        parts.append(struct.pack(">I", len(body)) + kind + body + struct.pack(">I", check))
    return b"".join(parts)


def header(width: int, height: int, colour_type: int = 2) -> tuple[bytes, bytes]:
    return b"IHDR", struct.pack(">IIBBBBB", width, height, 8, colour_type, 0, 0, 0)


class TestWhatIsFound:
    """Files that are images."""

    @given(st.data(), st.sampled_from(sorted(FORMATS)), st.integers(1, 300), st.integers(1, 300))
    @settings(max_examples=150)
    def test_every_image_is_described_as_pillow_describes_it(
        self, data: st.DataObject, media_type: str, width: int, height: int
    ) -> None:
        mode = data.draw(st.sampled_from(FORMATS[media_type][1]))
        options: dict[str, Any] = {}
        if media_type != "image/gif" and data.draw(st.booleans(), "with EXIF"):
            options["exif"] = exif()
        if media_type == "image/jpeg":
            options["progressive"] = data.draw(st.booleans(), "progressive")
        if media_type == "image/webp":
            options["lossless"] = data.draw(st.booleans(), "lossless")
        if media_type == "image/gif" and data.draw(st.booleans(), "with a long comment"):
            options["comment"] = b"word " * 200
        if mode in ("L", "P") and media_type in ("image/gif", "image/png"):
            options |= data.draw(st.sampled_from(({}, {"transparency": 0})))
        if mode == "RGB" and media_type != "image/jpeg" and data.draw(st.booleans(), "animated"):
            options |= {
                "save_all": True,
                "append_images": [Image.new(mode, (width, height), "red")],
            }
        file = encoded(media_type, mode, (width, height), **options)
        with Image.open(io.BytesIO(file)) as seen:
            told = (seen.get_format_mimetype(), *seen.size, seen.has_transparency_data)
        assert inspect(file) == ImageFacts(
            "image/png" if told[0] == "image/apng" else str(told[0]), *told[1:], len(file)
        )

    @pytest.mark.parametrize("media_type", sorted(FORMATS))
    def test_a_file_that_is_cut_off_within_its_pixels_still_tells_its_size(
        self, media_type: str
    ) -> None:
        noise = Image.frombytes("L", (64, 48), random.Random(5).randbytes(64 * 48))
        file = io.BytesIO()
        noise.save(file, FORMATS[media_type][0])
        facts = inspect(file.getvalue()[: len(file.getvalue()) * 3 // 4])
        assert facts is not None
        assert (facts.media_type, facts.width, facts.height) == (media_type, 64, 48)

    @pytest.mark.parametrize("media_type", sorted(FORMATS))
    def test_a_file_that_is_something_else_as_well_is_the_image_that_it_begins_as(
        self, media_type: str
    ) -> None:
        both = SAMPLES[media_type] + b"PK\x05\x06" + bytes(18) + b"<script>alert(1)</script>"
        facts = inspect(both)
        assert facts is not None
        assert (facts.media_type, facts.size_bytes) == (media_type, len(both))

    def test_a_file_that_claims_to_be_huge_costs_nothing(self) -> None:
        huge = png_of(header(2**31 - 1, 2**31 - 1), (b"IDAT", b""))
        assert inspect(huge) == ImageFacts("image/png", 2**31 - 1, 2**31 - 1, False, len(huge))

    def test_a_picture_of_a_camera_with_several_frames_is_a_jpeg(self) -> None:
        file = io.BytesIO()
        frames = [Image.new("RGB", (20, 10), colour) for colour in ("red", "blue")]
        frames[0].save(file, "MPO", save_all=True, append_images=frames[1:])
        facts = inspect(file.getvalue())
        assert facts is not None
        assert (facts.media_type, facts.width, facts.height) == ("image/jpeg", 20, 10)

    def test_stray_and_fill_bytes_between_the_segments_of_a_jpeg_are_passed_over(self) -> None:
        plain = SAMPLES["image/jpeg"]
        facts = inspect(plain[:2] + b"\xff" * 9 + b"\x00stray\xff\x00" + b"\xff\xd0" + plain[2:])
        assert facts is not None
        assert (facts.width, facts.height) == (9, 7)

    def test_a_png_of_palette_colours_is_transparent_if_a_colour_is(self) -> None:
        chunks = (header(2, 3, 3), (b"PLTE", b"abc"), (b"tRNS", b"\x00"), (b"IDAT", b""))
        facts = inspect(png_of(*chunks))
        assert facts is not None
        assert facts.has_alpha

    def test_a_gif_without_a_screen_is_as_large_as_its_first_frame(self) -> None:
        frame = b"," + struct.pack("<4HB", 2, 1, 10, 20, 0)
        facts = inspect(b"GIF87a" + bytes(7) + frame)
        assert facts is not None
        assert (facts.width, facts.height) == (12, 21)


class TestWhatIsRefused:
    """Files that are none of the four kinds of image, or no longer."""

    @pytest.mark.parametrize(
        "file",
        [
            b"",
            b"\x00",
            b"just text",
            b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
            b"%PDF-1.7\n",
            b"BM" + bytes(60),
            b"II*\x00" + bytes(60),
            b"\x00\x00\x00\x20ftypavif" + bytes(60),
            b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(40),
            b"\n" + SAMPLES["image/png"],
        ],
    )
    def test_another_kind_of_file_is_none(self, file: bytes) -> None:
        assert inspect(file) is None

    @pytest.mark.parametrize(
        "file",
        [
            pytest.param(png_of(header(0, 5), (b"IDAT", b"")), id="png of no width"),
            pytest.param(png_of(header(5, 5, 5), (b"IDAT", b"")), id="png of unknown colours"),
            pytest.param(png_of(header(5, 5), (b"IEND", b"")), id="png without pixels"),
            pytest.param(png_of((b"CgBI", bytes(4)), header(5, 5)), id="png of another maker"),
            pytest.param(
                png_of(header(5, 5), (b"IDAT", b"")).replace(b"\x05\x08", b"\x06\x08"),
                id="png with a wrong checksum",
            ),
            pytest.param(b"\xff\xd8\xff\xda\x00\x02", id="jpeg scan without a frame"),
            pytest.param(b"\xff\xd8\xff\xd9", id="jpeg that ends at once"),
            pytest.param(b"\xff\xd8\xff\xe0\x00\x01" + bytes(9), id="jpeg segment of no length"),
            pytest.param(b"\xff\xd8\xff\xe0\x00\x02" + b"\xff\x00" * 99, id="jpeg without markers"),
            pytest.param(b"RIFF\x10\0\0\0WEBPICCP" + bytes(40), id="webp of an unknown kind"),
            pytest.param(b"RIFF\x10\0\0\0WEBPVP8 " + bytes(40), id="webp without a start code"),
            pytest.param(b"RIFF\x10\0\0\0WEBPVP8L" + bytes(40), id="lossless webp without one"),
            pytest.param(
                b"RIFF\x10\0\0\0WEBPVP8X\x0a\0\0\0" + bytes(10), id="extended webp without pixels"
            ),
            pytest.param(b"GIF89a" + bytes(7) + b";", id="gif without a frame"),
            pytest.param(b"GIF89a=1;alert(1)//", id="script that begins as a gif"),
        ],
    )
    def test_a_broken_header_is_none(self, file: bytes) -> None:
        assert inspect(file) is None

    @pytest.mark.parametrize(
        "file",
        [
            pytest.param(png_of(header(5, 5)) + bytes(12) * 60_000, id="png"),
            pytest.param(b"\xff\xd8\xff\xe0\x00\x02" + b"\xff\xe0\x00\x02" * 60_000, id="jpeg"),
            pytest.param(b"RIFF....WEBPVP8X\x0a\0\0\0" + bytes(10) + bytes(8) * 60_000, id="webp"),
            pytest.param(b"GIF89a" + bytes(7) + b"!\xfe\x01x\x00" * 60_000, id="gif"),
        ],
    )
    def test_a_file_of_nothing_but_blocks_is_given_up(self, file: bytes) -> None:
        assert inspect(file) is None


class TestAnyBytes:
    """Nothing is raised and nothing is warned of: warnings are errors in these tests."""

    @given(st.sampled_from(SIGNATURES), st.binary(max_size=200))
    @settings(max_examples=300)
    def test_random_bytes_never_raise(self, signature: bytes, rest: bytes) -> None:
        facts = inspect(signature + rest)
        assert facts is None or facts.size_bytes == len(signature + rest)

    @given(
        st.sampled_from(sorted(SAMPLES)),
        st.lists(st.tuples(st.integers(0, 120), st.integers(0, 255)), min_size=1, max_size=4),
    )
    @settings(max_examples=300)
    def test_damaged_images_never_raise_and_never_change_their_kind(
        self, media_type: str, damage: list[tuple[int, int]]
    ) -> None:
        file = bytearray(SAMPLES[media_type])
        for at, value in damage:
            file[at % len(file)] = value
        facts = inspect(bytes(file))
        assert facts is None or (facts.media_type == media_type and facts.width > 0)

    @pytest.mark.parametrize("media_type", sorted(SAMPLES))
    def test_an_image_cut_anywhere_is_described_rightly_or_not_at_all(
        self, media_type: str
    ) -> None:
        file = SAMPLES[media_type]
        for end in range(len(file)):
            facts = inspect(file[:end])
            assert facts is None or (facts.width, facts.height) == (9, 7)
