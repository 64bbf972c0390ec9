"""Ids, fractions and signatures are decided by what they are made of, and by nothing else."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.core.contract import IdForm
from mock_server.core.ids import digest, fraction, is_signed, make_id, sign
from tests.core.clients import NOW, PROFILES, profile

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SHAPES = {"hex": r"[0-9a-f]", "base62": r"[0-9A-Za-z]", "ulid": f"[{CROCKFORD}]"}

forms = st.one_of(
    st.builds(IdForm, st.just("task_"), st.sampled_from(("hex", "base62")), st.integers(8, 64)),
    st.just(IdForm("tsk_img_", "ulid", 26)),
)
parts = st.lists(st.text(max_size=5) | st.integers() | st.floats(allow_nan=False), max_size=4)


@given(forms, st.integers(), st.text(max_size=4), st.integers(0, 10**6), st.floats(0, 4e9))
def test_an_id_has_its_prefix_its_length_and_the_characters_of_its_form(
    form: IdForm, seed: int, session: str, number: int, now: float
) -> None:
    made = make_id(form, seed, session, number, now)
    assert re.fullmatch(re.escape(form.prefix) + SHAPES[form.form] + f"{{{form.length}}}", made)
    assert made == make_id(form, seed, session, number, now)


@pytest.mark.parametrize("name", PROFILES)
def test_ten_thousand_ids_of_a_session_are_all_different(name: str) -> None:
    form = profile(name).task_id
    assert len({make_id(form, 0, "a", number, NOW) for number in range(10_000)}) == 10_000


def test_ids_differ_by_session_and_by_seed() -> None:
    form = IdForm("task_", "base62", 12)
    made = {make_id(form, seed, session, 1, NOW) for seed in (0, 1) for session in ("a", "b")}
    assert len(made) == 4


@given(st.integers(0, 2**47))
def test_a_ulid_tells_the_millisecond_of_its_creation(milliseconds: int) -> None:
    made = make_id(IdForm("", "ulid", 26), 0, "a", 1, milliseconds / 1000)
    value = 0
    for character in made[:10]:
        value = value * 32 + CROCKFORD.index(character)
    assert value in (milliseconds - 1, milliseconds)


def test_ulids_sort_by_their_time() -> None:
    made = [make_id(IdForm("", "ulid", 26), 0, "a", n, NOW + n / 100) for n in range(200)]
    assert made == sorted(made)


@given(parts, st.integers(1, 64))
def test_a_digest_has_the_size_asked_for_and_is_the_same_each_time(
    made_of: list[object], size: int
) -> None:
    assert len(digest(*made_of, size=size)) == size
    assert digest(*made_of, size=size) == digest(*made_of, size=size)


@given(parts)
def test_a_fraction_is_at_least_0_and_less_than_1(made_of: list[object]) -> None:
    assert 0 <= fraction(*made_of) < 1


def test_fractions_are_evenly_spread() -> None:
    tenths = [int(fraction("chaos", number) * 10) for number in range(10_000)]
    assert all(abs(tenths.count(tenth) - 1_000) < 150 for tenth in range(10))


def test_a_part_cannot_lend_its_end_to_the_next() -> None:
    assert digest("ab", "c") != digest("a", "bc")


@given(st.binary(max_size=8), parts)
def test_a_signature_belongs_to_its_parts(secret: bytes, made_of: list[object]) -> None:
    signature = sign(secret, *made_of)
    assert re.fullmatch("[0-9a-f]{32}", signature)
    assert is_signed(signature, secret, *made_of)


@given(st.text(max_size=40))
def test_another_text_is_no_signature(text: str) -> None:
    assert is_signed(text, b"secret", "a", 1) == (text == sign(b"secret", "a", 1))


def test_a_signature_belongs_to_no_other_secret_and_no_other_parts() -> None:
    signature = sign(b"secret", "a", 1)
    assert not is_signed(signature, b"Secret", "a", 1)
    assert not is_signed(signature, b"secret", "a", 2)
    assert not is_signed(signature, b"secret", "a", 1, "")
