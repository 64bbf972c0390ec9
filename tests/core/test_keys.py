"""A session knows its keys, each a user of its own, and tells a user apart without the key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.core.keys import Keyring, owner_of
from tests.core.clients import KEY, OTHER_KEY
from tests.core.values import tokens

STATES = {KEY: "valid", OTHER_KEY: "revoked", "sk-empty-account": "no_credit"}


@pytest.mark.parametrize(("key", "state"), [*STATES.items(), ("sk-unknown", None), ("", None)])
def test_a_key_has_the_state_that_the_session_gives_it(key: str, state: str | None) -> None:
    assert Keyring(STATES).state_of(key) == state


@given(st.integers(0, len(KEY) - 1), st.characters(codec="ascii"))
def test_a_key_with_one_character_changed_is_unknown(at: int, character: str) -> None:
    changed = KEY[:at] + character + KEY[at + 1 :]
    assert (Keyring(STATES).state_of(changed) is None) == (changed != KEY)


def test_where_any_key_will_do_only_known_ones_have_another_state() -> None:
    keyring = Keyring(STATES, any_key=True)
    assert [keyring.state_of(key) for key in (KEY, OTHER_KEY, "anything")] == [
        "valid",
        "revoked",
        "valid",
    ]


def test_keys_of_other_alphabets_are_compared_as_they_are() -> None:
    assert Keyring({"schlüssel-ß": "valid"}).state_of("schlüssel-ß") == "valid"


@given(tokens, tokens)
def test_each_key_is_a_user_of_its_own_whose_name_does_not_give_it_away(
    one: str, other: str
) -> None:
    assert (owner_of(one) == owner_of(other)) == (one == other)
    assert one not in owner_of(one)
    assert len(owner_of(one)) == 12


@pytest.mark.parametrize("key", ["a-plain-old-key", "sk-dotted.key-of-mine", "sk-te.st"])
def test_a_key_that_its_look_does_not_give_away_is_a_secret_to_be_masked(key: str) -> None:
    assert key in Keyring({key: "valid"}).secrets
