"""The faults that are slow: ``delay`` and ``drip``."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.core.script import Chunk, Head, Wait, content_of, is_orderly
from mock_server.faults.drip import MOST_PIECES, Drip
from tests.faults.scenes import TASK, ordinary, scene, struck


def waited(script: object) -> float:
    assert isinstance(script, tuple)
    return sum(step.seconds for step in script if isinstance(step, Wait))


def test_a_fixed_delay_is_what_it_says() -> None:
    assert struck("delay(3)") == (Wait(3.0), *ordinary())


@pytest.mark.parametrize(("chance", "seconds"), [(0.0, 1.0), (0.5, 3.0), (1.0, 5.0)])
def test_a_uniform_delay_is_spread_evenly(chance: float, seconds: float) -> None:
    script = struck("delay(low=1, high=5)", at=scene(chance=chance))
    assert script[0] == Wait(seconds)


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_lognormal_delay_grows_with_the_chance_around_its_median(one: float, two: float) -> None:
    def drawn(chance: float) -> float:
        return waited(struck("delay(median=2, sigma=0.5)", at=scene(chance=chance)))

    assert drawn(0.5) == pytest.approx(2.0)
    low, high = sorted((one, two))
    assert 0 < drawn(low) <= drawn(high) < 60


def test_a_lognormal_delay_has_a_ceiling() -> None:
    script = struck("delay(median=1000, sigma=10)", at=scene(chance=1.0))
    assert waited(script) == 3600


def test_one_byte_a_second_is_one_byte_a_second() -> None:
    script = struck("drip(1)")
    assert isinstance(script[0], Head)
    assert script[1:3] == (Wait(1.0), Chunk(TASK[:1]))
    assert waited(script) == len(TASK)


@given(st.binary(max_size=5000), st.floats(0.001, 1e9))
def test_dripping_content_arrives_whole_and_at_its_rate(content: bytes, rate: float) -> None:
    script = struck(Drip(rate=rate), ordinary(content))
    assert is_orderly(script)
    assert content_of(script) == content
    assert sum(isinstance(step, Chunk) for step in script) <= MOST_PIECES
    assert waited(script) == pytest.approx(len(content) / rate)


def test_a_large_file_drips_in_pieces_that_the_journal_can_keep() -> None:
    script = struck("drip(1)", ordinary(bytes(1_000_000)))
    assert sum(isinstance(step, Chunk) for step in script) == MOST_PIECES
    assert waited(script) == pytest.approx(1_000_000)
