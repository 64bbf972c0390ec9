"""What every refusal must be: in the vendor's words and envelope, and without any trace."""

from functools import cache

from jsonschema import Draft202012Validator

from mock_server.core.world import World
from tests.core.clients import Belongings, Seen, belongings, profile


@cache
def _envelopes(name: str) -> Draft202012Validator:
    return Draft202012Validator(profile(name).schemas["error.reply.json"])


def leaves_no_trace(world: World, before: Belongings, seen: Seen) -> None:
    """The reply is an error in one of the vendor's envelopes; nothing was created or charged."""
    assert seen.headers["content-type"] == "application/json"
    assert [e.message for e in _envelopes(world.contract.name).iter_errors(seen.json)] == []
    assert belongings(world) == before
    last = world.journal.last
    assert last is not None
    assert (last.status, last.task, last.created) == (seen.status, None, False)


def is_refused(world: World, before: Belongings, seen: Seen, reason: str, operation: str) -> None:
    """The reply is the catalogue's for that reason, and nothing was created or charged."""
    entry = world.contract.catalogue.find(reason, operation)
    assert seen.status == entry.status, seen.content
    if "code" in seen.error:
        assert seen.error["code"] == entry.code
    leaves_no_trace(world, before, seen)
