"""Hypothesis strategies for what callers send: JSON values and API keys."""

from hypothesis import strategies as st

plain_texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | plain_texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(plain_texts, inner, max_size=4),
    max_leaves=12,
)

# What a bearer token may consist of (RFC 6750).
TOKEN_CHARACTERS = "ABCXYZabcxyz0189-._~+/="
tokens = st.text(TOKEN_CHARACTERS, min_size=12, max_size=60)
