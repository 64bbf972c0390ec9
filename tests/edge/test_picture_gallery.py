"""The gallery: pictures are drawn off the loop, once, and kept within a bound."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_server.core.picture import Picture
from mock_server.edge.pictures import Gallery, draw
from tests.edge.picture_samples import PICTURE


class Studio:
    """A drawing function that waits until it is let go and counts what it drew."""

    def __init__(self, data: bytes = b"drawn", *, held: bool = False) -> None:
        self.data = data
        self.drawn: list[Picture] = []
        self.threads: set[int] = set()
        self.begun = threading.Event()
        self.let_go = threading.Event()
        if not held:
            self.let_go.set()

    def draw(self, picture: Picture) -> bytes:
        self.drawn.append(picture)
        self.threads.add(threading.get_ident())
        self.begun.set()
        self.let_go.wait()
        return self.data


@pytest.fixture
def gallery_of() -> Iterator[Callable[..., Gallery]]:
    """``gallery_of(studio, most_bytes=...)``: a gallery that is closed after the test."""
    made: list[tuple[Studio, Gallery]] = []

    def gallery(studio: Studio, most_bytes: int = 1000) -> Gallery:
        made.append((studio, Gallery(most_bytes=most_bytes, draw=studio.draw)))
        return made[-1][1]

    yield gallery
    for studio, one in made:
        studio.let_go.set()
        one.close()


def numbered(*indexes: int) -> list[Picture]:
    return [replace(PICTURE, index=index) for index in indexes]


async def ask_for(gallery: Gallery, pictures: list[Picture]) -> list[bytes]:
    return [await gallery.bytes_of(picture) for picture in pictures]


class TestGallery:
    """Drawing off the loop, once, and within a bound."""

    def test_it_gives_what_draw_gives(self) -> None:
        gallery = Gallery()
        try:
            assert asyncio.run(gallery.bytes_of(PICTURE)) == draw(PICTURE)
        finally:
            gallery.close()

    def test_it_draws_in_another_thread(self, gallery_of: Callable[..., Gallery]) -> None:
        studio = Studio()
        asyncio.run(gallery_of(studio).bytes_of(PICTURE))
        assert threading.get_ident() not in studio.threads

    def test_a_picture_that_is_kept_is_not_drawn_again(
        self, gallery_of: Callable[..., Gallery]
    ) -> None:
        studio = Studio()
        asyncio.run(ask_for(gallery_of(studio), numbered(1, 1, 1)))
        assert studio.drawn == numbered(1)

    def test_a_gallery_serves_one_event_loop_after_another(
        self, gallery_of: Callable[..., Gallery]
    ) -> None:
        gallery = gallery_of(Studio())
        answers = [asyncio.run(ask_for(gallery, numbered(1, index))) for index in (2, 3)]
        assert answers == [[b"drawn"] * 2] * 2

    def test_callers_at_once_share_one_drawing(self, gallery_of: Callable[..., Gallery]) -> None:
        studio = Studio(held=True)
        gallery = gallery_of(studio)

        async def crowd() -> list[bytes]:
            asked = [asyncio.create_task(gallery.bytes_of(PICTURE)) for _ in range(20)]
            await asyncio.to_thread(studio.begun.wait)
            studio.let_go.set()
            return await asyncio.gather(*asked)

        assert asyncio.run(crowd()) == [b"drawn"] * 20
        assert studio.drawn == [PICTURE]

    def test_a_cancelled_caller_leaves_the_drawing_to_the_others(
        self, gallery_of: Callable[..., Gallery]
    ) -> None:
        studio = Studio(held=True)
        gallery = gallery_of(studio)

        async def one_leaves() -> bytes:
            leaving, staying = (asyncio.create_task(gallery.bytes_of(PICTURE)) for _ in range(2))
            await asyncio.to_thread(studio.begun.wait)
            leaving.cancel()
            with pytest.raises(asyncio.CancelledError):
                await leaving
            studio.let_go.set()
            return await staying

        assert asyncio.run(one_leaves()) == b"drawn"
        assert studio.drawn == [PICTURE]

    def test_a_drawing_that_all_callers_have_left_is_kept_for_the_next(
        self, gallery_of: Callable[..., Gallery]
    ) -> None:
        studio = Studio(held=True)
        gallery = gallery_of(studio)

        async def all_leave() -> None:
            leaving = asyncio.create_task(gallery.bytes_of(PICTURE))
            await asyncio.to_thread(studio.begun.wait)
            leaving.cancel()
            with pytest.raises(asyncio.CancelledError):
                await leaving
            studio.let_go.set()
            assert await gallery.bytes_of(PICTURE) == b"drawn"

        asyncio.run(all_leave())
        assert studio.drawn == [PICTURE]

    @given(st.lists(st.integers(1, 8), max_size=30), st.integers(0, 50), st.integers(1, 20))
    @settings(max_examples=30)
    def test_the_bytes_kept_never_exceed_the_bound(
        self, indexes: list[int], most_bytes: int, size: int
    ) -> None:
        gallery = Gallery(most_bytes=most_bytes, draw=Studio(b"x" * size).draw)

        async def ask() -> None:
            for picture in numbered(*indexes):
                await gallery.bytes_of(picture)
                assert gallery.kept_bytes <= most_bytes

        try:
            asyncio.run(ask())
        finally:
            gallery.close()

    def test_the_picture_that_was_asked_for_longest_ago_is_dropped_first(
        self, gallery_of: Callable[..., Gallery]
    ) -> None:
        studio = Studio(b"x" * 10)
        asyncio.run(ask_for(gallery_of(studio, most_bytes=20), numbered(1, 2, 1, 3, 1, 2)))
        assert studio.drawn == numbered(1, 2, 3, 2)

    def test_a_file_larger_than_the_bound_drives_out_no_other(
        self, gallery_of: Callable[..., Gallery]
    ) -> None:
        studio = Studio(b"x" * 10)
        gallery = gallery_of(studio, most_bytes=20)
        asyncio.run(ask_for(gallery, numbered(1, 2)))
        studio.data = b"x" * 21
        asyncio.run(ask_for(gallery, numbered(3, 1, 2)))
        assert studio.drawn == numbered(1, 2, 3)

    def test_a_drawing_that_fails_is_told_to_its_caller_and_not_kept(self) -> None:
        gallery = Gallery()
        odd = replace(PICTURE, media_type="image/gif")

        async def ask_twice() -> None:
            for _ in range(2):
                with pytest.raises(ValueError, match="seen 'image/gif'"):
                    await gallery.bytes_of(odd)

        try:
            asyncio.run(ask_twice())
            assert gallery.kept_bytes == 0
        finally:
            gallery.close()

    def test_closing_tells_those_who_wait_for_a_drawing_that_has_not_begun(
        self, gallery_of: Callable[..., Gallery]
    ) -> None:
        studio = Studio(held=True)
        gallery = gallery_of(studio)

        async def close_early() -> None:
            first, second = (
                asyncio.create_task(gallery.bytes_of(picture)) for picture in numbered(1, 2)
            )
            await asyncio.to_thread(studio.begun.wait)
            closing = asyncio.create_task(asyncio.to_thread(gallery.close))
            with pytest.raises(RuntimeError, match="closed before"):
                await second
            studio.let_go.set()
            assert await first == b"drawn"
            await closing

        asyncio.run(close_early())
        assert studio.drawn == numbered(1)

    def test_a_closed_gallery_refuses_to_draw(self) -> None:
        gallery = Gallery()
        gallery.close()
        with pytest.raises(RuntimeError, match="shutdown"):
            asyncio.run(gallery.bytes_of(PICTURE))

    def test_a_negative_bound_is_refused(self) -> None:
        with pytest.raises(ValueError, match="expected 0 or more, seen -1"):
            Gallery(most_bytes=-1)
