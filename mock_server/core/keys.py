"""Which API keys a session knows, and whose they are."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from mock_server.core.ids import digest


@dataclass(frozen=True, slots=True)
class Keyring:
    """The keys of a session: each is a user of its own.

    ``states`` maps a key to ``valid``, ``revoked`` or ``no_credit``. With ``any_key`` every
    well-formed key is valid.
    """

    states: Mapping[str, str]
    any_key: bool = False

    def state_of(self, presented: str) -> str | None:
        """What is known of a presented key, None if nothing is; compared in constant time."""
        given = presented.encode("utf-8", "surrogateescape")
        found = None
        for key, state in self.states.items():
            if hmac.compare_digest(key.encode("utf-8", "surrogateescape"), given):
                found = state
        return found or ("valid" if self.any_key else None)

    @property
    def secrets(self) -> tuple[str, ...]:
        """All keys, for masking: in the middle of a word their look does not give them away."""
        return tuple(self.states)


def owner_of(key: str) -> str:
    """A name for a key's user that does not give the key away."""
    return digest("owner", key, size=6).hex()
